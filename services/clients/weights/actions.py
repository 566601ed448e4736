"""What people ask of us about weights. How much is health data: neither an event nor the audit says it."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from services.clients.profiles import rows
from services.clients.profiles.client import Client
from services.clients.weights.models import Weight, grams_of
from shared import clock
from shared.actor import current
from shared.audit import Saying, record
from shared.config import Chain
from shared.contracts.clients import CLIENT_WEIGHT_RECORDED
from shared.errors import Invalid
from shared.ids import new_id
from shared.words import Words

LEAST, MOST = 500, 700_000
"""Grams: from the smallest child that lived to the heaviest person."""

IMPLAUSIBLE = Words("No person weighs that. Is the unit right?")
IN_FUTURE = Words("A weight cannot be taken in the future.")
BEFORE_BIRTH = Words("This is before the client was born.")


def record_weight(session: Session, client: Client, given: dict[str, Any], chain: Chain) -> Weight:
    """Keeps a weight of a locked client. Raises Invalid for one that no person has, or a day that cannot be."""
    today = clock.today(client["branch_zone"] or chain.time_zone)
    taken_on = given.get("taken_on") or today
    _check(given["value"], given["unit"], taken_on, today, client)
    weight = Weight(
        id=new_id(),
        client_id=client["id"],
        grams=grams_of(given["value"], given["unit"]),
        value=given["value"],
        unit=given["unit"],
        taken_on=taken_on,
        recorded_at=clock.now(),
        recorded_by=current().actor_id,
    )
    session.add(weight)
    session.flush()
    after = rows.update(session, client, {})
    says = [Saying(CLIENT_WEIGHT_RECORDED, {"taken_on": taken_on})]
    changes = {"weight_taken_on": (None, taken_on)}
    record(session, about=client["id"], kind="client", version=after["version"], changes=changes, says=says)
    return weight


def _check(value: Decimal, unit: str, taken_on: date, today: date, client: Client) -> None:
    problems = {}
    if value <= 0 or not LEAST <= grams_of(value, unit) <= MOST:
        problems["value"] = IMPLAUSIBLE
    if taken_on > today:
        problems["taken_on"] = IN_FUTURE
    elif taken_on < (client["birth_date"] or date(1900, 1, 1)):
        problems["taken_on"] = BEFORE_BIRTH
    if problems:
        fields = {name: [words.format()] for name, words in problems.items()}
        raise Invalid(next(iter(problems.values())), fields=fields)
