"""Quiet hours, caps, defaults and senders: those of the chain, and what a branch has of its own."""
