"""The tab of a client's memberships (P21 to P28), and what is done to one: add, edit, change of plan."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g
from flask_babel import gettext as _

from services.web.amounts import minor
from services.web.backend import Refused, Unreachable, all_of_client, ask, everything, tell
from services.web.forms import Form, blank_to_none
from services.web.lists import branch_of, branches, client, options
from services.web.memberships.said import card_name, currency_of, labels, tenders, warnings, zone_of
from services.web.pages import show
from services.web.profile.views import tab
from services.web.quotes import Quote, two_steps
from services.web.wire import done

room = Blueprint("memberships", __name__, url_prefix="/clients/<uuid:client_id>/memberships")

CHANGED = "memberships-changed"
ROOT = "memberships"
"""The service, and the beginning of its paths."""


@room.app_context_processor
def words() -> dict[str, Any]:
    return {
        "membership_labels": labels,
        "membership_warnings": warnings,
        "card_name": card_name,
        "zone_of": zone_of,
        "tenders": tenders,
    }


@room.get("")
def page(client_id: UUID) -> Response:
    def content() -> Response:
        found = everything(ROOT, ROOT, client_id=str(client_id))
        found.sort(key=lambda row: row["lifecycle"] == "ended")
        return show("memberships/tab.html", client_id=client_id, memberships=found)

    return tab(client_id, "memberships.page", content)


@room.get("/new")
def new(client_id: UUID) -> Response:
    branch = branch_of(client(str(client_id)))
    form = Form({"branch_id": branch.get("id", ""), "employee_id": g.person.id, "card_id": _default_card(client_id)})
    return _new(client_id, form)


@room.post("/new/choices")
def choices(client_id: UUID) -> Response:
    """The form again, with the plans and employees of the branch that was chosen."""
    return _new(client_id, Form.sent())


@room.post("")
def add(client_id: UUID) -> Response:
    form = Form.sent()

    def do(quote_id: str) -> Response:
        tell("POST", ROOT, ROOT, {"quote_id": quote_id}, key=form.key)
        return done(_("The membership was added."), CHANGED)

    return two_steps(
        form,
        "add",
        lambda: _adding(client_id, form),
        do,
        lambda: _new(client_id, form),
        lambda quote: _shown("memberships/add_quote.html", client_id, form, quote, plan=_plan(form)),
    )


@room.get("/<uuid:membership_id>/edit")
def edit(client_id: UUID, membership_id: UUID) -> Response:
    found = one(membership_id)
    form = Form({name: found[name] for name in ("note", "version")})
    form.values |= {"card_id": (found["card"] or {}).get("id", ""), "next_payment_on": found["next_payment_on"] or ""}
    return _edit(client_id, found, form)


@room.post("/<uuid:membership_id>/edit")
def change(client_id: UUID, membership_id: UUID) -> Response:
    """Card and note at once; another payment date shows first what it moves."""
    form, found = Form.sent(), one(membership_id)
    path = f"{ROOT}/{membership_id}"
    body = blank_to_none({"card_id": form.get("card_id"), "note": form.get("note")}, "card_id")

    def save(**more: str) -> Response:
        tell("PATCH", ROOT, path, body | more, version=form.get("version"), key=form.key)
        return done(_("The membership was saved."), CHANGED)

    def again() -> Response:
        if form.status == 412:
            form.values["version"] = form.problem.get("version", "*")
            form.alert = _("Somebody changed this while you were editing. Save again to put yours in its place.")
        return _edit(client_id, found, form)

    day = form.get("next_payment_on")
    if not day or day == found["next_payment_on"]:
        with form.attempt():
            return save()
        return again()
    return two_steps(
        form,
        "payment_date",
        lambda: {"membership_id": str(membership_id), "next_payment_on": day},
        lambda quote_id: save(quote_id=quote_id),
        again,
        lambda quote: _shown("memberships/date_quote.html", client_id, form, quote, membership=found),
    )


@room.get("/<uuid:membership_id>/plan")
def plan(client_id: UUID, membership_id: UUID) -> Response:
    return _plans(client_id, one(membership_id), Form({"when": "period_end"}))


@room.post("/<uuid:membership_id>/plan")
def change_plan(client_id: UUID, membership_id: UUID) -> Response:
    form, found = Form.sent(), one(membership_id)

    def do(quote_id: str) -> Response:
        tell("POST", ROOT, f"{ROOT}/{membership_id}/plan-change", {"quote_id": quote_id}, key=form.key)
        return done(_("The plan was changed.") if form.get("when") == "now" else _("The plan will change."), CHANGED)

    asked = {"membership_id": str(membership_id), "plan_id": form.get("plan_id"), "when": form.get("when")}
    return two_steps(
        form,
        "plan_change",
        lambda: asked,
        do,
        lambda: _plans(client_id, found, form),
        lambda quote: _shown("memberships/plan_quote.html", client_id, form, quote, membership=found),
    )


@room.post("/<uuid:membership_id>/plan/keep")
def keep_plan(client_id: UUID, membership_id: UUID) -> Response:
    tell("DELETE", ROOT, f"{ROOT}/{membership_id}/plan-change")
    return done(_("The member keeps the plan."), CHANGED)


@room.get("/<uuid:membership_id>/forecast")
def forecast(client_id: UUID, membership_id: UUID) -> Response:
    found = ask(ROOT, f"{ROOT}/{membership_id}/forecast")
    return show("memberships/forecast.html", membership=one(membership_id), forecast=found)


def one(membership_id: UUID) -> dict[str, Any]:
    found: dict[str, Any] = ask(ROOT, f"{ROOT}/{membership_id}")
    return found


def cards_of(client_id: UUID | str) -> list[dict[str, Any]]:
    """The cards on file; none while they cannot be asked for."""
    try:
        return all_of_client(ROOT, f"{ROOT}/cards", str(client_id))
    except (Refused, Unreachable):
        return []


def sold_at(branch_id: str) -> list[dict[str, Any]]:
    return everything(ROOT, f"{ROOT}/plans", branch_id=branch_id) if branch_id else []


def employees_of(branch_id: str) -> list[tuple[str, str]]:
    found = everything("directory", "directory/employees")
    return [(row["id"], row["name"]) for row in found if row["active"] and _works(row, branch_id)]


def _works(employee: dict[str, Any], branch_id: str) -> bool:
    return not employee["branch_ids"] or branch_id in employee["branch_ids"]


def _new(client_id: UUID, form: Form) -> Response:
    branch_id = form.get("branch_id")
    return show(
        "memberships/add.html",
        form.status,
        client_id=client_id,
        form=form,
        branches=options(branches(), branch_id),
        plans=sold_at(branch_id),
        employees=employees_of(branch_id),
        cards=cards_of(client_id),
        today_there=zone_of(branch_id),
    )


def _default_card(client_id: UUID) -> str:
    return next((str(card["id"]) for card in cards_of(client_id) if card["is_default"]), "")


def _adding(client_id: UUID, form: Form) -> dict[str, Any]:
    names = ("branch_id", "plan_id", "employee_id", "card_id", "starts_on", "note")
    typed = blank_to_none({name: form.get(name) for name in names}, *names[:-1])
    return typed | {"client_id": str(client_id), "discounts": _discounts(form)}


def _discounts(form: Form) -> list[dict[str, Any]]:
    typed = form.get("discount").strip()
    if not typed:
        return []
    kind = form.get("discount_kind")
    amount = minor(typed, currency_of(form.get("branch_id"))) if kind == "amount" else _whole(typed)
    periods = form.get("discount_periods").strip()
    return [{kind: amount, "reason": form.get("discount_reason"), "periods": _whole(periods) if periods else None}]


def _whole(text: str) -> Any:
    return int(text) if text.isdecimal() else text


def _plan(form: Form) -> dict[str, Any]:
    found: dict[str, Any] = ask(ROOT, f"{ROOT}/plans/{form.get('plan_id')}")
    return found


def _shown(template: str, client_id: UUID, form: Form, quote: Quote, **more: Any) -> Response:
    return show(template, form.status, client_id=client_id, form=form, quote=quote, **more)


def _edit(client_id: UUID, found: dict[str, Any], form: Form) -> Response:
    payer = cards_of(found["payer_id"])
    values = {"client_id": client_id, "membership": found, "form": form, "cards": payer}
    return show("memberships/edit.html", form.status, **values)


def _plans(client_id: UUID, found: dict[str, Any], form: Form) -> Response:
    offered = [row for row in sold_at(found["branch_id"]) if _is_another(row, found)]
    return show("memberships/plan.html", form.status, client_id=client_id, membership=found, form=form, plans=offered)


def _is_another(plan: dict[str, Any], found: dict[str, Any]) -> bool:
    return (plan["id"], plan["terms_number"]) != (found["plan_id"], found["terms_number"])
