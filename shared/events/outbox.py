"""The outbox: what a service has to say, written in the transaction that made it true.

The two wrong orders are: publish, then commit (an event of something that never happened), and commit, then publish
(a kill between the two loses the event). A row in the same transaction is the third way, and the relay does the rest.

The outbox holds only what is not yet published: the relay deletes what the broker has confirmed.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from shared import clock
from shared.actor import current
from shared.contracts.contract import Contract
from shared.events.envelope import encode


def emit(
    session: Session,
    contract: Contract,
    *,
    subject: UUID,
    version: int,
    data: dict[str, Any],
    queue: str | None = None,
) -> UUID:
    """Says that it happened, as part of the caller's transaction; answers the event's id.

    With `queue`, only that queue hears of it: an announcement. A change goes through `audit.record` instead.

    Call it under the lock of the subject's row, with the row's new version: that is what keeps a subject's events in
    order. Raises ContractBroken when `data` is not what the contract promises.
    """
    event_id, body = encode(contract, subject=subject, version=version, data=data, context=current())
    session.execute(
        text("INSERT INTO outbox (event_id, type, body, at, queue) VALUES (:event_id, :type, :body, :at, :queue)"),
        {"event_id": event_id, "type": contract.type, "body": body, "at": clock.now(), "queue": queue},
    )
    return event_id
