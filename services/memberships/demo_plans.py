"""The plans of the demo, and what its branches do in their own way."""

from typing import Any

from services.memberships.plans.schemas import Terms
from shared.demo_ids import BRICKELL, GRACIA, SALAMANCA

SPAIN: dict[str, Any] = {"taxes": [{"category": "standard", "rate": "21", "since": "2012-09-01"}]}
FLORIDA: dict[str, Any] = {
    "prices_include_tax": False,
    "taxes": [{"category": "standard", "rate": "7", "since": "2020-01-01"}],
}
POLICIES = {SALAMANCA: SPAIN, GRACIA: SPAIN, BRICKELL: FLORIDA}

FREEZING = {
    "rules": [{"mode": "skip_payments"}, {"mode": "shift_payments", "credits_usable": False, "extends_expiry": True}],
    "days_a_year": 60,
}

FACIAL = {
    "price": 4900,
    "benefits": [{"quantity": 2, "category": "Facial", "rollover_cap": 2}],
    "cancellation": {"kind": "fixed", "amount": 2500, "waived_within_days": 14},
    "notice_days": 15,
    "freezing": FREEZING,
}
YEARLY = {
    "price": 39900,
    "interval": {"unit": "year"},
    "benefits": [{"quantity": 8, "category": "Masajes", "expires": "never"}],
    "freezing": FREEZING | {"fee": 1000},
}
WEEKLY = {
    "price": 1500,
    "interval": {"unit": "week"},
    "trial_days": 14,
    "benefits": [{"quantity": 1, "category": "Uñas", "expires": "after_days", "days": 30}],
}
PREMIUM = {
    "price": 8900,
    "sign_up_fee": 3000,
    "commitment_periods": 12,
    "benefits": [{"quantity": 2, "category": "Facial"}, {"quantity": 1, "category": "Masajes"}],
    "cancellation": {"kind": "share", "share": 50, "waived_after_payments": 12},
    "notice_days": 30,
    "freezing": FREEZING,
}

EUROS = {
    "Facial mensual": FACIAL,
    "Bienestar anual": YEARLY,
    "Uñas cada semana": WEEKLY,
    "Premium con permanencia": PREMIUM,
}
DOLLARS = {
    "Monthly facial": FACIAL | {"price": 7900},
    "Nails every week": WEEKLY | {"price": 2400},
}

PLANS = [
    *((name, terms | {"currency": "EUR"}, (SALAMANCA, GRACIA)) for name, terms in EUROS.items()),
    *((name, terms | {"currency": "USD"}, (BRICKELL,)) for name, terms in DOLLARS.items()),
]
"""Name, terms, and the branches that sell it."""


def loaded(terms: dict[str, Any]) -> dict[str, Any]:
    """As the door would have read them."""
    found: dict[str, Any] = Terms().load(terms)
    return found
