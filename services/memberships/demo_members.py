"""The members of the demo: who they are, what they have, and by what they pay."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile
from random import Random
from uuid import UUID

from sqlalchemy.orm import Session

from services.memberships.billing.outlook import periods
from services.memberships.billing.schedule import due_at
from services.memberships.billing.upcoming import Facts, Offer, Period
from services.memberships.cards.agreement import TEXTS, VERSION
from services.memberships.cards.models import Card, GatewayCustomer
from services.memberships.copies.models import Branch
from services.memberships.gateways.sandbox import demo as sandbox
from services.memberships.gateways.sandbox.cards import CARDS
from services.memberships.memberships.models import Membership
from services.memberships.plans.commitment import commitment_until
from services.memberships.policies.actions import policy_of
from services.memberships.policies.policy import Policy
from shared import clock
from shared.audit import Saying, record
from shared.contracts.memberships import MEMBERSHIP_STARTED
from shared.demo_ids import BRICKELL, GRACIA, SALAMANCA, branch_of_client, demo_client, demo_id

MEMBERS = 120

LUCIA = demo_id("employee", "Lucía Ortega")
SELLERS = {SALAMANCA: "Lucía Ortega", GRACIA: "Núria Puig", BRICKELL: "Emily Carter"}

STATES = ["past_due", "waits_for_card", "frozen", "leaving", "ended", "trial"]
"""Each of a twentieth of the members; the others are active."""


@dataclass(frozen=True)
class Member:
    membership: Membership
    state: str
    policy: Policy
    zone: str
    card: Card | None
    past: list[Period]


def client_of(number: int) -> UUID:
    return demo_client(number * 16 + 5)


def branch_of(number: int) -> UUID:
    return branch_of_client(number * 16 + 5)


def new_member(session: Session, random: Random, number: int, offers: dict[str, list[Offer]]) -> Member:
    branch = session.get_one(Branch, branch_of(number))
    state = STATES[number % 20] if number % 20 < len(STATES) else "active"
    choice = offers[branch.currency]
    offer = random.choice([each for each in choice if each.terms.trial_days] if state == "trial" else choice)
    card = None if state == "waits_for_card" else _card(session, number, state)
    today = clock.today(branch.time_zone)
    starts_on = today - timedelta(days=random.randint(*_ago(state, offer)))
    anchor = starts_on + timedelta(days=offer.terms.trial_days)
    facts = Facts(offer, policy_of(session, branch.id), anchor, 1, 1, anchor, None, 0)
    past = list(takewhile(lambda period: period.due_on <= today, periods(facts)))
    next_due_on = past[-1].next_due_on if past else anchor
    membership = Membership(
        id=demo_id("membership", str(number)),
        version=1,
        client_id=client_of(number),
        payer_id=client_of(number),
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


def _ago(state: str, offer: Offer) -> tuple[int, int]:
    """Between how many days ago it began: long enough for some periods, and not for dozens."""
    if state == "trial":
        return 1, 10
    return (25, 50) if offer.terms.interval.unit == "week" else (20, 100)


def _card(session: Session, number: int, state: str) -> Card:
    """A test card of the sandbox. Those of members who owe something have not enough money."""
    behaves = "insufficient_funds" if state == "past_due" else "accepted"
    client_id, test = client_of(number), CARDS[behaves]
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
