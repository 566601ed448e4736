"""Writes dues with their invoices, one or many at once, and closes those for which no card need be asked."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.memberships.balances import actions as balances
from services.memberships.balances.models import Balance
from services.memberships.billing.pricing import Line, Totals, total
from services.memberships.copies.models import Branch
from services.memberships.dues.closing import Closing, close_all
from services.memberships.dues.models import Due
from services.memberships.invoices import actions as invoices
from services.memberships.policies.policy import Policy
from shared import clock
from shared.ids import new_id
from shared.words import Words

SPENT = Words("Used for a payment")
TOO_SMALL = Words("Too small an amount to ask a card for")
CREDITED = Words("Owed to the client by an invoice")


@dataclass(frozen=True)
class Draft:
    """A due that is about to be written, with what its invoice says. No lines: nothing to invoice, a skipped period."""

    due: Due
    policy: Policy
    lines: Sequence[Line]
    totals: Totals


def draft(*, policy: Policy, lines: Sequence[Line], **columns: Any) -> Draft:
    totals = total(lines)
    now = clock.now()
    due = Due(
        id=new_id(),
        version=1,
        policy=policy.settings,
        amount=max(0, totals.total),
        from_balance=0,
        state="open" if lines else "skipped",
        attempts=0,
        refunded=0,
        raised_at=now,
        closed_at=None if lines else now,
        **columns,
    )
    return Draft(due, policy, lines, totals)


def write_all(session: Session, drafts: Sequence[Draft]) -> None:
    """Writes the dues and their invoices, and closes those that the balance pays, or for which nothing is to be paid.

    Memberships are locked by the caller.
    """
    write(session, drafts, closed_at_once(session, drafts))


def closed_at_once(session: Session, drafts: Sequence[Draft]) -> list[Closing]:
    """Which of them no card, and nobody at the desk, need be asked for. Takes from balances what these pay."""
    return [closing for each in drafts if each.lines and (closing := _without_a_card(session, each))]


def write(session: Session, drafts: Sequence[Draft], closings: Sequence[Closing]) -> None:
    """Writes drafts of which `closings` are closed at once.

    The invoices' numbers are taken right before the rows are written, which then need no change: nobody waits long for
    theirs.
    """
    rows = _numbered(session, [each for each in drafts if each.lines])
    session.add_all(each.due for each in drafts)
    session.flush()
    invoices.write(session, rows)
    if closings:
        close_all(session, closings)


def _without_a_card(session: Session, given: Draft) -> Closing | None:
    """How the due is closed at once; None when a card, or the desk, is to be asked for what is left of it."""
    due, policy = given.due, given.policy
    if given.totals.total < 0:
        _move(session, due, -given.totals.total, "credited", CREDITED)
    if due.amount == 0:
        return Closing(due, "nothing")
    if due.kind == "gift_card":
        return None
    if policy.use_balance_first and (used := min(due.amount, _balance(session, due))) > 0:
        _move(session, due, -used, "spent", SPENT)
        if used == due.amount:
            return Closing(due, "balance")
        due.amount -= used
        due.from_balance = used
    if due.amount < policy.minimum_charge:
        _move(session, due, -due.amount, "small", TOO_SMALL)
        return Closing(due, "balance")
    return None


def _balance(session: Session, due: Due) -> int:
    key = {"client_id": due.payer_id, "currency": due.currency}
    found = session.query(Balance).filter_by(**key).with_for_update().populate_existing().one_or_none()
    return found.amount if found else 0


def _move(session: Session, due: Due, amount: int, kind: str, why: Words) -> None:
    balances.move(
        session,
        due.payer_id,
        due.currency,
        amount,
        kind="spent" if kind == "small" else kind,
        description=why.format(),
        branch_id=due.branch_id,
        reference=f"{due.id}:{kind}",
        may_overdraw=kind == "small",
    )


def _numbered(session: Session, drafts: Sequence[Draft]) -> list[dict[str, Any]]:
    """Invoices, in the order of branches: two who number for several wait for each other and never in a circle."""
    by_branch: dict[UUID, list[Draft]] = defaultdict(list)
    rows = []
    for each in drafts:
        by_branch[each.due.branch_id].append(each)
    for branch_id in sorted(by_branch):
        today: date = clock.today(session.get_one(Branch, branch_id).time_zone)
        numbers = invoices.take_numbers(session, branch_id, "M", len(by_branch[branch_id]))
        for each, number in zip(by_branch[branch_id], numbers, strict=True):
            rows.append(invoices.row_of(each.due, each.lines, each.totals, number, today))
    return rows
