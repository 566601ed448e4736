"""The HTTP door to what is never written to."""

from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from services.notifications.contact_points.addresses import hashed
from services.notifications.suppressions import actions
from services.notifications.suppressions.models import Suppression as Row
from services.notifications.suppressions.schemas import Lifting, NewSuppression, Suppression, SuppressionsQuery
from shared.api import Door, transaction
from shared.api.pages import newest, page_of
from shared.api.versions import tagged
from shared.people import actor_name

door = Door(
    "suppressions",
    __name__,
    url_prefix="/api/v1/notifications/suppressions",
    description="Addresses and numbers that nothing is sent to, whoever has them.",
)

READ, WRITE = "preferences.read", "messages.suppressions.write"
SHOWN = select(Row.__table__, actor_name(Row.by).label("by_name"))


@door.get("", needs=READ)
@door.arguments(SuppressionsQuery, location="query")
@door.response(200, page_of(Suppression, "Suppressions"))
def suppressions(query: dict[str, Any]) -> Any:
    """The newest first. An address is found by the whole of it: only its hash is kept."""
    statement = SHOWN.where(Row.lifted_at.is_not(None) if query["lifted"] else Row.lifted_at.is_(None))
    for name in ("channel", "reason"):
        if name in query:
            statement = statement.where(getattr(Row, name) == query[name])
    with transaction() as session:
        if address := query.get("address"):
            plain = address.replace(" ", "")
            hashes = [hashed(session, "email", plain), hashed(session, "sms", plain)]
            statement = statement.where(or_(*(Row.address_hash == each for each in hashes)))
        return newest(session, statement, Row.id, query)


@door.post("", needs=WRITE)
@door.arguments(NewSuppression)
@door.response(201, Suppression)
def suppress(given: dict[str, Any]) -> Any:
    """Keeps an address or a number off; one that is kept off already is answered as it is."""
    with transaction() as session:
        kept = actions.suppress(session, given["channel"], given["address"], "by_hand", given["note"])
        return tagged(kept.version, _shown(session, kept.id), 201)


@door.post("/<uuid:suppression_id>/lift", needs=WRITE)
@door.arguments(Lifting)
@door.response(200, Suppression)
@door.doc(**{"x-problems": [409]})
def lift(given: dict[str, Any], suppression_id: UUID) -> Any:
    """Messages may go there again. Not after a STOP: only START from that telephone brings it back."""
    with transaction() as session:
        kept = actions.lift(session, suppression_id, given["reason"])
        return tagged(kept.version, _shown(session, kept.id))


def _shown(session: Any, suppression_id: UUID) -> Any:
    return session.execute(SHOWN.where(Row.id == suppression_id)).mappings().one()
