"""`events tail`: shows what is said, for people. What an event holds about a person is masked unless asked for."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import click
import orjson

from shared.card import Card
from shared.config import load
from shared.contracts import contract
from shared.events.envelope import Event, Undecodable, decode
from shared.events.transport import connect

MASK = "•••"


@click.group("events")
def events() -> None:
    """What all services say."""


@events.command()
@click.option("--from-start", is_flag=True, help="Begin with the oldest that is kept, 30 days back.")
@click.option("--type", "pattern", default="*", help="Only types that match, as in 'clients.client.*'.")
@click.option("--personal", is_flag=True, help="Show names, numbers and addresses, too.")
@click.pass_obj
def tail(card: Card, from_start: bool, pattern: str, personal: bool) -> None:
    """Prints every event as it is said, until it is stopped."""
    transport = connect(load(card.name))
    try:
        for event in _readable(transport.history(from_start)):
            if fnmatchcase(event.type, pattern):
                click.echo(line(event, personal=personal))
    finally:
        transport.close()


def _readable(bodies: Iterator[bytes]) -> Iterator[Event]:
    for body in bodies:
        try:
            yield decode(body)
        except Undecodable as error:
            click.echo(str(error), err=True)


def line(event: Event, *, personal: bool) -> str:
    """One event in one line."""
    data = event.data if personal else masked(event)
    when = event.time.isoformat(timespec="milliseconds")
    return f"{when} {event.type} {event.subject} v{event.version} {event.actor} {orjson.dumps(data).decode()}"


def masked(event: Event) -> dict[str, Any]:
    """The data, with a mask in place of what the contract marks as personal; all of it where no contract is known."""
    known = contract(event.type)
    schema = known.json_schema.get("properties", {}) if known else {}
    return {name: _masked(value, schema.get(name)) for name, value in event.data.items()}


def _masked(value: Any, schema: dict[str, Any] | None) -> Any:
    if value is None:
        return None
    if schema is None or schema.get("x-personal"):
        return MASK
    if isinstance(value, dict):
        inner = schema.get("properties", {})
        return {name: _masked(each, inner.get(name)) for name, each in value.items()}
    if isinstance(value, list):
        return [_masked(each, schema.get("items")) for each in value]
    return value
