"""Every type of message there is: what calls for it, to whom it goes, and what withdraws it."""
