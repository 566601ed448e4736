"""Payment activity (P23), taking the next payment by hand (P25), and what the desk does about what is owed."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from flask_babel import gettext as _

from services.web.amounts import minor
from services.web.backend import ask, everything, tell
from services.web.forms import Form
from services.web.memberships.said import tenders
from services.web.memberships.views import CHANGED, ROOT, one
from services.web.pages import show
from services.web.quotes import two_steps
from services.web.wire import done, told

room = Blueprint("payments", __name__, url_prefix="/clients/<uuid:client_id>/memberships/<uuid:membership_id>")


@room.get("/payments")
def page(client_id: UUID, membership_id: UUID) -> Response:
    found = one(membership_id)
    activity = ask(ROOT, f"{ROOT}/{membership_id}/payments", limit=100)["items"]
    refundable = {row["number"] for row in _dues(membership_id) if row["number"] and row["amount"] > row["refunded"]}
    values = {"membership": found, "activity": activity, "open_dues": _open(membership_id), "refundable": refundable}
    return show("payments/page.html", client_id=client_id, **values)


@room.get("/process")
def ask_to_process(client_id: UUID, membership_id: UUID) -> Response:
    found = one(membership_id)
    return _question(client_id, found, Form({"period": _next_unpaid(found)}))


@room.post("/process")
def process(client_id: UUID, membership_id: UUID) -> Response:
    """Takes the payment of the period that the dialog showed, and no other."""
    form, found = Form.sent(), one(membership_id)
    with form.attempt():
        path = f"{ROOT}/{membership_id}/process"
        payment = tell("POST", ROOT, path, {"period": int(form.get("period"))}, key=form.key)
        if payment["attempt"] is None:
            return done(_("This period is paid already."), CHANGED)
        return _progress(client_id, membership_id, payment["attempt"])
    if form.problem.get("code") == "another_period":
        form.values["period"] = form.problem.get("period", _next_unpaid(found))
    return _question(client_id, found, form)


@room.get("/attempts/<uuid:attempt_id>")
def attempt(client_id: UUID, membership_id: UUID, attempt_id: UUID) -> Response:
    """How it stands: asked again by the page itself until it is known."""
    return _progress(client_id, membership_id, ask(ROOT, f"{ROOT}/payments/attempts/{attempt_id}"))


@room.get("/dues/<uuid:due_id>/settlement")
def settlement(client_id: UUID, membership_id: UUID, due_id: UUID) -> Response:
    return _desk("payments/settle.html", client_id, membership_id, due_id, Form({"tender": "cash"}))


@room.post("/dues/<uuid:due_id>/settlement")
def settle(client_id: UUID, membership_id: UUID, due_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        amount = int(form.get("amount"))
        body = {"tender": form.get("tender"), "amount": amount, "reference": form.get("reference") or None}
        tell("POST", ROOT, f"{ROOT}/dues/{due_id}/settlements", body, key=form.key)
        return done(_("The payment was taken."), CHANGED)
    return _desk("payments/settle.html", client_id, membership_id, due_id, form)


@room.get("/dues/<uuid:due_id>/write-off")
def ask_to_write_off(client_id: UUID, membership_id: UUID, due_id: UUID) -> Response:
    return _desk("payments/write_off.html", client_id, membership_id, due_id, Form())


@room.post("/dues/<uuid:due_id>/write-off")
def write_off(client_id: UUID, membership_id: UUID, due_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        tell("POST", ROOT, f"{ROOT}/dues/{due_id}/write-off", {"reason": form.get("reason")}, key=form.key)
        return done(_("It was written off."), CHANGED)
    return _desk("payments/write_off.html", client_id, membership_id, due_id, form)


@room.get("/periods/<int:period>/refund")
def ask_to_refund(client_id: UUID, membership_id: UUID, period: int) -> Response:
    return _refund(client_id, membership_id, period, Form({"destination": "card", "credits": "lapse"}))


@room.post("/periods/<int:period>/refund")
def refund(client_id: UUID, membership_id: UUID, period: int) -> Response:
    form, found = Form.sent(), one(membership_id)
    amount = form.get("amount").strip()

    def do(quote_id: str) -> Response:
        path = f"{ROOT}/{membership_id}/periods/{period}/refunds"
        tell("POST", ROOT, path, {"quote_id": quote_id}, key=form.key)
        return done(_("The refund is on its way."), CHANGED)

    asked = {name: form.get(name) for name in ("destination", "credits", "reason")}
    asked |= {"membership_id": str(membership_id), "period": period}
    of = {"client_id": client_id, "membership": found, "period": period, "form": form}
    return two_steps(
        form,
        "refund",
        lambda: asked | {"amount": minor(amount, found["currency"]) if amount else None},
        do,
        lambda: _refund(client_id, membership_id, period, form),
        lambda quote: show("payments/refund_quote.html", form.status, quote=quote, **of),
    )


def _dues(membership_id: UUID, **query: str) -> list[dict[str, Any]]:
    return everything(ROOT, f"{ROOT}/dues", membership_id=str(membership_id), **query)


def _open(membership_id: UUID) -> list[dict[str, Any]]:
    return _dues(membership_id, state="open")


def _next_unpaid(found: dict[str, Any]) -> int:
    """What is missing comes before what is to come; if it is another one, the service says which."""
    missing = [row["number"] for row in _open(found["id"]) if row["number"]]
    return int(max(missing, default=found["next_period"]))


def _question(client_id: UUID, found: dict[str, Any], form: Form) -> Response:
    due = next((row for row in _open(found["id"]) if row["number"] == int(form.get("period"))), None)
    return show("payments/process.html", form.status, client_id=client_id, membership=found, due=due, form=form)


def _progress(client_id: UUID, membership_id: UUID, found: dict[str, Any]) -> Response:
    answer = show("payments/progress.html", client_id=client_id, membership_id=membership_id, attempt=found)
    return answer if found["is_open"] else told(answer, {CHANGED: {}})


def _desk(template: str, client_id: UUID, membership_id: UUID, due_id: UUID, form: Form) -> Response:
    due = ask(ROOT, f"{ROOT}/dues/{due_id}")
    values = {"client_id": client_id, "membership_id": membership_id, "due": due, "form": form, "tenders": tenders()}
    return show(template, form.status, **values)


def _refund(client_id: UUID, membership_id: UUID, period: int, form: Form) -> Response:
    found = one(membership_id)
    due = next(row for row in _dues(membership_id) if row["number"] == period)
    values = {"client_id": client_id, "membership": found, "period": period, "due": due, "form": form}
    return show("payments/refund.html", form.status, **values)
