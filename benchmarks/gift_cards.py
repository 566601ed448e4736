"""Redemptions of one gift card by sixteen tills at once, against bare psycopg in the same gunicorn."""

import itertools
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from benchmarks import http, load
from benchmarks.report import Line, at_least, at_most
from services.memberships.copies.models import Branch
from services.memberships.gift_cards.actions import begin
from services.memberships.gift_cards.ledger import lock
from services.memberships.gift_cards.models import GiftCard
from shared import clock
from shared.actor import Context, acting
from shared.db import Database
from shared.ids import new_id
from shared.migrations.run import upgrade

AMOUNT = 10**12
"""Enough for all rounds."""
WRONG = """
    SELECT count(*) FROM gift_cards card
    WHERE balance <> (SELECT sum(amount) FROM gift_card_movements WHERE gift_card_id = card.id)
"""


class Bench(http.Bench):
    """A migrated database with a gift card for our tills and one for the bare ones, and a gunicorn on it."""

    service = "memberships"
    site = "benchmarks.till:app"
    permissions = ("gift_cards.redeem",)

    def prepare(self) -> None:
        upgrade(self.config)
        self.database = Database(self.config)
        with acting(Context("service:bench", "import")), self.database.transaction() as session:
            branch = _branch(session)
            self.ours, self.bare = (_gift_card(session, branch) for _ in range(2))

    def wrong(self) -> int:
        """How many gift cards hold something else than the sum of their movements."""
        with self.database.reading() as connection:
            return int(connection.exec_driver_sql(WRONG).scalar_one())


def _branch(session: Session) -> UUID:
    values: dict[str, Any] = {"country": "ES", "time_zone": "Europe/Madrid", "currency": "EUR", "language": "es"}
    branch = Branch(id=new_id(), version=1, name="Salamanca", active=True, **values)
    session.add(branch)
    return branch.id


def _gift_card(session: Session, branch_id: UUID) -> UUID:
    card_id = new_id()
    session.add(
        GiftCard(
            id=card_id,
            version=1,
            code_hash=card_id.bytes,
            last_four="7KXM",
            holder_name="",
            branch_id=branch_id,
            amount=AMOUNT,
            balance=0,
            currency="EUR",
            state="awaits_payment",
            created_at=clock.now(),
        )
    )
    session.flush()
    begin(session, lock(session, card_id), None)
    return card_id


def run(bench: Bench) -> list[Line]:
    headers = {"Authorization": f"Bearer {bench.token}"}
    receipts = itertools.count()

    def body() -> bytes:
        return orjson.dumps({"amount": 1, "reference": f"receipt-{next(receipts)}"})

    def ours(n: int) -> bytes:
        path = f"/api/v1/memberships/gift-cards/{bench.ours}/redemptions"
        return load.request("POST", path, headers | {"Idempotency-Key": str(new_id())}, body())

    def theirs(n: int) -> bytes:
        return load.request("POST", f"/bare/redeem/{bench.bare}", body=body())

    rounds = [(bench.measure(ours), bench.measure(theirs)) for _ in range(http.ROUNDS)]
    each = ([a.per_second for a, _ in rounds], [b.per_second for _, b in rounds])
    return [
        at_least("redemption of one gift card, 16 at once", *each, 0.50),
        at_most("gift cards that are not the sum of their movements", bench.wrong(), 0, "cards"),
    ]
