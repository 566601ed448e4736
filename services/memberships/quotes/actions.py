"""Quotes: what an act will do is shown first, and the act does that or nothing."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from services.memberships.quotes.act import ACTS, Act, Facts, Inputs, Result
from services.memberships.quotes.models import Quote
from shared import clock
from shared.db import to_json
from shared.errors import Conflict, Invalid
from shared.ids import new_id
from shared.words import Words

GOOD_FOR = timedelta(minutes=15)

NO_QUOTE = Words("There is no such quote. Ask for a new one.")
OTHER = Words("This quote is of something else.")
USED = Words("This quote was used already.")
CHANGED = Words("Something has changed since this was shown. Please look at it again.")


class QuoteChanged(Conflict):
    """Nothing happened; the door answers with a new quote of the same act and inputs."""

    code = "quote_changed"

    def __init__(self, act: str, inputs: Inputs) -> None:
        super().__init__(CHANGED)
        self.act = act
        self.inputs = inputs


@dataclass(frozen=True)
class Taken:
    """What the one who acts was shown, and it still holds: under the locks that `gather` took."""

    inputs: dict[str, Any]
    facts: Any
    result: Result


def make(session: Session, act: str, inputs: Inputs) -> Quote:
    """A quote of what the act would do now; nothing else is written. Raises what the act raises for what cannot be."""
    found = ACTS[act]
    facts = found.gather(session, inputs, False)
    now = clock.now()
    quote = Quote(
        id=new_id(),
        act=act,
        membership_id=facts.membership_id,
        client_id=facts.client_id,
        branch_id=facts.branch_id,
        inputs=found.inputs().dump(inputs),
        versions=dict(facts.versions),
        result=_kept(found.compute(facts, inputs)),
        made_at=now,
        expires_at=now + GOOD_FOR,
    )
    session.add(quote)
    session.flush()
    return quote


def take(session: Session, quote_id: UUID, act: str, membership_id: UUID | None = None) -> Taken:
    """Uses the quote up, if the act would do now exactly what it said: then the caller does it, in this transaction.

    Raises Invalid for a quote of another act or membership, Conflict for one that was used, QuoteChanged for one that
    is too old or does not hold any more.
    """
    found = ACTS[act]
    quote = session.get(Quote, quote_id, with_for_update=True, populate_existing=True)
    if quote is None or quote.act != act or quote.membership_id != membership_id:
        words = NO_QUOTE if quote is None else OTHER
        raise Invalid(words, fields={"quote_id": [words.format()]})
    if quote.taken_at is not None:
        raise Conflict(USED, code="quote_used")
    inputs = found.inputs().load(quote.inputs)
    facts, result = _anew(session, found, inputs)
    now = clock.now()
    if quote.expires_at <= now or _kept(result) != quote.result:
        raise QuoteChanged(act, inputs)
    quote.taken_at = now
    return Taken(inputs, facts, result)


def _anew(session: Session, act: Act, inputs: Inputs) -> tuple[Facts, Result]:
    facts = act.gather(session, inputs, True)
    return facts, act.compute(facts, inputs)


def _kept(result: Result) -> dict[str, Any]:
    """As the database gives it back."""
    kept: dict[str, Any] = orjson.loads(to_json(asdict(result)))
    return kept
