"""The texts of messages, which the chain may write in its own words."""
