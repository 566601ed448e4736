"""Rules that assign forms by themselves (P15)."""
