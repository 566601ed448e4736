"""The words in which consents are asked for, as they are now."""

from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from services.notifications.consents.models import Wording
from shared.words import LANGUAGES

CURRENT = (
    select(Wording.__table__)
    .ext(distinct_on(Wording.channel, Wording.language))
    .order_by(Wording.channel, Wording.language, Wording.number.desc())
)


def current_wordings(session: Session | Connection, language: str | None = None) -> list[dict[str, Any]]:
    """The newest of each channel, in this language; in all of them for None, and Spanish for one that has none."""
    wanted = CURRENT
    if language is not None:
        wanted = wanted.where(Wording.language == (language if language in LANGUAGES else "es"))
    return [dict(row) for row in session.execute(wanted).mappings()]
