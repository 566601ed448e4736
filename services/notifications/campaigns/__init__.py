"""Campaigns: who is written to about what, when, and how far each client has come (P36a)."""
