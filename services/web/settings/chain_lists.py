"""The chain's own lists: statuses, referral methods and tags, which clients owns, and types of documents."""

from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as N_

from services.web.forms import Form
from services.web.lists import said
from services.web.settings.section import Column, Field, Row, Section, whole

OTHER_LANGUAGE = "es"
"""A list's names are written in English and, for the reader of Spanish, once more."""
NO_COLOUR = "#6c757d"


def form(row: Row) -> Form:
    return Form({**dict(row), "names": "", "names-es": (row.get("names") or {}).get(OTHER_LANGUAGE, "")})


def document(form: Form) -> dict[str, Any]:
    spanish = form.get("names-es").strip()
    return {
        "name": form.get("name"),
        "names": {OTHER_LANGUAGE: spanish} if spanish else {},
        "position": whole(form.get("position")) if form.get("position") != "" else 100,
    }


def fields() -> dict[str, Field]:
    return {
        "name": Field(_("Name in English")),
        "names": Field(_("Name in Spanish"), lambda names: str(names.get(OTHER_LANGUAGE, ""))),
        "position": Field(_("Order")),
    }


def _name() -> Column:
    return Column("name", _("Name"), said)


def _order() -> Column:
    return Column("position", _("Order"), lambda row: str(row["position"]), lambda row: row["position"])


def colours() -> list[tuple[str, str]]:
    """The palette of tags, whose colours are in the style sheet: one for each theme."""
    return [
        ("grey", _("Grey")),
        ("red", _("Red")),
        ("orange", _("Orange")),
        ("green", _("Green")),
        ("teal", _("Teal")),
        ("blue", _("Blue")),
        ("purple", _("Purple")),
        ("pink", _("Pink")),
    ]


def _colour(name: str) -> str:
    return dict(colours()).get(name, name)


def _asks(by_client: bool) -> str:
    return _("Yes") if by_client else ""


ChainList = partial(Section, service="clients", writes="clients.lists.write", form=form, has_door_to_one=False)

STATUSES = ChainList(
    key="statuses",
    icon="circle-half",
    path="clients/statuses",
    title=N_("Statuses"),
    about=N_("The statuses that a client may have, in the order of the picker."),
    one=N_("Add status"),
    consequence=N_("It can no longer be chosen. Clients who have it keep it."),
    columns=lambda: [_name(), _order()],
    fields=lambda: fields() | {"colour": Field(_("Colour"))},
    document=lambda form: document(form) | {"colour": form.get("colour") or NO_COLOUR},
)
REFERRAL_METHODS = ChainList(
    key="referral-methods",
    icon="signpost-2",
    path="clients/referral-methods",
    title=N_("Referral methods"),
    about=N_("How clients come to the chain, in the order of the picker."),
    one=N_("Add referral method"),
    consequence=N_("It can no longer be chosen. Clients who came that way keep it."),
    columns=lambda: [
        _name(),
        Column("by_client", _("Asks for the client"), lambda row: _asks(row["by_client"])),
        _order(),
    ],
    fields=lambda: fields() | {"by_client": Field(_("Asks which client"), _asks)},
    document=lambda form: document(form) | {"by_client": form.get("by_client") == "true"},
)
TAGS = ChainList(
    key="tags",
    icon="tags",
    path="clients/tags",
    title=N_("Tags"),
    about=N_("What clients can be marked with, to see it at once and to find them by it."),
    one=N_("Add tag"),
    consequence=N_("It can no longer be chosen. Clients who have it keep it."),
    columns=lambda: [_name(), Column("colour", _("Colour"), lambda row: _colour(row["colour"])), _order()],
    fields=lambda: fields() | {"colour": Field(_("Colour"), _colour)},
    choices=lambda form: {"colours": colours()},
    document=lambda form: document(form) | {"colour": form.get("colour")},
)
DOCUMENT_TYPES = Section(
    key="document-types",
    icon="folder2",
    service="documents",
    path="documents/types",
    writes="documents.types.write",
    has_door_to_one=False,
    title=N_("Document types"),
    about=N_("What a document can be, in the order of the picker."),
    one=N_("Add document type"),
    consequence=N_("It can no longer be chosen. Documents that have it keep it."),
    columns=lambda: [_name(), _order()],
    fields=fields,
    form=form,
    document=document,
)
