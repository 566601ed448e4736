"""What a client sees, in the portal, of what they pay and own, and the little of it that they may change."""

from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.memberships.balances.models import Balance
from services.memberships.cards import actions as cards
from services.memberships.cards import saving
from services.memberships.cards.api import CARDS
from services.memberships.cards.models import Card
from services.memberships.cards.schemas import Setup
from services.memberships.credits import listing
from services.memberships.credits.models import Credit
from services.memberships.gift_cards.api import SHOWN as GIFT_CARDS
from services.memberships.gift_cards.models import GiftCard
from services.memberships.memberships import actions, rows
from services.memberships.memberships.models import Membership
from services.memberships.payments import activity
from services.memberships.payments.api import moment
from services.memberships.portal.accounts import account_for
from services.memberships.portal.payments import as_the_client_reads_it
from services.memberships.portal.schemas import (
    OwnBalances,
    OwnCard,
    OwnCredit,
    OwnGiftCard,
    OwnMembership,
    OwnMemberships,
    OwnNewCard,
    OwnNewSetup,
    OwnPayment,
    OwnSavedCard,
    PayingCard,
)
from shared.api import CLIENT, Door, platform, principal, reading, transaction
from shared.api.pages import PageQuery, decode_cursor, oldest, page, page_of
from shared.api.versions import tagged
from shared.errors import NotFound
from shared.rows import NOT_FOUND

door = Door(
    "portal", __name__, url_prefix="/api/v1/memberships/me", description="What is a client's own, in the portal."
)


@door.get("", needs=CLIENT)
@door.response(200, OwnMemberships)
def memberships() -> Any:
    """The memberships that one has or pays for, newest first."""
    me = principal().id
    with transaction() as session:
        return {"items": [_own(row, me) for row in rows.of_person(session, me)]}


@door.get("/<uuid:membership_id>/payments", needs=CLIENT)
@door.arguments(PageQuery, location="query")
@door.response(200, page_of(OwnPayment, "OwnPayments"))
@door.doc(**{"x-problems": [404]})
def payments(query: dict[str, Any], membership_id: UUID) -> Any:
    """What was paid, tried and given back of a membership that one pays for, newest first."""
    place = decode_cursor(query.get("cursor"), moment, UUID)
    with transaction() as session:
        _paid_by_me(session, membership_id)
        before = (place[0], place[1]) if place else None
        found = activity.of_membership(session, membership_id, before, query["limit"] + 1)
    shown = [as_the_client_reads_it(row) for row in found]
    return page(shown, query["limit"], lambda row: (row["at"], row["id"]))


@door.put("/<uuid:membership_id>/card", needs=CLIENT, idempotent=True)
@door.arguments(PayingCard)
@door.response(200, OwnMembership)
@door.doc(**{"x-problems": [404, 409]})
def pay_with(given: dict[str, Any], membership_id: UUID) -> Any:
    """Another card of one's own pays from now on. What is missing is asked of it at once."""
    me = principal().id
    with transaction() as session:
        _paid_by_me(session, membership_id)
        row = actions.lock(session, membership_id, None)
        _my_card(session, given["card_id"])
        actions.edit(session, row, given)
        session.flush()
        found = next(_own(one, me) for one in rows.of_person(session, me) if one["id"] == membership_id)
        return tagged(found["version"], found)


@door.get("/credits", needs=CLIENT)
@door.arguments(PageQuery, location="query")
@door.response(200, page_of(OwnCredit, "OwnCredits"))
def credits(query: dict[str, Any]) -> Any:
    """What one can still use, in the order in which it came."""
    with reading() as connection:
        return listing.credits(
            connection, query, Credit.client_id == principal().id, Credit.status == "active", Credit.available > 0
        )


@door.get("/gift-cards", needs=CLIENT)
@door.arguments(PageQuery, location="query")
@door.response(200, page_of(OwnGiftCard, "OwnGiftCards"))
def gift_cards(query: dict[str, Any]) -> Any:
    """Those that one bought or was given, with what is left."""
    me = principal().id
    statement = GIFT_CARDS.where(or_(GiftCard.buyer_id == me, GiftCard.holder_id == me))
    with reading() as connection:
        return oldest(connection, statement, GiftCard.id, query, lambda row: {**row, "bought": row["buyer_id"] == me})


@door.get("/balances", needs=CLIENT)
@door.response(200, OwnBalances)
def balances() -> Any:
    """What the chain owes one, in each currency. What moved it was written for staff, and is not shown."""
    held = select(Balance.currency, Balance.amount).where(Balance.client_id == principal().id)
    with reading() as connection:
        return {"items": connection.execute(held.order_by(Balance.currency)).mappings().all()}


@door.get("/cards", needs=CLIENT)
@door.arguments(PageQuery, location="query")
@door.response(200, page_of(OwnCard, "OwnCards"))
def cards_on_file(query: dict[str, Any]) -> Any:
    """One's cards on file, in the order in which they came."""
    with reading() as connection:
        return oldest(connection, CARDS.where(Card.client_id == principal().id), Card.id, query)


@door.post("/cards/setups", needs=CLIENT)
@door.doc(**{"x-problems": [404, 503]})
@door.arguments(OwnNewSetup)
@door.response(201, Setup)
def begin_setup(given: dict[str, Any]) -> Any:
    """Begins to put a card on file: its number goes to the gateway, with what this answers.

    `will_charge` says what is taken from the new card as soon as it is kept.
    """
    house, me = platform(), principal().id
    return saving.begin(house.config, house.database, me, _account(me, given), given["return_url"]), 201


@door.post("/cards", needs=CLIENT)
@door.doc(**{"x-problems": [404, 409, 503]})
@door.arguments(OwnNewCard)
@door.response(201, OwnSavedCard)
def keep(given: dict[str, Any]) -> Any:
    """Keeps the card of a setup of one's own. The same setup again answers the same card, and charges nothing.

    Memberships that wait for a card take it, and the latest unpaid period of each is charged at once.
    """
    house, me = platform(), principal().id
    try:
        row, charges = saving.save(house.config, house.database, me, _account(me, given), given)
    except saving.NotTheirs as error:
        raise NotFound(NOT_FOUND) from error
    return tagged(row.version, _own_card(row) | {"will_charge": charges}, 201)


@door.put("/cards/<uuid:card_id>/default", needs=CLIENT)
@door.response(200, OwnCard)
@door.doc(**{"x-problems": [404]})
def make_default(card_id: UUID) -> Any:
    """The first choice from now on."""
    with transaction() as session:
        _my_card(session, card_id)
        row = cards.change(session, card_id, {"is_default": True}, None)
        return tagged(row.version, _own_card(row))


def _paid_by_me(session: Session, membership_id: UUID) -> None:
    """Raises NotFound for what somebody else pays, the member themselves included: it names the payer's cards."""
    mine = Membership.id == membership_id, Membership.payer_id == principal().id
    if session.scalar(select(Membership.id).where(*mine)) is None:
        raise NotFound(NOT_FOUND)


def _my_card(session: Session, card_id: UUID) -> None:
    mine = Card.id == card_id, Card.client_id == principal().id, Card.removed_at.is_(None)
    if session.scalar(select(Card.id).where(*mine)) is None:
        raise NotFound(NOT_FOUND)


def _account(me: UUID, given: dict[str, Any]) -> str:
    with reading() as connection:
        return account_for(connection, me, given.get("membership_id"))


def _own_card(row: Card) -> dict[str, Any]:
    return {name: getattr(row, name) for name in OwnCard().fields}


def _own(row: dict[str, Any], me: UUID) -> dict[str, Any]:
    """As the one who asks may see it: whose card pays, and what is owed, is the payer's affair."""
    pays = row["payer_id"] == me
    money = {} if pays else {"card": None, "arrears": {"payments": 0, "amount": 0}}
    label = row["label"] if pays or row["lifecycle"] == "ended" else HIDDEN.get(row["label"], row["label"])
    return {**row, **money, "pays": pays, "label": label}


HIDDEN = {"past_due": "active", "needs_client": "active", "waits_for_card": "active"}
"""What a label says of the payer's trouble, to a member who does not pay."""
