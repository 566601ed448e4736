"""What the portal and the tablet share of a form that is being filled in."""
