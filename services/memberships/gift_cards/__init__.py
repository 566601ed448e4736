"""Gift cards, and every movement on them."""
