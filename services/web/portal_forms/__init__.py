"""The forms that a client is to fill in, and has."""
