"""What the members of the demo have paid so far, priced, invoiced and closed as the billing clock does it."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.memberships.billing.upcoming import Period
from services.memberships.cards.models import Card
from services.memberships.demo_members import LUCIA, Member
from services.memberships.dues.closing import Closing, close_all
from services.memberships.dues.models import Due
from services.memberships.dues.raising import Draft, draft, write_all
from services.memberships.gateways.sandbox import demo as sandbox
from services.memberships.payments.models import Attempt
from shared.ids import new_id

AS_OF_THEIR_DAYS = (
    """
    UPDATE dues SET raised_at = due_on::timestamp AT TIME ZONE 'UTC' + interval '9 hours',
        closed_at = CASE WHEN closed_at IS NOT NULL THEN due_on::timestamp AT TIME ZONE 'UTC' + interval '9 hours' END
    """,
    "UPDATE invoices SET issued_on = due_on, issued_at = raised_at FROM dues WHERE dues.id = due_id",
    "UPDATE attempts SET created_at = raised_at, sent_at = raised_at, finished_at = raised_at"
    " FROM dues WHERE dues.id = due_id",
    "UPDATE credits SET issued_at = raised_at FROM dues WHERE dues.id = due_id",
)
"""What has just been written took place on its day."""


def bill(session: Session, members: list[Member]) -> None:
    """Every period so far, raised in the order of days, and paid but for what is missing now."""
    drafts = [(_draft(member, period), member) for member in members for period in member.past]
    drafts.sort(key=lambda each: (each[0].due.due_on, each[0].due.membership_id, each[0].due.number))
    write_all(session, [each for each, _ in drafts])
    missing = ("past_due", "waits_for_card")
    paid = [
        (each.due, member)
        for each, member in drafts
        if each.due.state == "open" and not (member.state in missing and each.due.number == len(member.past))
    ]
    attempts = {due.id: attempt_at(due, member.card) for due, member in paid if member.card and due.number != 2}
    session.add_all(attempts.values())
    session.flush()
    close_all(session, [_closing(due, attempts.get(due.id)) for due, _ in paid])
    for statement in AS_OF_THEIR_DAYS:
        session.execute(text(statement))


def _draft(member: Member, period: Period) -> Draft:
    membership = member.membership
    return draft(
        policy=member.policy,
        lines=period.lines,
        kind="period",
        membership_id=membership.id,
        client_id=membership.client_id,
        payer_id=membership.payer_id,
        branch_id=membership.branch_id,
        employee_id=membership.employee_id,
        number=period.number,
        starts_on=period.days[0],
        ends_on=period.days[1],
        plan_id=membership.plan_id,
        terms_number=1,
        due_on=period.due_on,
        currency=membership.currency,
    )


def _closing(due: Due, attempt: Attempt | None) -> Closing:
    """By card, or at the desk: in cash or by the terminal."""
    if attempt is not None:
        return Closing(due, "card", attempt)
    return Closing(due, "cash" if due.employee_id == LUCIA else "terminal", reference=f"T-{due.invoice_number}")


def attempt_at(due: Due, card: Card, state: str = "succeeded", declined: str | None = None) -> Attempt:
    due.attempts += 1
    attempt_id = new_id()
    captured = state == "succeeded"
    payment = sandbox.payment(due.amount, due.currency, due.id, attempt_id, card.token, captured=captured)
    return Attempt(
        id=attempt_id,
        due_id=due.id,
        number=due.attempts,
        card_id=card.id,
        account=card.account,
        amount=due.amount,
        currency=due.currency,
        state=state,
        gateway_id=payment,
        code=declined,
        actor="service:memberships",
        created_at=due.raised_at,
        sent_at=due.raised_at,
        finished_at=due.raised_at,
        looks=1,
    )
