"""The HTTP door to templates."""

from typing import Any

from sqlalchemy.orm import Session

from services.notifications.catalogue.types import TYPES
from services.notifications.templates import actions
from services.notifications.templates.links import LINKS
from services.notifications.templates.models import Template as Row
from services.notifications.templates.previewing import preview as shown_to
from services.notifications.templates.rendering import names_of
from services.notifications.templates.schemas import Preview, PreviewOf, TemplateInFull, Templates, Texts
from shared.api import Door, platform, transaction
from shared.api.sight import must_know
from shared.api.versions import IF_MATCH, expected_version, tagged

door = Door("templates", __name__, url_prefix="/api/v1/notifications/templates", description="What messages say.")

READ, WRITE = "messages.read", "messages.templates.write"
ONE = "/<string:type_>/<string:channel>/<string:language>"


@door.get("", needs=READ)
@door.response(200, Templates)
def templates() -> Any:
    """Every text that there is: one for each type, channel and language."""
    with transaction() as session:
        own = actions.newest(session, actions.places())
    return {"items": [_shown(place, own.get(place)) for place in actions.places()]}


@door.get(ONE, needs=READ)
@door.response(200, TemplateInFull)
def template(type_: str, channel: str, language: str) -> Any:
    """One text, with what it may name."""
    place = (type_, channel, language)
    actions.must_be_place(place)
    with transaction() as session:
        return _tagged(session, place)


@door.put(ONE, needs=WRITE, parameters=[IF_MATCH])
@door.arguments(Texts)
@door.response(200, TemplateInFull)
def save(given: dict[str, Any], type_: str, channel: str, language: str) -> Any:
    """Saves another text, once it has been filled in for three sample clients. Every version stays."""
    expected = expected_version()
    place = (type_, channel, language)
    with transaction() as session:
        actions.save(session, platform().config, place, given["subject"], given["body"], expected)
        return _tagged(session, place)


@door.post(f"{ONE}/restore", needs=WRITE, parameters=[IF_MATCH])
@door.response(200, TemplateInFull)
def restore(type_: str, channel: str, language: str) -> Any:
    """Goes back to the text that came with the product."""
    expected = expected_version()
    place = (type_, channel, language)
    with transaction() as session:
        actions.restore(session, place, expected)
        return _tagged(session, place)


@door.post(f"{ONE}/preview", needs=READ)
@door.arguments(PreviewOf)
@door.response(200, Preview)
def preview(given: dict[str, Any], type_: str, channel: str, language: str) -> Any:
    """What this text would say to a client, and for an SMS how long it is. Nothing is saved."""
    with transaction() as session:
        if given["client_id"]:
            must_know(session, given["client_id"], READ)
        return shown_to(session, platform().config, (type_, channel, language), given)


def _tagged(session: Session, place: actions.Place) -> Any:
    row = actions.newest(session, [place]).get(place)
    values = sorted(names_of(TYPES[place[0]]))
    return tagged(row.number if row else 0, _shown(place, row) | {"values": values, "links": list(LINKS)})


def _shown(place: actions.Place, row: Row | None) -> dict[str, Any]:
    type_, channel, language = place
    own = row is not None and not row.is_default
    subject, body = (row.subject, row.body) if row is not None and own else actions.default_text(*place)
    return {
        "type": type_,
        "title": TYPES[type_].title.format(),
        "kind": TYPES[type_].kind,
        "channel": channel,
        "language": language,
        "version": row.number if row else 0,
        "is_default": not own,
        "subject": subject,
        "body": body,
    }
