"""What the worker does about cards: tells of those that expire, looks at those that the network renewed, and has the
gateway forget those that were removed."""

import calendar
from datetime import date, timedelta

import structlog
from sqlalchemy import select, text, tuple_, update
from sqlalchemy.orm import Session

from services.memberships.cards import actions
from services.memberships.cards.models import TO_FORGET, Card
from services.memberships.gateways.actions import is_due, looked_at, take
from services.memberships.gateways.models import WebhookEvent
from services.memberships.gateways.open import gateway
from services.memberships.gateways.port import AnswerLost, GatewayDown, GatewayRefused
from services.memberships.memberships.models import Membership
from shared import clock
from shared.actor import Context, acting
from shared.audit import Saying, record
from shared.contracts.memberships import CARD_EXPIRING
from shared.db import Database
from shared.roles import Duty

log = structlog.get_logger()

NOTICES = (7, 15, 30)
"""Days before the last day of a card on which it is told of, once each."""
BATCH = 200
US = Context(actor="service:memberships", channel="api")


def tell_of_expiry(database: Database) -> bool:
    """Those that pay a membership. A card's last day is the last of its month; today is that of UTC."""
    today = clock.now().date()
    with database.transaction() as session, acting(US):
        found = [(card, days) for card in _expiring(session, today) if (days := _notice(card, today))]
        for card, days in found[:BATCH]:
            card.noticed_days = days
            _tell(session, card, days)
    return len(found) > BATCH


def _expiring(session: Session, today: date) -> list[Card]:
    months = {(day.year, day.month) for day in (today, today + timedelta(days=max(NOTICES)))}
    pays = select(Membership.id).where(Membership.card_id == Card.id, Membership.lifecycle != "ended").exists()
    statement = select(Card).where(tuple_(Card.exp_year, Card.exp_month).in_(months), Card.removed_at.is_(None), pays)
    return list(session.scalars(statement.order_by(Card.id).with_for_update(skip_locked=True)))


def _notice(card: Card, today: date) -> int | None:
    """The notice that is due now, if it was not given."""
    last_day = date(card.exp_year, card.exp_month, calendar.monthrange(card.exp_year, card.exp_month)[1])
    left = (last_day - today).days
    due = next((days for days in NOTICES if 0 <= left <= days), None)
    return due if due and due < (card.noticed_days or max(NOTICES) + 1) else None


def _tell(session: Session, card: Card, days: int) -> None:
    card.version += 1
    session.flush()
    says = [Saying(CARD_EXPIRING, card.state() | {"days": days})]
    record(session, about=card.id, kind="card", version=card.version, changes={}, says=says)


def look_at_renewed(database: Database) -> bool:
    """What the network has told through the gateway: another expiry, or another number."""
    if not is_due(database, {"card"}):
        return False
    with database.transaction() as session:
        told = take(session, {"card"}, 20)
    for event in told:
        try:
            _renew(database, event)
        except (GatewayDown, AnswerLost):
            log.info("card_not_looked_at", event=event.event_id)  # it is due again in a minute
    return bool(told)


def _renew(database: Database, event: WebhookEvent) -> None:
    try:
        saved = gateway(database.config, event.account).find_card(event.object_id)
    except GatewayRefused:
        saved = None  # the gateway has forgotten it
    with database.transaction() as session, acting(US):
        if saved:
            actions.renewed(session, event.account, event.object_id, saved)
        looked_at(session, event)


def forget_removed(database: Database) -> bool:
    """Tells the gateway that a removed card must never be charged again, until it has heard it."""
    with database.reading() as connection:
        waiting = select(Card.id, Card.account, Card.token).where(text(TO_FORGET)).order_by(Card.removed_at).limit(20)
        removed = connection.execute(waiting).all()
    for card in removed:
        try:
            gateway(database.config, card.account).remove_card(card.token)
        except (GatewayDown, AnswerLost):
            return False
        except GatewayRefused:
            log.warning("card_not_known_to_gateway", card=str(card.id))
        with database.transaction() as session:
            session.execute(update(Card).where(Card.id == card.id).values(forgotten_at=clock.now()))
    return bool(removed)


DUTIES = (
    Duty("cards.tell_of_expiry", 600.0, tell_of_expiry),
    Duty("cards.look_at_renewed", 1.0, look_at_renewed),
    Duty("cards.forget_removed", 30.0, forget_removed),
)
