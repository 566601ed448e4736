"""Documents as the API shows them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session, aliased

from services.documents.contents.kinds import SHOWN_IN_PLACE
from services.documents.contents.models import Blob
from services.documents.copies.models import Branch
from services.documents.documents.models import Document
from shared.errors import NotFound
from shared.people import actor_name
from shared.rows import NOT_FOUND

OTHER = aliased(Document)
SAME_BYTES = (
    select(func.count())
    .where(OTHER.blob_id == Document.blob_id, OTHER.id != Document.id, OTHER.state == "ready")
    .correlate(Document)
    .scalar_subquery()
    .label("same_bytes")
)
SHOWN = (
    select(
        *(column for column in Document.__table__.c if column.name not in ("ticket_hash", "ticket_until")),
        Blob.media_type, Blob.sha256, Blob.scan, Blob.preparation, Blob.has_thumbnail,
        Branch.name.label("branch_name"), SAME_BYTES, actor_name(Document.created_by).label("created_by_name"),
    )
    .outerjoin(Blob, Blob.id == Document.blob_id)
    .outerjoin(Branch, Branch.id == Document.branch_id)
)  # fmt: skip


def shown(row: Mapping[Any, Any], keep_deleted: timedelta) -> dict[str, Any]:
    """A row as the API says it."""
    return {
        **row,
        "has_thumbnail": bool(row["has_thumbnail"]),
        "shown_in_place": row["media_type"] in SHOWN_IN_PLACE,
        "gone_on": row["deleted_at"] + keep_deleted if row["state"] == "deleted" else None,
    }


def one(session: Session | Connection, document_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    row = session.execute(SHOWN.where(Document.id == document_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(NOT_FOUND)
    return dict(row)
