"""Links by which a person makes messages stop without signing in."""
