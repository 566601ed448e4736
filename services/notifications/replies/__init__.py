"""What people answer to an SMS."""
