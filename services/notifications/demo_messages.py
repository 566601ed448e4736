"""Some messages of today, written as any other: the demo's workers send them as soon as the clients are known here.

What the other services' demo says of the past tells nobody anything: it happened before this database began.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.notifications.catalogue.types import TYPES
from services.notifications.copies.models import Client
from services.notifications.messages.actions import queue
from services.notifications.messages.models import Beginning, Message
from shared import clock
from shared.demo_ids import branch_of_client, demo_client, demo_id
from shared.ids import new_id

CLIENTS = range(5, 245, 8)
"""The numbers of those who are told something; every second of them is a member."""
LEAST = timedelta(seconds=20)
"""Until the clients' names have come."""


def fill(session: Session) -> None:
    now = clock.now()
    session.execute(update(Beginning).values(at=now))
    made: list[Message] = []
    for at, number in enumerate(CLIENTS):
        client = Client(id=demo_client(number), preferred_branch_id=branch_of_client(number))
        type_, data = _told(at, number)
        kind = TYPES[type_]
        branch = branch_of_client(number)
        made += queue(session, kind, client, channels=kind.channels, data=data, happened_at=now, branch_id=branch)
    for message in made:
        message.due_at = now + LEAST
    session.flush()


def _told(at: int, number: int) -> tuple[str, dict[str, Any]]:
    """A type of message, and what its event would have said."""
    dollars = branch_of_client(number) == demo_id("branch", "Brickell")
    common = {"id": str(new_id()), "currency": "USD" if dollars else "EUR", "branch_id": str(branch_of_client(number))}
    soon = clock.now() + timedelta(days=1 + at % 6, hours=at % 5)
    visit = {
        "appointment_id": str(new_id()),
        "starts_at": soon.replace(minute=30, second=0, microsecond=0).isoformat(),
        "services": [{"service_id": str(demo_id("service", "Limpieza facial profunda")), "quantity": 1}],
    }
    payment = {"amount": 4900 + at * 100, "invoice_number": f"M-{at + 1:06}", "card_brand": "visa", "attempt": 1}
    payment |= {"card_last_four": "4242", "next_attempt_at": (soon + timedelta(days=1)).isoformat()}
    months = {"period_starts_on": soon.date().isoformat(), "period_ends_on": (soon + timedelta(31)).date().isoformat()}
    by_hand = {"title": "Tu crema ha llegado", "text": "Tu crema ya está en recepción. ¡Te esperamos!"}
    return (
        ("appointment_booked", common | visit),
        ("receipt", common | payment | months),
        ("payment_failed", common | payment),
        ("appointment_cancelled", common | visit),
        ("quick", common | by_hand),
    )[at % 5]
