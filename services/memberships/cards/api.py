"""The HTTP door to cards on file."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_

from services.memberships.cards import actions, saving
from services.memberships.cards.models import Card as Row
from services.memberships.cards.schemas import (
    Card,
    CardFields,
    CardsQuery,
    NewCard,
    NewSetup,
    RemovalQuery,
    SavedCard,
    Setup,
)
from shared.api import Door, platform, principal, reading, transaction
from shared.api.pages import decode_cursor, page, page_of
from shared.api.sight import must_know
from shared.api.versions import IF_MATCH, expected_version, tagged
from shared.errors import NotFound
from shared.rows import NOT_FOUND

door = Door(
    "cards", __name__, url_prefix="/api/v1/memberships/cards", description="Cards on file: never their numbers."
)

READ, WRITE = "memberships.read", "memberships.cards.write"
SHOWN = tuple(Row.__table__.c[name] for name in Card().fields)
CARDS = select(*SHOWN).where(Row.removed_at.is_(None))
PLACE = tuple_(Row.position, Row.id)


@door.get("", needs=READ)
@door.arguments(CardsQuery, location="query")
@door.response(200, page_of(Card, "Cards"))
def cards(query: dict[str, Any]) -> Any:
    """The cards of a client, in the order in which they are tried."""
    place = decode_cursor(query.get("cursor"), int, UUID)
    statement = CARDS.where(Row.client_id == query["client_id"]).order_by(Row.position, Row.id)
    if place:
        statement = statement.where(tuple_(*place) < PLACE)
    with reading() as connection:
        must_know(connection, query["client_id"], READ)
        found = connection.execute(statement.limit(query["limit"] + 1)).mappings().all()
    return page(found, query["limit"], lambda row: (row["position"], row["id"]))


@door.get("/<uuid:card_id>", needs=READ)
@door.response(200, Card)
def card(card_id: UUID) -> Any:
    """One card."""
    with reading() as connection:
        found = connection.execute(CARDS.where(Row.id == card_id)).mappings().one_or_none()
        if found is None:
            raise NotFound(NOT_FOUND)
        must_know(connection, found["client_id"], READ)
    return tagged(found["version"], found)


@door.post("/setups", needs=WRITE)
@door.doc(**{"x-problems": [503]})
@door.arguments(NewSetup)
@door.response(201, Setup)
def begin_setup(given: dict[str, Any]) -> Any:
    """Begins to save a card: the client gives its number to the gateway, with what this answers.

    `will_charge` says what is taken from the new card as soon as it is saved; tell the client first.
    """
    _check(given)
    house = platform()
    account = saving.account_of(house.database, given["branch_id"])
    return saving.begin(house.config, house.database, given["client_id"], account, given["return_url"]), 201


@door.post("", needs=WRITE)
@door.doc(**{"x-problems": [409, 503]})
@door.arguments(NewCard)
@door.response(201, SavedCard)
def save(given: dict[str, Any]) -> Any:
    """Keeps the card of a finished setup. The same setup again answers the same card, and charges nothing.

    Memberships that wait for a card take it, and the latest unpaid period of each is charged at once.
    """
    _check(given)
    house = platform()
    account = saving.account_of(house.database, given["branch_id"])
    row, charges = saving.save(house.config, house.database, given["client_id"], account, given)
    return tagged(row.version, _shown(row) | {"will_charge": charges}, 201)


@door.patch("/<uuid:card_id>", needs=WRITE, parameters=[IF_MATCH])
@door.arguments(CardFields)
@door.response(200, Card)
def change(given: dict[str, Any], card_id: UUID) -> Any:
    """Makes it the default, moves it, or lets it help out when another card fails."""
    expected = expected_version()
    with transaction() as session:
        _known(session, card_id)
        row = actions.change(session, card_id, given, expected)
        return tagged(row.version, _shown(row))


@door.delete("/<uuid:card_id>", needs=WRITE, parameters=[IF_MATCH])
@door.doc(**{"x-problems": [409]})
@door.arguments(RemovalQuery, location="query")
@door.response(204)
def remove(query: dict[str, Any], card_id: UUID) -> None:
    """Takes it off file. What needs it takes the replacement, and is charged to it at once if it is unpaid.

    Without one it is 409 `card_needed`, with `needed_by` and the cards to choose from in `replacements`.
    """
    expected = expected_version()
    with transaction() as session:
        _known(session, card_id)
        actions.remove(session, card_id, query.get("replacement"), expected)


def _check(given: dict[str, Any]) -> None:
    principal().must(WRITE, given["branch_id"])
    with reading() as connection:
        must_know(connection, given["client_id"], WRITE)


def _known(session: Any, card_id: UUID) -> None:
    client_id = session.scalar(select(Row.client_id).where(Row.id == card_id))
    if client_id is None:
        raise NotFound(NOT_FOUND)
    must_know(session, client_id, WRITE)


def _shown(row: Row) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in SHOWN}
