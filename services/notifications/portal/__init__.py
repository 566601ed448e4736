"""What clients see and change of their own preferences."""
