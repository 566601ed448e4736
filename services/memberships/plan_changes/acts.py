"""What can be quoted of plan changes."""

from services.memberships.plan_changes.changing import Changing, compute, gather
from services.memberships.quotes.act import Act, register

PLAN_CHANGE = register(Act("plan_change", "memberships.plan.change", Changing, gather, compute))
