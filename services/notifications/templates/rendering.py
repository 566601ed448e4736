"""Fills in one message."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from services.notifications.catalogue.message_type import MessageType
from services.notifications.templates import layout
from services.notifications.templates.engine import HTML, TEXT, TEXT_OF_HTML, Plain, check, render
from services.notifications.templates.links import LINKS
from shared.words import Words

COMMON = ("first_name", "name", "chain", "branch", "language")
"""Values that every message has."""
UNSUBSCRIBE = {"es": "Dejar de recibir estos mensajes", "en": "Stop receiving these messages"}
PLACEHOLDER = "[[{}]]"
"""What stands in a stored text in the place of a one-time link."""

NO_SUBJECT = Words("An e-mail needs a subject.")


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of a template, ready to be filled in."""

    subject: str
    compiled: str
    number: int
    """0 for what came with the product."""


@dataclass(frozen=True, slots=True)
class Written:
    subject: str
    text: str
    html: str = ""


def names_of(kind: MessageType) -> set[str]:
    """What a template of this type may name."""
    return {*COMMON, *kind.values, *kind.secret}


def check_wording(kind: MessageType, channel: str, subject: str, body: str) -> None:
    """Raises BadTemplate unless both texts may be saved."""
    names, links = names_of(kind), set(LINKS)
    check(subject, names=names, links=links)
    check(body, names=names, links=links, form=HTML if channel == "email" else TEXT)
    if channel == "email":
        framed = layout.framed(body)
        for source, form in ((framed, HTML), (layout.as_text(framed), TEXT_OF_HTML)):
            check(source, names=names | layout.NAMES, links=links, form=form)


def write(
    wording: Wording, channel: str, values: Mapping[str, Plain], link: Callable[[str], str], unsubscribe: str | None
) -> Written:
    """The message as it goes out, with a placeholder for what is secret. Raises BadTemplate."""
    subject = render(wording.subject, values, link, line=True).strip()
    if channel != "email":
        return Written(subject, render(wording.compiled, values, link).strip())
    frame = {"unsubscribe": unsubscribe, "unsubscribe_label": UNSUBSCRIBE.get(str(values["language"]), "")}
    html = render(wording.compiled, {**values, **frame}, link, form=HTML)
    text = render(layout.as_text(wording.compiled), {**values, **frame}, link, form=TEXT_OF_HTML)
    return Written(subject, layout.tidied(text), html)


def with_secrets(written: Written, secrets: Mapping[str, str]) -> Written:
    """What is handed to the provider, and kept nowhere."""
    text, html = written.text, written.html
    for name, value in secrets.items():
        text = text.replace(PLACEHOLDER.format(name), value)
        html = html.replace(PLACEHOLDER.format(name), escape(value))
    return Written(written.subject, text, html)
