"""The shapes of documents over HTTP."""

from typing import Any

from services.documents.contents.models import PREPARATIONS, SCANS
from services.documents.documents.models import STATES, WAYS
from shared.api.fields import ONE_LINE, Flag, Pattern, QueryFlag, Shape, Text, Version, between, fields, validate
from shared.api.pages import PageQuery
from shared.words import Words

INSIDE = rf"[^/\\\\{ONE_LINE}]"
NO_SEPARATORS = Pattern(rf"{INSIDE}*[^/\\\\{ONE_LINE}\s]{INSIDE}*", error=Words("A file's name holds no slashes."))
MOST_BYTES = 2**40
"""What may be announced; what is taken is the configuration's business."""


class Name(Text):
    """Of a file: one line, and no way to another folder."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(255, validators=[NO_SEPARATORS], **kwargs)


class DocumentFields(Shape):
    type_id = fields.UUID()
    name = Name()
    visible_to_client = Flag(metadata={"description": "whether the client sees it in the portal"})


class NewDocument(DocumentFields):
    client_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True)
    type_id = fields.UUID(required=True)
    name = Name(required=True)
    size = fields.Integer(
        required=True,
        strict=True,
        validate=between(1, MOST_BYTES),
        metadata={"description": "of the bytes that will be sent"},
    )
    visible_to_client = Flag(load_default=False)


class WholeDocument(Shape):
    """The fields of a form that holds the file as well: in this order, and then `file`."""

    client_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True)
    type = fields.UUID(required=True, attribute="type_id", metadata={"description": "of the list of document types"})
    visible_to_client = QueryFlag(load_default=False)


class Document(DocumentFields):
    id = fields.UUID(required=True)
    version = Version(required=True)
    client_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True)
    branch_name = fields.String(required=True, allow_none=True)
    size = fields.Integer(required=True, strict=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    media_type = fields.String(required=True, allow_none=True, metadata={"description": "as its bytes say"})
    sha256 = fields.String(required=True, allow_none=True)
    scan = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(SCANS),
        metadata={"description": "nobody opens what is `waiting` or `infected`"},
    )
    preparation = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(PREPARATIONS),
        metadata={"description": "of its thumbnail; `failed` where none could be made"},
    )
    has_thumbnail = Flag(required=True)
    shown_in_place = Flag(required=True, metadata={"description": "whether a browser shows it without downloading"})
    same_bytes = fields.Integer(
        required=True, strict=True, metadata={"description": "how many other documents of the client have these bytes"}
    )
    created_at = fields.AwareDateTime(required=True)
    created_by = fields.String(required=True)
    created_by_name = fields.String(required=True, allow_none=True)
    deleted_at = fields.AwareDateTime(required=True, allow_none=True)
    gone_on = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "until then what was deleted can be brought back"}
    )


class Upload(Shape):
    """A document, and what lets its bytes be sent where they are awaited."""

    document = fields.Nested(Document, required=True)
    ticket = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "for the header `Upload-Ticket` of `PUT …/{id}/content`, once; null when it is there"},
    )
    until = fields.AwareDateTime(required=True, allow_none=True)


class DocumentsOfClient(PageQuery):
    client_id = fields.UUID(required=True)
    deleted = QueryFlag(load_default=False, metadata={"description": "those that can be brought back instead"})


class ContentQuery(Shape):
    download = QueryFlag(load_default=False, metadata={"description": "never shown in place"})


class Opening(Shape):
    id = fields.UUID(required=True)
    how = fields.String(required=True, validate=validate.OneOf(WAYS))
    actor = fields.String(required=True)
    actor_name = fields.String(required=True, allow_none=True)
    channel = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
