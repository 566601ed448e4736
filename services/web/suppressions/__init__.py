"""Addresses and numbers that nothing is sent to."""
