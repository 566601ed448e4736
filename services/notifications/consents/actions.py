"""New words in which a consent is asked for. What was agreed to in others stays with those."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications.consents.models import Wording
from shared import audit, clock
from shared.actor import current
from shared.errors import NotFound
from shared.ids import new_id
from shared.rows import NOT_FOUND


def reword(session: Session, channel: str, language: str, text: str) -> Wording:
    """A new number of them; the same words again are no new ones. Raises NotFound for a language without any."""
    newest = select(Wording).where(Wording.channel == channel, Wording.language == language)
    before = session.scalar(newest.order_by(Wording.number.desc()).limit(1).with_for_update())
    if before is None:
        raise NotFound(NOT_FOUND)
    if before.text == text:
        return before
    made = Wording(
        id=new_id(),
        channel=channel,
        language=language,
        number=before.number + 1,
        text=text,
        created_at=clock.now(),
        created_by=current().actor,
    )
    session.add(made)
    session.flush()
    audit.record(
        session, about=made.id, kind="consent_wording", version=made.number, changes={"text": (before.text, text)}
    )
    return made
