"""What happens when a client is archived, merged or erased."""
