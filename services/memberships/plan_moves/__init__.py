"""Moving many members to the newest terms of their plan."""
