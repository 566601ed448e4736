"""Hands messages to their providers, and keeps what became of them."""
