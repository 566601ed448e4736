"""An announcement of a table whose rows say their own state."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.contracts.contract import Contract
from shared.events.announce import Announcement, Stated


def announcement(subject: str, contract: Contract, model: Any) -> Announcement:
    """Pages of `model` by id, each row locked so that no change overtakes what is stated of it."""

    def page(session: Session, after: UUID | None, limit: int) -> list[Stated]:
        rows = select(model).order_by(model.id).limit(limit).with_for_update(read=True)
        if after is not None:
            rows = rows.where(model.id > after)
        return [(row.id, row.version, row.state()) for row in session.scalars(rows)]

    def count(session: Session) -> int:
        return session.scalar(select(func.count()).select_from(model)) or 0

    return Announcement(subject, contract, page, count)
