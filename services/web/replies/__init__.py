"""What clients write back, until somebody has read it."""
