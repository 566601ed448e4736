"""What has become of some members of the demo: they owe, are frozen, leave, have left, or give presents."""

from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.balances import actions as balances
from services.memberships.billing.schedule import due_at
from services.memberships.cancellations.models import Cancellation
from services.memberships.copies.models import Branch
from services.memberships.demo_history import attempt_at
from services.memberships.demo_members import LUCIA, SELLERS, Member, branch_of, client_of
from services.memberships.dues.failing import stands
from services.memberships.dues.models import Due
from services.memberships.freezes.models import Freeze
from services.memberships.gift_cards import actions as gift_cards
from services.memberships.gift_cards import code, selling
from services.memberships.gift_cards.ledger import lock
from services.memberships.memberships.models import Membership
from services.memberships.service_credits import actions as service_credits
from shared import clock
from shared.audit import Saying, difference, record, record_all
from shared.contracts.memberships import MEMBERSHIP_UPDATED
from shared.demo_ids import demo_id
from shared.ids import new_id


def live(session: Session, member: Member) -> None:
    """What has become of the member since."""
    membership, today = member.membership, clock.today(member.zone)
    if member.state == "past_due" and member.card:
        due = session.scalars(select(Due).where(Due.membership_id == membership.id, Due.state == "open")).one()
        session.add(attempt_at(due, member.card, "declined_soft", "insufficient_funds"))
        due.retry_at = due_at(today + timedelta(days=1), member.zone, member.policy.charge_hour)
        record_all(session, stands(membership, "past_due", "retrying"))
    elif member.state == "waits_for_card":
        record_all(session, stands(membership, "past_due", "waits_for_card"))
    elif member.state == "frozen":
        session.add(_freeze(membership, today))
        _becomes(session, membership, lifecycle="frozen")
    elif member.state == "leaving":
        session.add(_cancellation(membership, membership.next_due_on or today, "waiting"))
        _becomes(session, membership, ends_on=membership.next_due_on)
    elif member.state == "ended":
        over: dict[str, Any] = {"next_due_on": None, "next_due_at": None, "ended_at": clock.now()}
        session.add(_cancellation(membership, today, "done"))
        _becomes(session, membership, lifecycle="ended", ends_on=today, end_reason="cancelled", **over)
    elif membership.id.int % 9 == 0:
        _owe(session, membership)


def _freeze(membership: Membership, today: date) -> Freeze:
    return Freeze(
        id=new_id(),
        version=1,
        membership_id=membership.id,
        mode="skip_payments",
        rule={"mode": "skip_payments", "credits_usable": True, "extends_expiry": False, "extends_commitment": True},
        starts_on=today - timedelta(days=6),
        ends_on=today + timedelta(days=24),
        fee=0,
        fee_per="freeze",
        reason="Viaje",
        state="running",
        created_at=clock.now(),
        created_by=LUCIA,
    )


def _cancellation(membership: Membership, ends_on: date, state: str) -> Cancellation:
    return Cancellation(
        id=new_id(),
        version=1,
        membership_id=membership.id,
        ends_on=ends_on,
        reason="Se muda de ciudad",
        fee=0,
        explanation={},
        waived=False,
        state=state,
        created_at=clock.now(),
        created_by=LUCIA,
        done_at=clock.now() if state == "done" else None,
    )


def _becomes(session: Session, membership: Membership, **columns: Any) -> None:
    before = membership.state()
    for name, value in columns.items():
        setattr(membership, name, value)
    membership.version += 1
    session.flush()
    changes = difference(before, membership.state())
    said = Saying(MEMBERSHIP_UPDATED, membership.state() | {"changed": sorted(changes)})
    version = membership.version
    record(session, about=membership.id, kind="membership", version=version, changes=changes, says=[said])


def _owe(session: Session, membership: Membership) -> None:
    """Something for an appointment that went wrong."""
    balances.move(
        session,
        membership.client_id,
        membership.currency,
        2000,
        kind="added",
        description="Por las molestias: cita cambiada dos veces",
        branch_id=membership.branch_id,
        reference=None,
    )


def sell_gift_cards(session: Session, random: Random, secret: bytes) -> None:
    """Ten, whose codes nobody knows: a real one is shown once, to who sold it."""
    for number in range(10):
        branch = session.get_one(Branch, branch_of(number))
        card_id = demo_id("gift card", str(number))
        made = code.make(secret, str(card_id))
        given: dict[str, Any] = {
            "amount": random.choice((3000, 5000, 10000)),
            "currency": None,
            "branch_id": branch.id,
            "buyer_id": client_of(number),
            "holder_id": client_of(number + 20),
            "holder_name": "",
            "employee_id": demo_id("employee", SELLERS[branch.id]),
            "tender": "terminal",
            "card_id": None,
            "reference": f"T-{number:04d}",
            "expires_on": None,
        }
        selling.sell(session, given, branch, card_id, code.digest(secret, made), made[-4:])
        _use(session, card_id, number, branch.id)


def _use(session: Session, card_id: UUID, number: int, branch_id: UUID) -> None:
    """Some were redeemed in part, and one was lost."""
    card = lock(session, card_id)
    if number % 2:
        gift_cards.redeem(session, card, 1250, f"R-{number:04d}", branch_id)
    if number == 4:
        gift_cards.block(session, card, "Dice que la ha perdido")


def sell_services_ahead(session: Session) -> None:
    """What some have paid ahead, used in part; and what moved on their balances since."""
    for number in range(8):
        branch = session.get_one(Branch, branch_of(number))
        given = {"service_id": demo_id("service", "Masaje relajante"), "expires_on": None, "quantity": 5}
        credit = service_credits.add(session, client_of(number), branch, given | {"comment": "Bono de cinco masajes"})
        session.flush()
        if number % 2:
            service_credits.remove(session, credit, 1 + number % 4, "Usado en la visita")
        for amount, kind, why in ((3000, "added", "Vale por recomendar a una amiga"), (-1250, "subtracted", "Champú")):
            balances.move(
                session, client_of(number), branch.currency, amount,
                kind=kind, description=why, branch_id=branch.id, reference=None,
            )  # fmt: skip
