"""The HTTP door to what was changed."""

from typing import Any
from uuid import UUID

from services.clients.profiles import rows
from services.clients.profiles.actions import NOT_FOUND
from shared.api import Door, reading
from shared.api.changes import Changes, PageQuery, changes_of
from shared.api.sight import clients_of
from shared.errors import NotFound
from shared.people import names_of

door = Door("changes", __name__, url_prefix="/api/v1/clients", description="Who changed what of a client.")


@door.get("/<uuid:client_id>/changes", needs="audit.read")
@door.arguments(PageQuery, location="query")
@door.response(200, Changes)
def changes(query: dict[str, Any], client_id: UUID) -> Any:
    """What was changed of a client and of all that is theirs, newest first."""
    with reading() as connection:
        if rows.find(connection, client_id, clients_of("audit.read")) is None:
            raise NotFound(NOT_FOUND)
    return changes_of(client_id, query, names_of)
