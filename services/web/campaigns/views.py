"""Marketing (P36a): campaigns are planned with an estimate, started, watched, paused and ended."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import gettext as _

from services.web.backend import Refused, ask, everything, tell
from services.web.campaigns.document import EMPTY, audience, document, entry, shown
from services.web.forms import Form, as_row_numbers
from services.web.language import NAMES
from services.web.lists import branch_of, branches, tags
from services.web.messages import wording
from services.web.pages import show
from services.web.wire import done, is_htmx

room = Blueprint("campaigns", __name__, url_prefix="/marketing")

SERVICE, ROOT = "notifications", "notifications/campaigns"
CHANGED = "campaign-changed"
ACTS = "any(start, pause, resume, end):act"


def states() -> dict[str, tuple[str, str]]:
    return {
        "draft": (_("Planned"), "quiet"),
        "running": (_("Under way"), "good"),
        "paused": (_("Paused"), "warn"),
        "ended": (_("Over"), "quiet"),
    }


def entries() -> list[tuple[str, str]]:
    return [
        ("now", _("As soon as it is started")),
        ("at", _("At a time")),
        ("daily", _("Each day, by a rule")),
        ("event", _("When something happens")),
    ]


def rules() -> list[tuple[str, str]]:
    return [("birthday", _("It is their birthday")), ("not_seen", _("They were not here for so many days"))]


def events() -> list[tuple[str, str]]:
    return [
        ("clients.client.registered.v1", _("They become a client")),
        ("memberships.membership.started.v1", _("They become a member")),
        ("memberships.membership.cancelled.v1", _("Their membership ends")),
        ("bookings.appointment.completed.v1", _("They were here")),
        ("bookings.appointment.no_show.v1", _("They missed an appointment")),
    ]


def awaited() -> list[tuple[str, str]]:
    return [
        ("bookings.appointment.booked.v1", _("They book an appointment")),
        ("bookings.appointment.completed.v1", _("They come to an appointment")),
        ("documents.form.completed.v1", _("They fill in a form")),
        ("memberships.membership.started.v1", _("They become a member")),
        ("memberships.payment.succeeded.v1", _("A payment of theirs goes through")),
    ]


@room.get("")
def page() -> Response:
    found = everything(SERVICE, ROOT)
    return show("campaigns/list.html", campaigns=found, states=states(), entries=dict(entries()), zone=_zone())


@room.get("/new")
def new() -> Response:
    return _form(Form(shown(EMPTY, _chain_zone())), None)


@room.post("")
def add() -> Response:
    form = Form.sent()
    with form.attempt():
        made = tell("POST", SERVICE, ROOT, document(form, _chain_zone()))
        return done(_("The campaign is planned. Nobody is written to before you start it."), go=_at(made["id"]))
    return _form(form, None)


@room.get("/<uuid:campaign_id>")
def one(campaign_id: UUID) -> Response:
    found = ask(SERVICE, f"{ROOT}/{campaign_id}")
    return _form(Form(shown(found, _chain_zone())), found)


@room.post("/<uuid:campaign_id>")
def change(campaign_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        body = document(form, _chain_zone())
        tell("PATCH", SERVICE, f"{ROOT}/{campaign_id}", body, version=form.get("version"))
        return done(_("Saved."), go=_at(str(campaign_id)))
    if form.status == 412:
        form.values["version"] = form.problem.get("version", "*")
        form.alert = _("Somebody changed this while you were editing. Save again to put yours in its place.")
    return _form(form, ask(SERVICE, f"{ROOT}/{campaign_id}"))


@room.get("/<uuid:campaign_id>/progress")
def progress(campaign_id: UUID) -> Response:
    return show("campaigns/progress.html", campaign=ask(SERVICE, f"{ROOT}/{campaign_id}"), **_words())


@room.get(f"/<uuid:campaign_id>/<{ACTS}>")
def ask_first(campaign_id: UUID, act: str) -> Response:
    return _question(campaign_id, act, Form())


@room.post(f"/<uuid:campaign_id>/<{ACTS}>")
def do(campaign_id: UUID, act: str) -> Response:
    form = Form.sent()
    with form.attempt():
        tell("POST", SERVICE, f"{ROOT}/{campaign_id}/{act}", version=form.get("version"))
        said = {
            "start": _("The campaign is under way."),
            "pause": _("The campaign is paused."),
            "resume": _("The campaign goes on."),
            "end": _("The campaign is over."),
        }
        return done(said[act], go=_at(str(campaign_id)))
    return _question(campaign_id, act, form)


@room.post("/estimate")
def estimate() -> Response:
    """How many it would reach as it is typed, and why others are left out."""
    form = Form.sent()
    channels = [form.get(f"steps-{number}-channel") for number in form.rows("steps")]
    channel = next((each for each in channels if each), "email")
    body = {"audience": audience(form), "entry": entry(form, _chain_zone()), "channel": channel}
    try:
        found = tell("POST", SERVICE, f"{ROOT}/estimate", body)
    except Refused as refused:
        return show("campaigns/estimate.html", refused.status, found=None, problem=refused.detail)
    return show("campaigns/estimate.html", found=found, channel=wording.channels()[channel], why=wording.why)


def _form(form: Form, found: dict[str, Any] | None) -> Response:
    form.errors = as_row_numbers(form.errors, "steps", form.rows("steps"))
    values: dict[str, Any] = {
        "campaign": found,
        "may_change": found is None or found["state"] in ("draft", "paused"),
        "entries": entries(),
        "rules": rules(),
        "events": events(),
        "awaited": awaited(),
        "branches": [(row["id"], row["name"]) for row in branches() if row["active"]],
        "tags": _tags(form.get("tag_ids[]", [])),
        "plans": _plans(),
        "spoken": NAMES.items(),
        **_words(),
    }
    template = "campaigns/form.html" if is_htmx() and request.method == "POST" else "campaigns/page.html"
    return show(template, form.status, form=form, **values)


def _question(campaign_id: UUID, act: str, form: Form) -> Response:
    found = ask(SERVICE, f"{ROOT}/{campaign_id}")
    form.values.setdefault("version", found["version"])
    return show("campaigns/question.html", form.status, campaign=found, act=act, form=form)


def _words() -> dict[str, Any]:
    return {
        "states": states(),
        "message_states": wording.states(),
        "channels": wording.channels(),
        "why": wording.why,
        "zone": _zone(),
    }


def _plans() -> list[tuple[str, str]]:
    """None for who may not see them."""
    try:
        return [(row["id"], row["name"]) for row in everything("memberships", "memberships/plans")]
    except Refused:
        return []


def _tags(chosen: list[str]) -> list[tuple[str, str]]:
    """What is chosen is offered even to who may not see the list: left out, the campaign would be for everybody."""
    try:
        rows = tags()
    except Refused:
        rows = []
    offered = {row["id"]: row["name"] for row in rows if row["active"] or row["id"] in chosen}
    return list((dict.fromkeys(chosen, _("(no longer known)")) | offered).items())


def _at(campaign_id: str) -> str:
    return url_for("campaigns.one", campaign_id=campaign_id)


def _zone() -> str:
    return str(branch_of(None)["time_zone"])


def _chain_zone() -> str:
    return str(current_app.extensions["foyer-chain"].time_zone)
