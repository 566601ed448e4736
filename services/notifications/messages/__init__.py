"""Every message to somebody: what it says, where it stands, and why it was or was not sent."""
