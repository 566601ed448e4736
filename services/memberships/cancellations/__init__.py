"""The end of a membership: its fee, its last day, and how it came about."""
