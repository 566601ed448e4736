"""A membership that pauses for a while."""
