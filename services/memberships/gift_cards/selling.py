"""Selling a gift card: at the desk it is active at once, by card once its payment has come through."""

from datetime import date
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from services.memberships.balances import actions as balances
from services.memberships.billing.pricing import Item, taxed
from services.memberships.copies.models import Branch, Employee
from services.memberships.dues import actions as dues
from services.memberships.gift_cards.actions import begin
from services.memberships.gift_cards.ledger import lock
from services.memberships.gift_cards.models import GiftCard
from services.memberships.named import client_named
from services.memberships.policies.actions import policy_of
from services.memberships.policies.policy import Policy
from shared import clock
from shared.errors import Invalid
from shared.words import Words

TENDERS = ("cash", "terminal", "transfer", "balance", "card")

ANOTHER_CURRENCY = Words("The branch takes {currency}.")
NEEDED = Words("This is needed for this way to pay.")
TOO_EARLY = Words("By law, no gift card of this branch expires before {first}.")
NO_EMPLOYEE = Words("There is no such employee.")
GIFT_CARD = Words("Gift card")
BOUGHT = Words("A gift card")

VOUCHER = "voucher"
"""The tax category of what can pay for anything: taxed when it is redeemed, unless the policy names a rate for it."""

Given = dict[str, Any]


def sell(session: Session, given: Given, branch: Branch, card_id: UUID, code_hash: bytes, last_four: str) -> None:
    """A new gift card, whose code only the caller knows. Raises Invalid, Conflict; see `NewGiftCard` for `given`."""
    policy, today = policy_of(session, branch.id), clock.today(branch.time_zone)
    _check(session, given, branch)
    session.add(
        GiftCard(
            id=card_id,
            version=1,
            code_hash=code_hash,
            last_four=last_four,
            buyer_id=given["buyer_id"],
            holder_id=given["holder_id"],
            holder_name=given["holder_name"],
            branch_id=branch.id,
            employee_id=given["employee_id"],
            amount=given["amount"],
            balance=0,
            currency=branch.currency,
            state="awaits_payment",
            expires_on=_expiry(given, policy, today),
            created_at=clock.now(),
        )
    )
    session.flush()
    if given["tender"] == "card":
        return _by_card(session, given, branch, card_id, policy, today)
    if given["tender"] == "balance":
        _by_balance(session, given, branch, card_id)
    begin(session, lock(session, card_id), given["reference"] or given["tender"])


def _check(session: Session, given: Given, branch: Branch) -> None:
    if given["currency"] not in (None, branch.currency):
        said = ANOTHER_CURRENCY.format(currency=branch.currency)
        raise Invalid(said, fields={"currency": [said]})
    for field in ("buyer_id", "holder_id"):
        if given[field]:
            client_named(session, given[field], field)
    if given["employee_id"] and session.get(Employee, given["employee_id"]) is None:
        raise Invalid(NO_EMPLOYEE, fields={"employee_id": [NO_EMPLOYEE.format()]})
    needed = {"card": ("buyer_id", "card_id"), "balance": ("buyer_id",)}.get(given["tender"], ())
    if missing := [field for field in needed if given[field] is None]:
        raise Invalid(NEEDED, fields={field: [NEEDED.format()] for field in missing})


def _expiry(given: Given, policy: Policy, today: date) -> date:
    first = today + relativedelta(months=policy.gift_card_minimum_months)
    if given["expires_on"] is None:
        return max(first, today + relativedelta(months=policy.gift_card_months))
    if given["expires_on"] < first:
        said = TOO_EARLY.format(first=first)
        raise Invalid(said, fields={"expires_on": [said]})
    chosen: date = given["expires_on"]
    return chosen


def _by_card(session: Session, given: Given, branch: Branch, card_id: UUID, policy: Policy, today: date) -> None:
    """What is owed is a due with its invoice; it activates the gift card when it is paid."""
    due = dues.raise_due(
        session,
        kind="gift_card",
        client_id=given["buyer_id"],
        payer_id=given["buyer_id"],
        branch_id=branch.id,
        employee_id=given["employee_id"],
        lines=taxed([Item("gift_card", GIFT_CARD, given["amount"], VOUCHER)], policy, today),
        currency=branch.currency,
        policy=policy,
        due_on=today,
        gift_card_id=card_id,
    )
    dues.pay_by_card(session, due, given["card_id"])


def _by_balance(session: Session, given: Given, branch: Branch, card_id: UUID) -> None:
    balances.move(
        session,
        given["buyer_id"],
        branch.currency,
        -given["amount"],
        kind="spent",
        description=BOUGHT.format(),
        branch_id=branch.id,
        reference=f"gift_card:{card_id}",
    )
