"""Whether the rules of billing suit each other. Pure."""

from services.memberships.policies.policy import Policy
from shared.words import Words

NEVER_REACHED = Words("Only {attempts} attempts are made on different days: the suspension would never come.")
TOO_SHORT = Words("By law a gift card is taken for {months} months at least, as it says below.")
TWICE = Words("The category {category} has two rates from {since} on.")


def faults(policy: Policy) -> dict[str, str]:
    """What is wrong with the whole of it, by field, in words for people."""
    found = {}
    attempts = len(policy.retry_days) + 1
    if policy.attempts_before_suspension > attempts:
        found["attempts_before_suspension"] = NEVER_REACHED.format(attempts=attempts)
    if policy.gift_card_months < policy.gift_card_minimum_months:
        found["gift_card_months"] = TOO_SHORT.format(months=policy.gift_card_minimum_months)
    known = set()
    for tax in policy.taxes:
        if (tax.category, tax.since) in known:
            found["taxes"] = TWICE.format(category=tax.category, since=tax.since)
        known.add((tax.category, tax.since))
    return found
