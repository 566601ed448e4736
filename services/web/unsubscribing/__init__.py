"""The page of the link in each message: it stops them, and nobody has to sign in."""
