"""A client's own contact details: one form, one Save."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, request, session, url_for
from flask_babel import gettext as _

from services.web.backend import ask, tell
from services.web.contact_details.addresses import address_parts
from services.web.contact_details.document import FIELDS, client_document, form_numbers, form_of
from services.web.forms import Form
from services.web.language import NAMES
from services.web.pages import show
from services.web.wording import Wording, countries, genders, languages, phone_types

room = Blueprint("portal_details", __name__, url_prefix="/portal/details")

ROOT = "clients/me"
READ_ONLY = ("birth_date", "preferred_branch_id")


@room.get("")
def page() -> Response:
    found = ask("clients", ROOT)
    return _shown(found, _form(found))


@room.post("")
def save() -> Response:
    form = Form.sent()
    mine = {name: value for name, value in client_document(form).items() if name not in READ_ONLY}
    with form.attempt():
        saved = tell("PATCH", "clients", ROOT, mine, version=form.get("version"))
        if saved["language"] in NAMES:
            session["language"] = saved["language"]
        flash(_("Saved."))
        return redirect(url_for("portal_details.page"))  # type: ignore[return-value]
    found = ask("clients", ROOT)
    form_numbers(form)
    if form.status == 412:
        form.values["version"] = found["version"]
        return _shown(found, form, _others(found, mine))
    return _shown(found, form)


@room.get("/address")
def address() -> Response:
    """The parts of an address as the chosen country writes them, with what was typed so far."""
    form = Form(request.args.to_dict())
    parts = address_parts(form.get("address-country_code"), form.get("address-region"))
    return show("contact_details/address.html", form=form, parts=parts)


def _form(found: dict[str, Any]) -> Form:
    return form_of({**dict.fromkeys(FIELDS), **found})


def _others(found: dict[str, Any], mine: dict[str, Any]) -> list[tuple[str, str]]:
    """What is on file now, where it is not what was typed."""
    wording = Wording()
    differing = [name for name, value in mine.items() if (found[name] or "") != (value or "")]
    return [(wording.label(name), wording.said(name, found[name])) for name in differing]


def _shown(found: dict[str, Any], form: Form, others: list[tuple[str, str]] | None = None) -> Response:
    form.values.setdefault("version", found["version"])
    country = form.get("address-country_code") or current_app.extensions["foyer-chain"].country
    return show(
        "portal/details.html",
        form.status,
        client=found,
        form=form,
        others=others or [],
        country=country,
        parts=address_parts(country, form.get("address-region")),
        countries=countries(),
        spoken=languages(),
        genders=genders(),
        phone_types=phone_types(),
    )
