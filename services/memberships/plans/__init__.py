"""What a membership promises and costs: plans, and the versions of their terms."""
