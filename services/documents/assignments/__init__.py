"""Which client has which form to fill in, and what became of it (P13 to P16)."""
