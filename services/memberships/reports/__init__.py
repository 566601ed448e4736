"""What is owed, what came in, and what is stuck."""
