"""Marketing: campaigns, planned, started and watched."""
