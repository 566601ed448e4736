"""What becomes of bytes in the database: kept once per client, and gone when the last document is."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.documents.contents.kinds import IMAGES, PDF
from services.documents.contents.models import Blob
from services.documents.contents.receiving import Received
from services.documents.documents.models import Document
from services.documents.filling.models import Submission
from shared import clock
from shared.config import Files

NEW = insert(Blob)
TAKE = NEW.on_conflict_do_update(
    index_elements=[Blob.client_id, Blob.sha256], set_={"sha256": NEW.excluded.sha256}
).returning(Blob)


def keep(session: Session, received: Received, files: Files) -> Blob:
    """The blob of these bytes, locked: the one that the client has already, or a new one.

    Two that come at once meet at the constraint, and the later one takes the earlier one's: an update that changes
    nothing locks it, and answers it.
    """
    prepared = received.media_type in (*IMAGES, PDF)
    values = {
        "id": received.blob_id,
        "client_id": received.client_id,
        "sha256": received.sha256,
        "size": received.size,
        "media_type": received.media_type,
        "scan": "waiting" if files.scanner else "none",
        "preparation": "waiting" if prepared else "none",
        "due_at": clock.now() if prepared or files.scanner else None,
        "attempts": 0,
        "has_thumbnail": False,
        "has_rendition": False,
        "created_at": clock.now(),
    }
    return session.scalars(TAKE, values, execution_options={"populate_existing": True}).one()


def let_go(session: Session, blob_id: UUID) -> list[str]:
    """Forgets the blob when no document and no signed form has it any more; the keys of bytes that the caller removes.

    After the commit: should that be cut off, bytes are left that belong to nobody, and `verify` finds them.
    """
    blob = session.get_one(Blob, blob_id, with_for_update=True)
    session.flush()
    for model in (Document, Submission):
        if session.scalar(select(func.count()).select_from(model).where(model.blob_id == blob_id)):
            return []
    keys = blob.keys
    session.delete(blob)
    return keys
