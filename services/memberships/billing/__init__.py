"""When what is due, at what price, and what is done when a payment fails."""
