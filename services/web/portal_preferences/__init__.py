"""How a client wants to be spoken to, by themselves."""
