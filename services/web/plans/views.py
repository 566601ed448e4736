"""Membership plans under Configuración: what is sold, on which terms, and who has which of them."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, request, url_for
from flask_babel import gettext as _

from services.web.backend import Refused, ask, everything, tell
from services.web.forms import Form
from services.web.lists import branch_of, branches, services
from services.web.memberships.said import modes
from services.web.pages import show
from services.web.plans.document import EMPTY, document, place_errors, shown
from services.web.wire import done, is_htmx

room = Blueprint("plans", __name__, url_prefix="/settings/plans")

SERVICE, ROOT = "memberships", "memberships/plans"
CHANGED = "plans-changed"


@room.app_template_filter("place_name")
def place_name(branch_id: str, places: dict[str, str]) -> str:
    return places.get(branch_id, "")


def units() -> list[tuple[str, str]]:
    return [("week", _("weeks")), ("month", _("months")), ("year", _("years"))]


def expiries() -> list[tuple[str, str]]:
    return [
        ("period_end", _("at the end of the period")),
        ("after_days", _("after a number of days")),
        ("never", _("never")),
    ]


def fees() -> list[tuple[str, str]]:
    return [
        ("none", _("Nothing")),
        ("fixed", _("A fixed fee")),
        ("periods", _("The price of some periods")),
        ("share", _("A share of what remains of the commitment")),
    ]


@room.get("")
def listing() -> Response:
    state = request.args.get("state", "active")
    found = [row for row in everything(SERVICE, ROOT) if state == "all" or row["active"] == (state == "active")]
    found.sort(key=lambda row: row["name"].casefold())
    template = "plans/table.html" if is_htmx() else "plans/list.html"
    return show(template, plans=found, state=state, places=_places())


@room.get("/new")
def new() -> Response:
    """For the branches of the person, if they are not of the whole chain, and in their currency."""
    own = list(g.person.branch_ids)
    form = Form(shown(EMPTY | {"currency": branch_of(None).get("currency", "EUR")}))
    form.values["branch_ids[]"] = own if len(own) < len(branches()) else []
    return _editor(form, None)


@room.post("")
def add() -> Response:
    form = Form.sent()
    with form.attempt():
        made = tell("POST", SERVICE, ROOT, _kept(form) | {"terms": document(form)})
        return done(_("The plan was added."), go=url_for("plans.page", plan_id=made["id"]))
    return _editor(form, None)


@room.post("/preview")
def preview() -> Response:
    """What the terms say so far; what is missing or wrong is said only when they are saved."""
    try:
        said = tell("POST", SERVICE, f"{ROOT}/preview", document(Form.sent()))["preview"]
    except Refused:
        said = []
    return show("plans/preview.html", preview=said)


@room.get("/<uuid:plan_id>")
def page(plan_id: UUID) -> Response:
    terms = everything(SERVICE, f"{ROOT}/{plan_id}/terms")
    values: dict[str, Any] = {"plan": one(plan_id), "terms": terms, "moves": _moves(plan_id), "places": _places()}
    values["zone"] = branch_of(None)["time_zone"]
    return show("plans/shown.html" if is_htmx() else "plans/page.html", **values)


@room.get("/<uuid:plan_id>/moves")
def moves(plan_id: UUID) -> Response:
    return show("plans/moves.html", plan=one(plan_id), moves=_moves(plan_id))


@room.get("/<uuid:plan_id>/edit")
def edit(plan_id: UUID) -> Response:
    found = one(plan_id)
    form = Form({name: found[name] for name in ("name", "description", "version")})
    form.values["branch_ids[]"] = found["branch_ids"]
    return _details(found, form)


@room.post("/<uuid:plan_id>/edit")
def change(plan_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        tell("PATCH", SERVICE, f"{ROOT}/{plan_id}", _kept(form), version=form.get("version"))
        return done(_("Saved."), CHANGED)
    if form.status == 412:
        form.values["version"] = form.problem.get("version", "*")
        form.alert = _("Somebody changed this while you were editing. Save again to put yours in its place.")
    return _details(one(plan_id), form)


@room.get("/<uuid:plan_id>/<any(retire, revive):act>")
def ask_first(plan_id: UUID, act: str) -> Response:
    return show("plans/question.html", plan=one(plan_id), act=act, form=Form())


@room.post("/<uuid:plan_id>/<any(retire, revive):act>")
def do(plan_id: UUID, act: str) -> Response:
    form = Form.sent()
    with form.attempt():
        tell("PATCH", SERVICE, f"{ROOT}/{plan_id}", {"active": act == "revive"}, version="*")
        return done(_("In use again.") if act == "revive" else _("Retired."), CHANGED)
    return show("plans/question.html", form.status, plan=one(plan_id), act=act, form=form)


@room.get("/<uuid:plan_id>/terms/new")
def new_terms(plan_id: UUID) -> Response:
    found = one(plan_id)
    return _editor(Form(shown(found["terms"])), found)


@room.post("/<uuid:plan_id>/terms")
def add_terms(plan_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        tell("POST", SERVICE, f"{ROOT}/{plan_id}/terms", document(form))
        return done(_("New members get these terms."), go=url_for("plans.page", plan_id=plan_id))
    return _editor(form, one(plan_id))


@room.get("/<uuid:plan_id>/move")
def move(plan_id: UUID) -> Response:
    return show("plans/move.html", plan=one(plan_id), form=Form(), dry_run=None)


@room.post("/<uuid:plan_id>/move")
def begin_move(plan_id: UUID) -> Response:
    """First a dry run, then the move of exactly those whom it named."""
    form, dry_run = Form.sent(), None
    body = {"effective_on": form.get("effective_on")}
    with form.attempt():
        if form.get("seen") == form.get("effective_on"):
            tell("POST", SERVICE, f"{ROOT}/{plan_id}/moves", body)
            return done(_("The members are being moved."), CHANGED)
        dry_run = tell("POST", SERVICE, f"{ROOT}/{plan_id}/moves/preview", body)
    return show("plans/move.html", form.status, plan=one(plan_id), form=form, dry_run=dry_run)


def one(plan_id: UUID) -> dict[str, Any]:
    found: dict[str, Any] = ask(SERVICE, f"{ROOT}/{plan_id}")
    return found


def _moves(plan_id: UUID) -> list[dict[str, Any]]:
    """The newest few; nothing for who may not move anybody."""
    try:
        return list(ask(SERVICE, f"{ROOT}/{plan_id}/moves", limit=5)["items"])
    except Refused:
        return []


def _places() -> dict[str, str]:
    return {row["id"]: row["name"] for row in branches()}


def _kept(form: Form) -> dict[str, Any]:
    return {
        "name": form.get("name"),
        "description": form.get("description"),
        "branch_ids": form.get("branch_ids[]", []),
    }


def _details(found: dict[str, Any], form: Form) -> Response:
    return show("plans/edit.html", form.status, plan=found, form=form, branches=_open(form))


def _open(form: Form) -> list[dict[str, Any]]:
    return [row for row in branches() if row["active"] or row["id"] in form.get("branch_ids[]", [])]


def _editor(form: Form, found: dict[str, Any] | None) -> Response:
    """A page, or its form again with what is wrong with it."""
    place_errors(form)
    offered = [row for row in services() if row["active"]]
    others = [row for row in everything(SERVICE, ROOT) if not found or row["id"] != found["id"]]
    values = {
        "plan": found,
        "form": form,
        "branches": _open(form),
        "currencies": [(name, name) for name in sorted({row["currency"] for row in branches()})],
        "modes": modes(),
        "units": units(),
        "expiries": expiries(),
        "fees": fees(),
        "services": offered,
        "categories": sorted({row["category"] for row in offered}),
        "others": [(row["id"], row["name"]) for row in others],
    }
    return show("plans/form.html" if is_htmx() else "plans/editor.html", form.status, **values)
