"""A client's messages: what they were told, what they were not and why, and writing to them."""
