"""A hundred and twenty members of the demo's clients, with what they have paid so far; the same at every run.

Their periods are priced, invoiced and closed as the billing clock does it. No gateway is called: the sandbox knows the
demo's cards and payments by their names (`gateways/sandbox/demo.py`).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.memberships.balances import actions as balances
from services.memberships.billing.outlook import periods
from services.memberships.billing.schedule import due_at
from services.memberships.billing.upcoming import Facts, Offer, Period
from services.memberships.cancellations.models import Cancellation
from services.memberships.cards.agreement import TEXTS, VERSION
from services.memberships.cards.models import Card, GatewayCustomer
from services.memberships.copies.models import Branch, Client, Employee, Service
from services.memberships.demo_plans import PLANS, POLICIES, loaded
from services.memberships.dues.closing import Closing, close_all
from services.memberships.dues.failing import stands
from services.memberships.dues.models import Due
from services.memberships.dues.raising import Draft, draft, write_all
from services.memberships.freezes.models import Freeze
from services.memberships.gateways.sandbox import demo as sandbox
from services.memberships.gateways.sandbox.cards import CARDS
from services.memberships.gift_cards import code, selling
from services.memberships.memberships.models import Membership
from services.memberships.payments.models import Attempt
from services.memberships.plans import actions as plans
from services.memberships.plans.commitment import commitment_until
from services.memberships.policies.actions import policy_of, set_own
from services.memberships.policies.policy import Policy
from shared import clock
from shared.actor import Context, acting
from shared.audit import Saying, difference, record, record_all
from shared.auth.permissions import PERMISSIONS
from shared.auth.principal import CHAIN, Principal
from shared.config import Config
from shared.contracts.memberships import MEMBERSHIP_STARTED, MEMBERSHIP_UPDATED
from shared.db import Database
from shared.demo_ids import BRICKELL, GRACIA, SALAMANCA, branch_of_client, demo_client, demo_id
from shared.ids import new_id

MEMBERS = 120
SEED = 20261124

LUCIA = demo_id("employee", "Lucía Ortega")
SELLERS = {SALAMANCA: "Lucía Ortega", GRACIA: "Núria Puig", BRICKELL: "Emily Carter"}
SPAIN = {"country": "ES", "time_zone": "Europe/Madrid", "currency": "EUR", "language": "es"}
FLORIDA = {"country": "US", "time_zone": "America/New_York", "currency": "USD", "language": "en"}
BRANCHES: dict[str, dict[str, Any]] = {"Salamanca": SPAIN, "Gràcia": SPAIN, "Brickell": FLORIDA}
MENU = {"Facial": "Limpieza facial profunda", "Masajes": "Masaje relajante", "Uñas": "Manicura"}

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

STATES = ["past_due", "waits_for_card", "frozen", "leaving", "ended", "trial"]
"""Each of a twentieth of the members; the others are active."""
HOUSE = Principal("service", UUID(int=0), UUID(int=0), {name: frozenset({CHAIN}) for name in PERMISSIONS}, float("inf"))


@dataclass(frozen=True)
class Member:
    membership: Membership
    state: str
    policy: Policy
    zone: str
    card: Card | None
    past: list[Period]


def load(config: Config) -> None:
    """Loads the demo where it is not there yet."""
    database = Database(config)
    with database.transaction() as session:
        fill(session, config.secret("gift-card-key").encode())
    database.close()


def fill(session: Session, secret: bytes) -> bool:
    """Loads the demo, all in the caller's transaction; False when there are plans, and then nothing changes."""
    if session.execute(text("SELECT EXISTS (SELECT FROM plans)")).scalar():
        return False
    random = Random(SEED)  # noqa: S311 (no secret)
    with acting(Context(actor=f"staff:{LUCIA}", channel="console")):
        _copy_others(session)
        offers = _add_plans(session)
        members = [_member(session, random, number, offers) for number in range(MEMBERS)]
        _bill(session, members)
        for member in members:
            _live(session, member)
        _sell_gift_cards(session, random, secret)
    return True


def _copy_others(session: Session) -> None:
    """What the directory and clients will say in a moment, as of version 0: any event of it is newer."""
    rows: list[Any] = [Branch(id=demo_id("branch", name), name=name, **where) for name, where in BRANCHES.items()]
    rows += [Employee(id=demo_id("employee", name), name=name) for name in SELLERS.values()]
    rows += [Service(id=demo_id("service", name), name=name, category=category) for category, name in MENU.items()]
    nobody: dict[str, Any] = {"language": None, "booking_blocked": False, "archived": False}
    for number in range(MEMBERS):
        rows.append(Client(id=_client(number), name="—", preferred_branch_id=_branch(number), **nobody))
    for row in rows:
        if session.get(type(row), row.id) is None:  # they may have said it already
            row.version = 0
            if not isinstance(row, Client):
                row.active = True
            session.add(row)
    session.flush()


def _client(number: int) -> UUID:
    return demo_client(number * 16 + 5)


def _branch(number: int) -> UUID:
    return branch_of_client(number * 16 + 5)


def _add_plans(session: Session) -> dict[str, list[Offer]]:
    """By currency."""
    for branch_id, settings in POLICIES.items():
        set_own(session, branch_id, settings, None)
    offers: dict[str, list[Offer]] = {"EUR": [], "USD": []}
    for name, terms, sold_at in PLANS:
        details = {"name": name, "description": "", "branch_ids": list(sold_at), "terms": loaded(terms)}
        plan = plans.add(session, HOUSE, details, demo_id("plan", name))
        offers[str(terms["currency"])].append(Offer(plan.id, 1, plans.terms_of(session, plan.id, 1)))
    return offers


def _member(session: Session, random: Random, number: int, offers: dict[str, list[Offer]]) -> Member:
    branch = session.get_one(Branch, _branch(number))
    state = STATES[number % 20] if number % 20 < len(STATES) else "active"
    choice = offers[branch.currency]
    offer = random.choice([each for each in choice if each.terms.trial_days] if state == "trial" else choice)
    card = None if state == "waits_for_card" else _card(session, number, state)
    today = clock.today(branch.time_zone)
    starts_on = today - timedelta(days=random.randint(1, 10) if state == "trial" else random.randint(30, 150))
    anchor = starts_on + timedelta(days=offer.terms.trial_days)
    facts = Facts(offer, policy_of(session, branch.id), anchor, 1, 1, anchor, None, 0)
    past = list(takewhile(lambda period: period.due_on <= today, periods(facts)))
    next_due_on = past[-1].next_due_on if past else anchor
    membership = Membership(
        id=demo_id("membership", str(number)),
        version=1,
        client_id=_client(number),
        payer_id=_client(number),
        branch_id=branch.id,
        plan_id=offer.plan_id,
        terms_number=1,
        employee_id=demo_id("employee", SELLERS[branch.id]),
        card_id=card and card.id,
        note="",
        currency=branch.currency,
        discounts=[],
        sold_on=starts_on,
        starts_on=starts_on,
        trial_ends_on=anchor if offer.terms.trial_days else None,
        anchor=anchor,
        anchor_period=1,
        next_period=len(past) + 1,
        next_due_on=next_due_on,
        next_due_at=next_due_on and due_at(next_due_on, branch.time_zone, facts.policy.charge_hour),
        commitment_until=commitment_until(offer.terms, anchor),
        lifecycle="active" if past else "trial",
        standing="good",
        collection="none",
        created_at=due_at(starts_on, branch.time_zone, 10),
        created_by=LUCIA,
    )
    session.add(membership)
    session.flush()
    said = [Saying(MEMBERSHIP_STARTED, membership.state())]
    record(session, about=membership.id, kind="membership", version=1, changes={}, says=said)
    return Member(membership, state, facts.policy, branch.time_zone, card, past)


def _card(session: Session, number: int, state: str) -> Card:
    """A test card of the sandbox. Those of members who owe something have not enough money."""
    behaves = "insufficient_funds" if state == "past_due" else "accepted"
    client_id, test = _client(number), CARDS[behaves]
    exp_month, exp_year = 1 + number % 12, clock.now().year + 1 + number % 3
    session.add(GatewayCustomer(client_id=client_id, account="main", token=sandbox.customer(client_id)))
    card = Card(
        id=demo_id("card", str(number)),
        version=1,
        client_id=client_id,
        account="main",
        token=sandbox.card(behaves, client_id, exp_month, exp_year),
        brand=test.brand,
        last_four=test.last_four,
        exp_month=exp_month,
        exp_year=exp_year,
        is_default=True,
        position=1,
        for_others=False,
        agreement=str(TEXTS[VERSION]),
        agreement_version=VERSION,
        agreed_at=clock.now(),
        added_by=f"staff:{LUCIA}",
    )
    session.add(card)
    return card


def _bill(session: Session, members: list[Member]) -> None:
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
    attempts = {due.id: _attempt(due, member.card) for due, member in paid if member.card and due.number != 2}
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


def _attempt(due: Due, card: Card, state: str = "succeeded", declined: str | None = None) -> Attempt:
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


def _live(session: Session, member: Member) -> None:
    """What has become of the member since."""
    membership, today = member.membership, clock.today(member.zone)
    if member.state == "past_due" and member.card:
        due = session.scalars(select(Due).where(Due.membership_id == membership.id, Due.state == "open")).one()
        session.add(_attempt(due, member.card, "declined_soft", "insufficient_funds"))
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


def _sell_gift_cards(session: Session, random: Random, secret: bytes) -> None:
    """Ten, whose codes nobody knows: a real one is shown once, to who sold it."""
    for number in range(10):
        branch = session.get_one(Branch, _branch(number))
        card_id = demo_id("gift card", str(number))
        made = code.make(secret, str(card_id))
        given: dict[str, Any] = {
            "amount": random.choice((3000, 5000, 10000)),
            "currency": None,
            "branch_id": branch.id,
            "buyer_id": _client(number),
            "holder_id": _client(number + 20),
            "holder_name": "",
            "employee_id": demo_id("employee", SELLERS[branch.id]),
            "tender": "terminal",
            "card_id": None,
            "reference": f"T-{number:04d}",
            "expires_on": None,
        }
        selling.sell(session, given, branch, card_id, code.digest(secret, made), made[-4:])
