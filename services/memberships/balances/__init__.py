"""What the chain owes a client, or a client the chain."""
