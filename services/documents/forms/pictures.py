"""Pictures that forms show: looked at, redrawn, and kept once."""

import hashlib
from io import BytesIO
from uuid import UUID

from PIL import Image, UnidentifiedImageError
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.documents.forms.models import FormImage
from shared.errors import Invalid
from shared.ids import new_id
from shared.words import Words

MOST_BYTES = 2_000_000
EDGE = 1600
NO_PICTURE = Words("This is not a picture that a form can show: a PNG, JPEG or WebP is, of at most 2 MB.")


def add(session: Session, content: bytes) -> FormImage:
    """The picture, drawn anew so that nothing but a picture is kept. Raises Invalid for anything else."""
    drawn = redrawn(content)
    sha256 = hashlib.sha256(drawn).hexdigest()
    row = {"id": new_id(), "sha256": sha256, "media_type": "image/png", "content": drawn}
    session.execute(insert(FormImage).values(row).on_conflict_do_nothing())
    return session.scalars(select(FormImage).where(FormImage.sha256 == sha256)).one()


def redrawn(content: bytes) -> bytes:
    if len(content) > MOST_BYTES:
        raise _refused()
    try:
        picture = Image.open(BytesIO(content), formats=("PNG", "JPEG", "WEBP"))
        if picture.width * picture.height > EDGE * EDGE * 16:
            raise _refused()
        picture.thumbnail((EDGE, EDGE))
        kept = BytesIO()
        picture.convert("RGBA" if "A" in picture.mode else "RGB").save(kept, "PNG")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise _refused() from error
    return kept.getvalue()


def known(session: Session, ids: set[UUID]) -> set[UUID]:
    """Those of them that are there."""
    return set(session.scalars(select(FormImage.id).where(FormImage.id.in_(ids)))) if ids else set()


def _refused() -> Invalid:
    return Invalid(NO_PICTURE, fields={"file": [NO_PICTURE.format()]})
