"""Another plan, now or from the next period on."""
