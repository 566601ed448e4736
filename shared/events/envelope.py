"""The envelope of an event: CloudEvents 1.0 in JSON, structured mode."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson

from shared import clock
from shared.actor import Context
from shared.contracts.contract import Contract
from shared.ids import new_id

CONTENT_TYPE = "application/cloudevents+json"


class Undecodable(Exception):
    """Bytes that are no event of ours; nothing can be done with them but to keep them for a person."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event as a reaction sees it."""

    id: UUID
    type: str
    subject: str
    version: int
    """The version of the subject's row when it happened; grows by one with every event of the subject."""
    time: datetime
    actor: str
    channel: str
    data: dict[str, Any]
    correlation_id: str = ""
    causation_id: str | None = None
    traceparent: str | None = None
    on_behalf_of: str | None = None


def encode(
    contract: Contract, *, subject: UUID, version: int, data: dict[str, Any], context: Context
) -> tuple[UUID, str]:
    """The id and the wire form of a new event. Raises ContractBroken unless `data` fits the contract."""
    plain = orjson.loads(orjson.dumps(data))
    contract.check(plain)
    event_id = new_id()
    envelope = {
        "specversion": "1.0",
        "id": str(event_id),
        "source": f"/foyer/{contract.owner}",
        "type": contract.type,
        "time": clock.now(),
        "subject": str(subject),
        "datacontenttype": "application/json",
        "dataschema": contract.schema_address,
        "subjectversion": version,
        "actor": context.actor,
        "channel": context.channel,
        "correlationid": context.correlation_id,
    }
    optional = {
        "onbehalfof": context.on_behalf_of,
        "causationid": context.causation_id,
        "traceparent": context.traceparent,
    }
    envelope |= {name: value for name, value in optional.items() if value}
    envelope["data"] = plain
    return event_id, orjson.dumps(envelope).decode()


def decode(body: bytes | str) -> Event:
    """Reads what any CloudEvents producer may send: only id and type must be there. Raises Undecodable."""
    try:
        raw = orjson.loads(body)
        return Event(
            id=_event_id(raw),
            type=str(raw["type"]),
            subject=str(raw.get("subject") or ""),
            version=int(raw.get("subjectversion") or 0),
            time=_moment(raw.get("time")),
            actor=str(raw.get("actor") or ""),
            channel=str(raw.get("channel") or "event"),
            data=dict(raw.get("data") or {}),
            correlation_id=str(raw.get("correlationid") or ""),
            causation_id=_text(raw.get("causationid")),
            traceparent=_text(raw.get("traceparent")),
            on_behalf_of=_text(raw.get("onbehalfof")),
        )
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise Undecodable(f"not an event: {error!r}") from error


def _event_id(raw: dict[str, Any]) -> UUID:
    """Ours are UUIDs. Another producer's may be any text, unique together with its source."""
    try:
        return UUID(raw["id"])
    except (ValueError, AttributeError):
        return uuid5(NAMESPACE_URL, f"{raw.get('source') or ''} {raw['id']}")


def _moment(text: Any) -> datetime:
    moment = datetime.fromisoformat(text) if text else clock.now()
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(value: Any) -> str | None:
    return str(value) if value else None
