"""The events of the documents service: files of clients. No name of a file and nothing of what it holds is in them."""

from typing import Any

from marshmallow import fields

from shared.contracts.contract import Contract, Payload
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

ERASURE_COMPLETED = erasure_completed("documents")
