"""The HTTP door to gift cards (P29, P30)."""

from typing import Any
from uuid import UUID

import orjson
from flask import Response, request
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.memberships.copies.models import Branch
from services.memberships.dues.models import Due
from services.memberships.gift_cards import actions, code, ledger, lookups, selling
from services.memberships.gift_cards.models import GiftCard as Row
from services.memberships.gift_cards.models import GiftCardMovement as Movement
from services.memberships.gift_cards.schemas import (
    Adjustment,
    Because,
    Extension,
    GiftCard,
    GiftCardCode,
    GiftCardMovement,
    GiftCardRedemption,
    GiftCardRefund,
    GiftCardsOfClient,
    NewGiftCard,
    ShownMovement,
    SoldGiftCard,
)
from services.memberships.named import branch_named, must_be_client
from shared.actor import current
from shared.api import Door, platform, principal, reading, transaction
from shared.api.pages import PageQuery, oldest, page_of
from shared.api.sight import branches_of, must_see
from shared.api.versions import answer, tagged
from shared.errors import NotFound
from shared.ids import new_id
from shared.people import actor_name
from shared.rows import NOT_FOUND
from shared.words import Words

door = Door("gift_cards", __name__, url_prefix="/api/v1/memberships/gift-cards", description="Gift cards (P29, P30).")

READ, SELL, REDEEM, MANAGE = "gift_cards.read", "gift_cards.sell", "gift_cards.redeem", "gift_cards.manage"
NO_SUCH_CODE = Words("There is no gift card with this code that can be used.")

SHOWN = (
    select(
        *(column for column in Row.__table__.c if column.name != "code_hash"),
        Branch.name.label("branch_name"),
        select(Due.id).where(Due.gift_card_id == Row.id).limit(1).scalar_subquery().label("payment_id"),
    )
    .join(Branch, Branch.id == Row.branch_id)
    .order_by(Row.id)
)
MOVED = select(Movement.__table__, Branch.name.label("branch_name"), actor_name(Movement.actor)).outerjoin(
    Branch, Branch.id == Movement.branch_id
)


@door.get("", needs=READ)
@door.arguments(GiftCardsOfClient, location="query")
@door.response(200, page_of(GiftCard, "GiftCards"))
@door.doc(**{"x-problems": [404]})
def gift_cards(query: dict[str, Any]) -> Any:
    """Those that a client bought or holds, in the order in which they were sold."""
    seen = branches_of(READ)
    statement = SHOWN.where(or_(Row.buyer_id == query["client_id"], Row.holder_id == query["client_id"]))
    if seen is not None:
        statement = statement.where(Row.branch_id.in_(seen))
    with reading() as connection:
        must_be_client(connection, query["client_id"])
        return oldest(connection, statement, Row.id, query)


@door.post("", needs=SELL, idempotent=True)
@door.arguments(NewGiftCard)
@door.response(201, SoldGiftCard)
@door.doc(**{"x-problems": [409]})
def sell(given: dict[str, Any]) -> Any:
    """Sells one. Paid by card it awaits its payment, otherwise it is active at once."""
    card_id = new_id()
    made = _code(card_id)
    with transaction() as session:
        branch = branch_named(session, given["branch_id"], SELL)
        selling.sell(session, given, branch, card_id, code.digest(_secret(), made), made[-4:])
        shown = _shown(session, card_id)
        return tagged(shown["version"], {**shown, "code": None}, 201)  # kept without it: see `show_code`


@door.after_request
def show_code(sold: Response) -> Response:
    """Puts the code into the answer of a sale, after the answer was kept; a repetition of the sale makes it anew."""
    if request.endpoint == "gift_cards.sell" and sold.status_code == 201:
        shown = orjson.loads(sold.get_data())
        sold.set_data(orjson.dumps(shown | {"code": code.spaced(_code(UUID(shown["id"])))}))
    return sold


@door.get("/<uuid:gift_card_id>", needs=READ)
@door.response(200, GiftCard)
def show(gift_card_id: UUID) -> Any:
    """A gift card, with what is left on it."""
    with reading() as connection:
        shown = _shown(connection, gift_card_id)
    must_see(READ, shown["branch_id"])
    return tagged(shown["version"], shown)


@door.get("/<uuid:gift_card_id>/movements", needs=READ)
@door.arguments(PageQuery, location="query")
@door.response(200, page_of(ShownMovement, "GiftCardMovements"))
def movements(query: dict[str, Any], gift_card_id: UUID) -> Any:
    """All that happened to it, oldest first; the amounts add up to what is left."""
    with reading() as connection:
        must_see(READ, _shown(connection, gift_card_id)["branch_id"])
        return oldest(connection, MOVED.where(Movement.gift_card_id == gift_card_id), Movement.id, query)


@door.post("/lookups", needs=REDEEM)
@door.arguments(GiftCardCode)
@door.response(200, GiftCard)
@door.doc(**{"x-problems": [404, 429]})
def look_up(given: dict[str, Any]) -> Any:
    """The gift card with this code. One that is blocked is not there for those who may not manage it.

    So many in ten minutes, then 429 with Retry-After; a wrong code counts as thirty.
    """
    kept = code.digest(_secret(), code.read(given["code"]) or "")
    with transaction() as session:
        lookup_id = lookups.begin(session, current().actor)
    with transaction() as session:
        found = session.execute(SHOWN.where(Row.code_hash == kept)).mappings().first()
        if found is None or (found["state"] == "blocked" and not principal().may(MANAGE, found["branch_id"])):
            raise NotFound(NO_SUCH_CODE)
        lookups.was_right(session, lookup_id)
        return tagged(found["version"], found)


@door.post("/<uuid:gift_card_id>/redemptions", needs=REDEEM, idempotent=True)
@door.arguments(GiftCardRedemption)
@door.response(201, GiftCardMovement)
@door.alt_response(200, schema=GiftCardMovement, description="this receipt took it before")
@door.doc(**{"x-problems": [404, 409]})
def redeem(given: dict[str, Any], gift_card_id: UUID) -> Any:
    """Takes an amount off it at a till. Two tills at once never take more than there is."""
    with transaction() as session:
        if given["branch_id"]:
            branch_named(session, given["branch_id"], REDEEM)
        card = ledger.lock(session, gift_card_id)
        branch_id = given["branch_id"] or card["branch_id"]
        principal().must(REDEEM, branch_id)
        movement, now = actions.redeem(session, card, given["amount"], given["reference"], branch_id)
        return answer(card["version"], movement, 201 if now else 200)


@door.post("/<uuid:gift_card_id>/redemptions/<uuid:movement_id>/reversal", needs=REDEEM, idempotent=True)
@door.response(201, GiftCardMovement)
@door.doc(**{"x-problems": [404, 409]})
def reverse(gift_card_id: UUID, movement_id: UUID) -> Any:
    """Gives back what a redemption took, once."""
    with transaction() as session:
        card = ledger.lock(session, gift_card_id)
        must_see(REDEEM, actions.redeemed(session, card, movement_id)["branch_id"])
        return answer(card["version"], actions.reverse(session, card, movement_id), 201)


@door.post("/<uuid:gift_card_id>/refunds", needs=MANAGE, idempotent=True)
@door.arguments(GiftCardRefund)
@door.response(201, GiftCardMovement)
@door.doc(**{"x-problems": [404, 409]})
def refund(given: dict[str, Any], gift_card_id: UUID) -> Any:
    """Gives back all that is left; the gift card is not taken any more."""
    with transaction() as session:
        card = _managed(session, gift_card_id)
        return _moved(card, actions.refund(session, card, given["destination"], given["reason"]))


@door.post("/<uuid:gift_card_id>/adjustments", needs=MANAGE, idempotent=True)
@door.arguments(Adjustment)
@door.response(201, GiftCardMovement)
@door.doc(**{"x-problems": [404, 409]})
def adjust(given: dict[str, Any], gift_card_id: UUID) -> Any:
    """Sets right what is on it, with a reason."""
    with transaction() as session:
        card = _managed(session, gift_card_id)
        return _moved(card, actions.adjust(session, card, given["amount"], given["reason"]))


@door.post("/<uuid:gift_card_id>/block", needs=MANAGE)
@door.arguments(Because)
@door.response(201, GiftCardMovement)
@door.doc(**{"x-problems": [404, 409]})
def block(given: dict[str, Any], gift_card_id: UUID) -> Any:
    """No till takes it for now: it was lost, or stolen."""
    with transaction() as session:
        card = _managed(session, gift_card_id)
        return _moved(card, actions.block(session, card, given["reason"]))


@door.post("/<uuid:gift_card_id>/unblock", needs=MANAGE)
@door.arguments(Because)
@door.response(201, GiftCardMovement)
@door.doc(**{"x-problems": [404, 409]})
def unblock(given: dict[str, Any], gift_card_id: UUID) -> Any:
    """It is taken again."""
    with transaction() as session:
        card = _managed(session, gift_card_id)
        return _moved(card, actions.unblock(session, card, given["reason"]))


@door.post("/<uuid:gift_card_id>/extension", needs=MANAGE)
@door.arguments(Extension)
@door.response(201, GiftCardMovement)
@door.doc(**{"x-problems": [404, 409]})
def extend(given: dict[str, Any], gift_card_id: UUID) -> Any:
    """It is taken for longer; one that has expired has again what was on it."""
    with transaction() as session:
        card = _managed(session, gift_card_id)
        return _moved(card, actions.extend(session, card, given["expires_on"], given["reason"]))


def _managed(session: Session, gift_card_id: UUID) -> ledger.Card:
    card = ledger.lock(session, gift_card_id)
    must_see(MANAGE, card["branch_id"])
    return card


def _moved(card: ledger.Card, movement: ledger.Movement) -> Response:
    return answer(card["version"], movement, 201)


def _shown(session: Any, gift_card_id: UUID) -> dict[str, Any]:
    found = session.execute(SHOWN.where(Row.id == gift_card_id)).mappings().first()
    if found is None:
        raise NotFound(NOT_FOUND)
    return dict(found)


def _secret() -> bytes:
    return platform().config.secret("gift-card-key").encode()


def _code(gift_card_id: UUID) -> str:
    """The code of the card that this sale makes: known to who holds the secret and the caller's key, kept nowhere."""
    key = request.headers["Idempotency-Key"]
    return code.make(_secret(), f"{gift_card_id} {current().actor} {key}")
