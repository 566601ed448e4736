"""The events of the documents service: files and forms of clients. No name of a file, nothing of what it holds, and no
answer is in them, but for what a form offers to the client's profile."""

from typing import Any

from marshmallow import fields, validate

from shared.contracts.contract import PERSONAL, Contract, Payload
from shared.contracts.platform import erasure_completed

DOCUMENT = "0197a3c4-5a00-7000-8000-000000000501"
TYPE = "0197a3c4-5a00-7000-8000-000000000502"
CLIENT = "0197a3c4-5a00-7000-8000-000000000001"
BRANCH = "0197a3c4-5a00-7000-8000-00000000000b"


class Document(Payload):
    id = fields.UUID(required=True)
    client_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True)
    type_id = fields.UUID(required=True, metadata={"description": "of the chain's list of document types"})
    media_type = fields.String(required=True, allow_none=True, metadata={"description": "as its bytes say"})
    size = fields.Integer(required=True, strict=True, metadata={"description": "in bytes"})
    visible_to_client = fields.Boolean(required=True)


_document: dict[str, Any] = {
    "id": DOCUMENT,
    "client_id": CLIENT,
    "branch_id": BRANCH,
    "type_id": TYPE,
    "media_type": "application/pdf",
    "size": 48213,
    "visible_to_client": True,
}


def _event(what: str, description: str, **more: Any) -> Contract:
    return Contract(f"documents.document.{what}.v1", Document, description, _document | more)


DOCUMENT_ADDED = _event("added", "A file was added to a client; its bytes are there.")
DOCUMENT_SHOWN = _event("shown", "The client sees it in the portal from now on.")
DOCUMENT_HIDDEN = _event("hidden", "The client does not see it any more.", visible_to_client=False)
DOCUMENT_DELETED = _event("deleted", "It was deleted; it can be brought back for a while.")
DOCUMENT_RESTORED = _event("restored", "It was brought back.")
DOCUMENT_PURGED = _event("purged", "Its bytes are gone for good; a record of it stays.")

FORM = "0197a3c4-5a00-7000-8000-000000000503"
ASSIGNMENT = "0197a3c4-5a00-7000-8000-000000000504"
STATES = ["assigned", "opened", "completed", "removed", "expired"]


class Assignment(Payload):
    """A form that a client has to fill in, or has. It is its own subject."""

    id = fields.UUID(required=True)
    client_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True, allow_none=True)
    form_id = fields.UUID(required=True)
    form_name = fields.String(required=True)
    form_names = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "what it is called in other languages, by their codes"},
    )
    number = fields.Integer(required=True, strict=True, metadata={"description": "the version of the form"})
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    due_at = fields.AwareDateTime(required=True, allow_none=True)
    valid_until = fields.AwareDateTime(required=True, allow_none=True)


class Profile(Payload):
    """What the answers offer to the client's profile: only what the form asks for it, and was answered."""

    first_name = fields.String(metadata=PERSONAL)
    middle_name = fields.String(metadata=PERSONAL)
    last_name = fields.String(metadata=PERSONAL)
    birth_date = fields.Date(metadata=PERSONAL)
    email = fields.String(metadata=PERSONAL)
    phone = fields.String(metadata=PERSONAL)


class Completed(Assignment):
    profile = fields.Nested(Profile, required=True)


_assignment: dict[str, Any] = {
    "id": ASSIGNMENT,
    "client_id": CLIENT,
    "branch_id": BRANCH,
    "form_id": FORM,
    "form_name": "Consentimiento de láser",
    "form_names": {"en": "Laser consent"},
    "number": 2,
    "state": "assigned",
    "due_at": "2026-03-02T10:00:00+01:00",
    "valid_until": None,
}


def _form_event(what: str, description: str, payload: type[Payload] = Assignment, **more: Any) -> Contract:
    return Contract(f"documents.form.{what}.v1", payload, description, _assignment | {"state": what} | more)


FORM_ASSIGNED = _form_event("assigned", "The client is to fill it in.")
FORM_OPENED = _form_event("opened", "The client has begun with it.")
FORM_COMPLETED = _form_event(
    "completed",
    "It was filled in and signed.",
    Completed,
    valid_until="2027-03-03T00:00:00+01:00",
    profile={"phone": "+34612345678"},
)
FORM_REMOVED = _form_event("removed", "It was taken back before it was completed.")
FORM_EXPIRED = _form_event("expired", "What was signed is no longer good.", valid_until="2027-03-03T00:00:00+01:00")

ERASURE_COMPLETED = erasure_completed("documents")
