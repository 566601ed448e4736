"""STOP and START: one action for every client with the number, done before the webhook is answered."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.catalogue.message_type import KINDS
from services.notifications.contact_points.addresses import hashed
from services.notifications.preferences import actions as preferences
from services.notifications.preferences.actions import Switch
from services.notifications.preferences.matrix import matrix_of
from services.notifications.suppressions.actions import hold, let_in, suppress

SMS = "sms"


def stop(session: Session, number: str) -> None:
    """No SMS of any kind to this number, and SMS off for every client whose number it is."""
    address_hash = hashed(session, SMS, number)
    holders = hold(session, SMS, address_hash)
    suppress(session, SMS, number, "stop")
    for client_id in holders:
        _stop(session, client_id, address_hash)


def start(session: Session, number: str) -> None:
    """Brings back what was on before the STOP. Marketing never: that takes a new consent."""
    address_hash = hashed(session, SMS, number)
    holders = hold(session, SMS, address_hash)
    let_in(session, SMS, address_hash)
    for client_id in holders:
        _start(session, client_id, address_hash)


def _stop(session: Session, client_id: UUID, address_hash: str) -> None:
    client, sheet = preferences.locked(session, client_id)
    before = matrix_of(session, client_id, client.preferred_branch_id)
    if before.points[SMS].address_hash != address_hash:  # a number that the client has beside the one we write to
        return
    on = [kind for kind in KINDS if before.is_on(kind, SMS)]
    for kind in on:
        preferences.keep(session, client_id, kind, SMS, False, before_stop=kind != "marketing")
    preferences.keep(session, client_id, "marketing", SMS, False, None)
    preferences.withdraw(session, client_id, SMS)
    preferences.tell(session, sheet, before, [Switch(kind, SMS, False) for kind in on], "stop")


def _start(session: Session, client_id: UUID, address_hash: str) -> None:
    client, sheet = preferences.locked(session, client_id)
    before = matrix_of(session, client_id, client.preferred_branch_id)
    if before.points[SMS].address_hash != address_hash:
        return
    stopped = [choice.kind for choice in before.choices.values() if choice.channel == SMS and choice.before_stop]
    for kind in stopped:
        preferences.keep(session, client_id, kind, SMS, True, None)
    preferences.tell(session, sheet, before, [Switch(kind, SMS, True) for kind in stopped], "start")
