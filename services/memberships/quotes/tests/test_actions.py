"""Quotes by themselves, with an act that asks for as much as a membership's note is long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from services.memberships.conftest import MakeMember
from services.memberships.memberships.models import Membership
from services.memberships.quotes import actions
from services.memberships.quotes.act import ACTS, Act, Result
from shared import clock
from shared.api.fields import Shape, fields
from shared.errors import Conflict, Invalid
from shared.testing.service import ServiceUnderTest


class Inputs(Shape):
    membership_id = fields.UUID(required=True)


@dataclass(frozen=True)
class Facts:
    membership_id: UUID
    client_id: UUID
    branch_id: UUID
    versions: Mapping[str, Any]
    note: str


def gather(session: Any, inputs: Mapping[str, Any], lock: bool) -> Facts:
    row = session.get(Membership, inputs["membership_id"], populate_existing=True)
    return Facts(row.id, row.client_id, row.branch_id, {"membership": row.version}, row.note)


@pytest.fixture(autouse=True)
def noting(monkeypatch: pytest.MonkeyPatch) -> None:
    act = Act("noting", "memberships.write", Inputs, gather, lambda facts, _: Result("EUR", amount=len(facts.note)))
    monkeypatch.setitem(ACTS, "noting", act)
    monkeypatch.setitem(ACTS, "other", act)


@pytest.fixture
def quoted(memberships: ServiceUnderTest, member: MakeMember) -> tuple[UUID, UUID]:
    """A quote and its membership."""
    one = member(note="Ana")
    with memberships.database.transaction() as session:
        return actions.make(session, "noting", {"membership_id": one}).id, one


def change(memberships: ServiceUnderTest, statement: str) -> None:
    with memberships.database.transaction() as session:
        session.execute(text(statement))


def test_a_quote_is_taken_once(memberships: ServiceUnderTest, quoted: tuple[UUID, UUID]) -> None:
    with memberships.database.transaction() as session:
        taken = actions.take(session, quoted[0], "noting", quoted[1])
        assert (taken.result.amount, taken.inputs["membership_id"]) == (3, quoted[1])
    with memberships.database.transaction() as session, pytest.raises(Conflict, match="used already"):
        actions.take(session, quoted[0], "noting", quoted[1])


def test_what_was_not_shown_is_not_done(memberships: ServiceUnderTest, quoted: tuple[UUID, UUID]) -> None:
    change(memberships, "UPDATE memberships SET note = 'Lucía'")
    with memberships.database.transaction() as session, pytest.raises(actions.QuoteChanged):
        actions.take(session, quoted[0], "noting", quoted[1])
    assert memberships.rows("SELECT taken_at FROM quotes") == [None]


def test_what_does_not_matter_does_not_spoil_a_quote(memberships: ServiceUnderTest, quoted: tuple[UUID, UUID]) -> None:
    change(memberships, "UPDATE memberships SET note = 'Eva', version = 7")
    with memberships.database.transaction() as session:
        assert actions.take(session, quoted[0], "noting", quoted[1]).facts.versions == {"membership": 7}


def test_a_quote_is_good_for_fifteen_minutes(
    memberships: ServiceUnderTest, quoted: tuple[UUID, UUID], travel_to: Any
) -> None:
    travel_to(clock.now() + timedelta(minutes=15, seconds=1))
    with memberships.database.transaction() as session, pytest.raises(actions.QuoteChanged):
        actions.take(session, quoted[0], "noting", quoted[1])


def test_a_quote_is_of_one_act_on_one_membership(
    memberships: ServiceUnderTest, quoted: tuple[UUID, UUID], member: MakeMember
) -> None:
    for act, membership in (("other", quoted[1]), ("noting", member())):
        with memberships.database.transaction() as session, pytest.raises(Invalid, match="something else"):
            actions.take(session, quoted[0], act, membership)
