"""The chain's own list of document types."""
