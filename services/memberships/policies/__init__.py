"""The rules by which a chain bills, and what a branch does otherwise."""
