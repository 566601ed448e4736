"""The way to the companies that move the money."""
