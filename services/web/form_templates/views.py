"""Forms under Configuración: built card by card, in versions, with the rules that assign them (P14, P15)."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, request, url_for
from flask_babel import gettext as _

from services.web.backend import Refused, ask, everything, send_bytes, tell
from services.web.filling.page import said
from services.web.form_templates.document import document, place_errors, questions, shown
from services.web.forms import Form
from services.web.lists import branch_of, branches, options, services
from services.web.pages import show
from services.web.passing import passed_on_openly
from services.web.wire import done, is_htmx

room = Blueprint("form_templates", __name__, url_prefix="/settings/forms")

SERVICE, ROOT, RULES = "documents", "documents/forms", "documents/form-rules"
CHANGED = "form-templates-changed"
MOST_OF_PICTURE = 10_000_000
EMPTY: dict[str, Any] = {"name": "", "names": {}, "valid_months": None, "version": "", "questions": []}


def kinds() -> list[tuple[str, str]]:
    return [
        ("text", _("Short text")),
        ("long_text", _("Long text")),
        ("yes_no", _("Yes or no")),
        ("choice", _("One of several")),
        ("choices", _("Several of several")),
        ("number", _("Number")),
        ("date", _("Date")),
        ("signature", _("Signature")),
        ("heading", _("Heading or explanation")),
        ("image", _("Picture")),
    ]


def profile_fields() -> list[tuple[str, str]]:
    return [
        ("first_name", _("First name")),
        ("middle_name", _("Middle name")),
        ("last_name", _("Last name")),
        ("birth_date", _("Date of birth")),
        ("email", _("E-mail")),
        ("phone", _("Phone")),
    ]


def triggers() -> dict[str, str]:
    return {
        "new_client": _("A new client"),
        "new_membership": _("A new membership"),
        "booked_service": _("A booked service"),
    }


@room.get("")
def listing() -> Response:
    state = request.args.get("state", "active")
    found = [row for row in everything(SERVICE, ROOT) if state == "all" or row["active"] == (state == "active")]
    rules: dict[str, list[Any]] = {}
    for rule in everything(SERVICE, RULES):
        rules.setdefault(rule["form_id"], []).append(rule)
    template = "form_templates/table.html" if is_htmx() else "form_templates/list.html"
    return show(template, forms=found, state=state, rules=rules, said=said)


@room.get("/new")
def new() -> Response:
    return _builder(Form(shown(EMPTY)), None)


@room.post("")
def add() -> Response:
    form = Form.sent()
    with form.attempt():
        made = tell("POST", SERVICE, ROOT, document(form))
        return done(_("The form was added."), go=url_for("form_templates.page", form_id=made["id"]))
    return _builder(form, None)


@room.get("/<uuid:form_id>")
def page(form_id: UUID) -> Response:
    return _builder(Form(shown(one(form_id))), form_id)


@room.post("/<uuid:form_id>")
def change(form_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        tell("PATCH", SERVICE, f"{ROOT}/{form_id}", document(form), version=form.get("version"))
        return done(_("Saved. It holds for what is assigned from now on."), go=url_for(".page", form_id=form_id))
    if form.status == 412:
        form.values["version"] = form.problem.get("version", "*")
        form.alert = _("Somebody changed this while you were editing. Save again to put yours in its place.")
    return _builder(form, form_id)


@room.post("/preview")
def preview() -> Response:
    """The form as a client would see it, as far as it is built."""
    sent = Form.sent()
    asked = [each for each in questions(sent) if each["label"]]
    form = {"questions": asked, "answers": {}, "version": ""}
    return show("form_templates/preview.html", form=form, title=sent.get("name"))


@room.post("/images")
def add_image() -> Response:
    """A picture for a form, straight from the page; the service says what is too large."""
    request.max_content_length = MOST_OF_PICTURE
    try:
        made = send_bytes(SERVICE, f"{ROOT}/images", request.get_data())
    except Refused as refused:
        return jsonify({"detail": refused.detail}), refused.status  # type: ignore[return-value]
    return jsonify({"id": made["id"], "address": url_for("form_templates.image", image_id=made["id"])})


@room.get("/images/<uuid:image_id>")
def image(image_id: UUID) -> Response:
    return passed_on_openly(SERVICE, f"documents/forms/images/{image_id}")


@room.get("/<uuid:form_id>/<any(retire, revive):act>")
def ask_first(form_id: UUID, act: str) -> Response:
    return show("form_templates/question.html", row=one(form_id), act=act, form=Form(), said=said)


@room.post("/<uuid:form_id>/<any(retire, revive):act>")
def do(form_id: UUID, act: str) -> Response:
    form = Form.sent()
    with form.attempt():
        tell("PATCH", SERVICE, f"{ROOT}/{form_id}", {"active": act == "revive"}, version="*")
        return done(_("In use again.") if act == "revive" else _("Retired."), CHANGED)
    return show("form_templates/question.html", form.status, row=one(form_id), act=act, form=form, said=said)


@room.get("/<uuid:form_id>/rules")
def rules(form_id: UUID) -> Response:
    found = everything(SERVICE, RULES, form_id=str(form_id))
    names = {row["id"]: row["name"] for row in (*branches(), *services(), *_plans())}
    return show("form_templates/rules.html", form_id=form_id, rules=found, triggers=triggers(), names=names)


@room.get("/<uuid:form_id>/rules/new")
def new_rule(form_id: UUID) -> Response:
    return _rule(form_id, Form({"trigger": "new_client", "renews": "true"}))


@room.post("/<uuid:form_id>/rules")
def add_rule(form_id: UUID) -> Response:
    form = Form.sent()
    trigger = form.get("trigger")
    with form.attempt():
        body = {"form_id": str(form_id), "trigger": trigger, "branch_id": form.get("branch_id") or None}
        body |= {name: form.get(name) == "true" for name in ("renews",)}
        if trigger == "new_membership":
            body["plan_id"] = form.get("plan_id") or None
        if trigger == "booked_service":
            body["service_id"] = form.get("service_id") or None
            body["first_visit_only"] = form.get("first_visit_only") == "true"
        tell("POST", SERVICE, RULES, body)
        return done(_("The rule was added."), CHANGED)
    return _rule(form_id, form)


@room.post("/<uuid:form_id>/rules/<uuid:rule_id>/removal")
def remove_rule(form_id: UUID, rule_id: UUID) -> Response:
    tell("DELETE", SERVICE, f"{RULES}/{rule_id}", version="*")
    return done(_("The rule was removed."), CHANGED)


def one(form_id: UUID) -> dict[str, Any]:
    found: dict[str, Any] = ask(SERVICE, f"{ROOT}/{form_id}")
    return found


def _builder(form: Form, form_id: UUID | None) -> Response:
    place_errors(form)
    values: dict[str, Any] = {"form_id": form_id, "kinds": kinds(), "profile_fields": profile_fields()}
    template = "form_templates/builder.html" if is_htmx() and request.method == "POST" else "form_templates/page.html"
    return show(template, form.status, form=form, zone=branch_of(None)["time_zone"], **values)


def _rule(form_id: UUID, form: Form) -> Response:
    choices = {"branches": options(branches()), "services": options(services()), "plans": options(_plans())}
    return show("form_templates/rule.html", form.status, form_id=form_id, form=form, triggers=triggers(), **choices)


def _plans() -> list[dict[str, Any]]:
    """None for who may not see them."""
    try:
        return everything("memberships", "memberships/plans")
    except Refused:
        return []
