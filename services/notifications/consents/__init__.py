"""What clients have agreed to, in which words."""
