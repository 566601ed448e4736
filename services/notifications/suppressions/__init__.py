"""Addresses and numbers that nothing is sent to, whoever has them."""
