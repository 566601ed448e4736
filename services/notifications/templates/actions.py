"""Finds the text that holds, and saves another in its place once it has been tried on three clients."""

from collections.abc import Iterable
from functools import cache

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from services.notifications.catalogue.message_type import MessageType
from services.notifications.catalogue.types import TYPES
from services.notifications.templates.defaults import BY_LANGUAGE
from services.notifications.templates.engine import BadTemplate
from services.notifications.templates.layout import framed
from services.notifications.templates.links import link_on
from services.notifications.templates.models import Template
from services.notifications.templates.rendering import NO_SUBJECT, Wording, check_wording, write
from services.notifications.templates.samples import filled_in
from shared import clock
from shared.actor import current
from shared.audit import record
from shared.config import Config
from shared.db import run, to_json
from shared.errors import Invalid, NotFound, Stale
from shared.ids import new_id
from shared.rows import NOT_FOUND, STALE
from shared.words import LANGUAGES

Place = tuple[str, str, str]
"""Type, channel and language."""


@cache
def default_text(type_: str, channel: str, language: str) -> tuple[str, str]:
    """Subject and body as they come with the product; an empty body for a channel without one."""
    text = BY_LANGUAGE[language][type_]
    return text.subject, {"email": text.email, "sms": text.sms, "push": text.push}[channel]


@cache
def _default_wording(type_: str, channel: str, language: str) -> Wording:
    subject, body = default_text(type_, channel, language)
    return Wording(subject, framed(body) if channel == "email" else body, 0)


def places() -> list[Place]:
    """Every text that there is to write."""
    return [
        (kind.name, channel, language)
        for kind in TYPES.values()
        for channel in kind.channels
        for language in sorted(LANGUAGES, reverse=True)
    ]


def newest(session: Session, wanted: Iterable[Place]) -> dict[Place, Template]:
    """What the chain has written last for each of them, where it has. Of the versions of a text the last one stays."""
    wanted = set(wanted)
    every = select(Template).where(Template.type.in_({place[0] for place in wanted})).order_by(Template.number)
    found = {(row.type, row.channel, row.language): row for row in session.scalars(every)}
    return {place: row for place, row in found.items() if place in wanted}


HOLDS = """
    SELECT own.* FROM json_to_recordset(%(places)s) AS place (type text, channel text, language text)
    CROSS JOIN LATERAL (
        SELECT type, channel, language, subject, compiled, number, is_default FROM templates
        WHERE type = place.type AND channel = place.channel AND language = place.language
        ORDER BY number DESC LIMIT 1
    ) AS own
"""


def wordings(connection: Connection, wanted: Iterable[Place]) -> dict[Place, Wording]:
    """The text that holds at each place."""
    found = {place: _default_wording(*place) for place in wanted}
    places = [{"type": type_, "channel": channel, "language": language} for type_, channel, language in found]
    for row in run(connection, HOLDS, {"places": to_json(places)}):
        if not row["is_default"]:
            wording = Wording(row["subject"], row["compiled"], row["number"])
            found[row["type"], row["channel"], row["language"]] = wording
    return found


def must_be_place(place: Place) -> MessageType:
    """Raises NotFound when no message of that type goes that way."""
    type_, channel, language = place
    kind = TYPES.get(type_)
    if kind is None or channel not in kind.channels or language not in LANGUAGES:
        raise NotFound(NOT_FOUND)
    return kind


def save(session: Session, config: Config, place: Place, subject: str, body: str, expected: int | None) -> Template:
    """A new version of the text. Raises Invalid, with the reason, for one that fails for any of three sample clients;
    Stale when somebody else has saved one since."""
    kind = must_be_place(place)
    compiled = tried(config, kind, place, subject, body)
    return _add(session, place, expected, subject=subject, body=body, compiled=compiled, is_default=False)


def restore(session: Session, place: Place, expected: int | None) -> Template:
    """From here on the product's own text holds again."""
    must_be_place(place)
    return _add(session, place, expected, subject="", body="", compiled="", is_default=True)


def tried(config: Config, kind: MessageType, place: Place, subject: str, body: str) -> str:
    """The compiled text. Raises Invalid unless it may be saved and works for all three."""
    _type, channel, language = place
    if channel == "email" and not subject:
        raise Invalid(NO_SUBJECT, fields={"subject": [NO_SUBJECT.format()]})
    at = "subject"
    try:
        check_wording(kind, channel, subject, "")
        at = "body"
        check_wording(kind, channel, subject, body)
        wording = Wording(subject, framed(body) if channel == "email" else body, 0)
        for values in filled_in(kind, language, config.chain.name):
            write(wording, channel, values, link_on(config.base_url), None)
    except BadTemplate as error:
        raise Invalid(str(error), fields={at: [str(error)]}) from error
    return wording.compiled


def _add(session: Session, place: Place, expected: int | None, **texts: object) -> Template:
    type_, channel, language = place
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(":".join(place), 0))))
    before = newest(session, [place]).get(place)
    number = before.number if before else 0
    if expected is not None and expected != number:
        raise Stale(STALE, version=number, changes=[])
    row = Template(
        id=new_id(),
        type=type_,
        channel=channel,
        language=language,
        number=number + 1,
        created_at=clock.now(),
        created_by=current().actor,
        **texts,
    )
    session.add(row)
    session.flush()
    changes = {"subject": (before.subject if before else None, row.subject), "is_default": (None, row.is_default)}
    record(session, about=row.id, kind="template", version=row.number, changes=changes)
    return row
