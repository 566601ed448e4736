"""The door for a client at the desk: the token of the tablet is all that is needed, and opens one form."""

from typing import Any

from flask import request

from services.documents.filling import actions
from services.documents.filling.schemas import Draft, Filled, Saved, ToFill
from shared.api import PUBLIC, Door, transaction
from shared.api.versions import IF_MATCH, expected_version, tagged

door = Door(
    "filling",
    __name__,
    url_prefix="/api/v1/documents/handovers",
    description="A form that staff has handed over on a tablet.",
)


@door.get("/<string:token>", needs=PUBLIC)
@door.response(200, ToFill)
def show(token: str) -> Any:
    """The form, with what was typed so far."""
    with transaction() as session:
        assignment, _ = actions.handed_over(session, token)
        with actions.as_client(assignment):
            found = actions.opened(session, assignment.id)
    return tagged(found["version"], found)


@door.put("/<string:token>/draft", needs=PUBLIC, parameters=[IF_MATCH])
@door.arguments(Draft)
@door.response(200, Saved)
@door.doc(**{"x-problems": [409]})
def save(given: dict[str, Any], token: str) -> Any:
    """Keeps what was typed so far."""
    expected = expected_version()
    with transaction() as session:
        assignment, _ = actions.handed_over(session, token)
        with actions.as_client(assignment):
            version = actions.save(session, assignment.id, given["answers"], expected)
    return tagged(version, {"version": version})


@door.post("/<string:token>/submission", needs=PUBLIC, parameters=[IF_MATCH])
@door.arguments(Filled)
@door.response(204)
@door.doc(**{"x-problems": [409]})
def submit(given: dict[str, Any], token: str) -> None:
    """Signs it. After that the token opens nothing any more."""
    expected = expected_version()
    with transaction() as session:
        assignment, by = actions.handed_over(session, token)
        with actions.as_client(assignment):
            address = request.remote_addr or ""
            actions.submit(session, assignment.id, given, expected, address=address, handed_over_by=by)
