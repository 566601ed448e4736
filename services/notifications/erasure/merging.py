"""Two records of one person become one: where they said different things, the no counts."""

from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from services.notifications.catalogue.message_type import CHANNELS, KINDS
from services.notifications.consents.models import Consent
from services.notifications.contact_points.models import ContactPoint
from services.notifications.preferences import actions
from services.notifications.preferences.actions import Switch
from services.notifications.preferences.matrix import Matrix, matrix_of
from services.notifications.push.models import Subscription


def merge(session: Session, client_id: UUID, into: UUID) -> None:
    """What the one had switched off is off for the other. A consent is taken over only for the very same address, and
    only where the other has not said no themselves."""
    _client, sheet = actions.locked(session, into)
    gone = matrix_of(session, client_id, _client.preferred_branch_id)
    stays = matrix_of(session, sheet.client_id, _client.preferred_branch_id)
    moved = [Switch(*where, False) for where in _refused(gone) if stays.is_on(*where)]
    for switch in moved:
        actions.keep(session, sheet.client_id, *switch.where, False, None)
        if switch.kind == "marketing":
            actions.withdraw(session, sheet.client_id, switch.channel)
    agreed = [Switch("marketing", channel, True) for channel in CHANNELS if _is_taken_over(gone, stays, channel)]
    for switch in agreed:
        consent = gone.consents[switch.channel]
        actions.keep(session, sheet.client_id, *switch.where, True, None)
        session.add(Consent(client_id=sheet.client_id, **consent._mapping))
    actions.tell(session, sheet, stays, [*moved, *agreed], "merge")
    session.execute(delete(ContactPoint).where(ContactPoint.client_id == client_id))
    session.execute(delete(Consent).where(Consent.client_id == client_id))
    theirs = update(Subscription).where(Subscription.client_id == client_id)
    session.execute(theirs.values(client_id=sheet.client_id))


def _refused(matrix: Matrix) -> list[tuple[str, str]]:
    """What somebody has switched off; a default is no refusal."""
    every = [(kind, channel) for kind in KINDS for channel in CHANNELS]
    return [where for where in every if (choice := matrix.choices.get(where)) is not None and not choice.is_on]


def _is_taken_over(gone: Matrix, stays: Matrix, channel: str) -> bool:
    if not gone.is_on("marketing", channel) or ("marketing", channel) in stays.choices:
        return False
    point = stays.points.get(channel)
    return point is not None and point.address_hash == gone.consents[channel].address_hash
