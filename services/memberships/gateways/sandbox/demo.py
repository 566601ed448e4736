"""The clients, cards and payments of the demo, which the sandbox knows by their names alone. Pure.

The demo is loaded before the sandbox runs and without calling it: so a name says all that there is to know.
"""

from typing import Any
from uuid import UUID

from services.memberships.gateways.sandbox.cards import CARDS

Row = dict[str, Any]

ACCOUNT = "main"


def customer(client_id: UUID) -> str:
    return f"demo:customer:{client_id}"


def card(behaves: str, client_id: UUID, exp_month: int, exp_year: int) -> str:
    return f"demo:card:{behaves}:{client_id}:{exp_month}:{exp_year}"


def payment(amount: int, currency: str, due_id: UUID, attempt_id: UUID, paid_by: str, *, captured: bool) -> str:
    """One that a card of the demo has made, or tried to."""
    return f"demo:payment:{amount}:{currency}:{due_id}:{attempt_id}:{amount if captured else 0}:{paid_by}"


def row(table: str, name: str) -> Row | None:
    """What the book would hold of it; None for what is not of the demo."""
    if table == "customers" and name.startswith("demo:customer:"):
        return {"id": name, "account": ACCOUNT, "client_id": name.removeprefix("demo:customer:")}
    if table == "cards" and name.startswith("demo:card:"):
        return _card(name)
    if table == "payments" and name.startswith("demo:payment:"):
        return _payment(name)
    return None


def _card(name: str) -> Row:
    behaves, client_id, exp_month, exp_year = name.split(":")[2:]
    test = CARDS[behaves]
    shown = {"behaves": behaves, "brand": test.brand, "last_four": test.last_four}
    owner = {"account": ACCOUNT, "customer": f"demo:customer:{client_id}"}
    return {"id": name, **owner, **shown, "exp_month": int(exp_month), "exp_year": int(exp_year), "removed": 0}


def _payment(name: str) -> Row:
    amount, currency, due_id, attempt_id, captured, paid_by = name.split(":", 7)[2:]
    return {
        "id": name,
        "account": ACCOUNT,
        "due_id": due_id,
        "attempt_id": attempt_id,
        "amount": int(amount),
        "currency": currency,
        "customer": _card(paid_by)["customer"],
        "card": paid_by,
        "state": "succeeded" if int(captured) else "declined",
        "code": None if int(captured) else "insufficient_funds",
        "captured": int(captured),
    }
