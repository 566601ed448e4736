"""The tab of the contact details: one form, one Save, and nobody's work lost."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from services.web.backend import tell
from services.web.conflict import merge
from services.web.contact_details.addresses import address_parts
from services.web.contact_details.document import client_document, form_numbers, form_of, plain
from services.web.deciding import NONE, Collision, collision, kept, redrawn
from services.web.forms import Form
from services.web.lists import branch_of, branches, client, options, referral_methods
from services.web.pages import show
from services.web.profile.views import CHANGED, tab
from services.web.wire import told
from services.web.wording import Wording, client_name, countries, genders, languages, phone_types

room = Blueprint("contact_details", __name__, url_prefix="/clients/<uuid:client_id>/contact-details")


@room.get("")
def page(client_id: UUID) -> Response:
    def content() -> Response:
        found = client(str(client_id))
        return _shown(found, form_of(found))

    return tab(client_id, "contact_details.page", content)


@room.post("")
def save(client_id: UUID) -> Response:
    form = Form.sent()
    mine = kept(form, typed := client_document(form))
    with form.attempt():
        saved = tell("PATCH", "clients", f"clients/{client_id}", mine, version=form.get("version"))
        answer = _shown(saved, form_of(saved))
        return told(answer, {"foyer:done": {"message": _("Saved.")}, CHANGED: {}})
    if form.status == 412:
        return _in_conflict(form, mine)
    found = client(str(client_id))
    form_numbers(form)
    if mine.keys() != typed.keys():  # decided already: what is theirs must not come back as mine
        redrawn(form, form_of({**found, **mine}), form.status, form.get("version"))
    return _shown(found, form)


def _in_conflict(form: Form, mine: dict[str, Any]) -> Response:
    """The form again, on the version that is stored now: what both changed is asked, the rest is settled."""
    problem, wording = form.problem, Wording()
    merged = merge(mine, problem["current"], problem["changes"], plain)
    redrawn(form, form_of({**problem["current"], **merged.document}), 412, problem["version"])
    return _shown(problem["current"], form, collision(merged, problem["changes"], wording.label, wording.said))


def _shown(found: dict[str, Any], form: Form, collided: Collision = NONE) -> Response:
    form.values.setdefault("version", found["version"])
    country = form.get("address-country_code") or branch_of(found).get("country") or "ES"
    methods = referral_methods()
    chosen_branch = form.get("preferred_branch_id") or None
    places = options(branches(), chosen_branch)
    if chosen_branch and chosen_branch not in dict(places):
        places.append((chosen_branch, _("(cannot be looked up at the moment)")))
    return show(
        "contact_details/tab.html",
        form.status,
        client=found,
        form=form,
        branch=branch_of(found),
        branches=places,
        methods=options(methods, form.get("referral_method_id")),
        by_client=" ".join(method["id"] for method in methods if method["by_client"]),
        referrer=client_name(form.get("referred_by_client_id")),
        country=country,
        parts=address_parts(country, form.get("address-region")),
        countries=countries(),
        languages=languages(),
        genders=genders(),
        phone_types=phone_types(),
        collision=collided,
    )


@room.get("/address")
def address(client_id: UUID) -> Response:
    """The parts of an address as the chosen country writes them, with what was typed so far."""
    form = Form(request.args.to_dict())
    country = form.get("address-country_code")
    return show(
        "contact_details/address.html",
        form=form,
        country=country,
        parts=address_parts(country, form.get("address-region")),
    )
