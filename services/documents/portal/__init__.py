"""What a client sees of their own files, in the portal."""
