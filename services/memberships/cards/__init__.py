"""Cards on file: tokens of a gateway, never a number."""
