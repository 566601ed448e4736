"""Attempts at taking a payment, refunds and disputes: what is asked of a gateway, and what it said."""
