"""Billing (P27): what came in and what did not, who joined and left, and what waits for a person."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from services.web.backend import Refused, ask, everything, tell
from services.web.billing.figures import Plot, by_month, months_until, plot
from services.web.forms import Form
from services.web.lists import branch_of, branches
from services.web.pages import show
from services.web.wire import done
from shared import clock

room = Blueprint("billing", __name__, url_prefix="/billing")

SERVICE, REPORTS = "memberships", "memberships/reports"
CHANGED = "billing-changed"
MONTHS = 12


def reasons() -> dict[str, tuple[str, str]]:
    """Why something is stuck, and what helps."""
    return {
        "needs_client": (_("The bank waits for the client"), _("Ask the client to confirm it with their bank.")),
        "waits_for_card": (_("Needs another card"), _("Ask for another card, or take it at the desk.")),
        "gave_up": (_("Tried as often as the rules allow"), _("Take it at the desk, or write it off.")),
        "unpaid": (_("Unpaid, and not tried again"), _("Take it at the desk, or write it off.")),
        "unknown": (_("The provider has not said how it ended"), _("It is asked again; nothing is taken twice.")),
        "refund_failed": (_("A refund did not arrive"), _("Give it back in another way.")),
        "disputed": (_("Disputed by the client at their bank"), _("Answer it at the payment provider.")),
    }


@room.get("")
def page() -> Response:
    """Its frame; each part comes by itself."""
    chosen, places = _chosen(), [row for row in branches() if row["active"]]
    currencies = sorted({row["currency"] for row in places if not chosen["branch"] or row["id"] == chosen["branch"]})
    if chosen["currency"] not in currencies:
        chosen["currency"] = currencies[0] if currencies else ""
    return show("billing/page.html", chosen=chosen, branches=places, currencies=currencies)


@room.get("/revenue")
def revenue() -> Response:
    names = {"taken": (_("Taken"), True), "refunded": (_("Given back"), False)}
    return _money("revenue", _("Revenue per month"), names, ("taken", "refunded", "lost"))


@room.get("/dunning")
def dunning() -> Response:
    failed, recovered = (_("Failed at first"), True), (_("Recovered"), True)
    names = {"failed": failed, "recovered": recovered, "open": (_("Still unpaid"), False)}
    return _money("dunning", _("Due and recovered"), names, ("due", "failed", "recovered", "open"))


@room.get("/members")
def members() -> Response:
    rows, months = _report("members"), _months()
    figures = {"won": (_("Joined"), True), "lost": (_("Gone"), True), "members": (_("Members"), False)}
    table = by_month(rows, months, ("won", "lost", "members"))
    return _figure(_("Members won and lost"), plot(rows, months, figures), table, "")


@room.get("/stuck")
def stuck() -> Response:
    """What does not go on by itself, and what the clock asks before it charges."""
    waiting = everything(SERVICE, "memberships/catch-ups", state="waiting")
    values = {"waiting": waiting, "reasons": reasons(), "zone": branch_of(None)["time_zone"]}
    return show("billing/stuck.html", stuck=_report("stuck"), **values)


@room.get("/owed")
def owed() -> Response:
    found = ask(SERVICE, f"{REPORTS}/liabilities", branch_id=_chosen()["branch"])
    return show("billing/owed.html", owed=found["items"], as_of=found["as_of"])


@room.get("/catch-ups/<uuid:catch_up_id>")
def ask_to_confirm(catch_up_id: UUID) -> Response:
    return _question(catch_up_id, Form())


@room.post("/catch-ups/<uuid:catch_up_id>")
def confirm(catch_up_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        tell("POST", SERVICE, f"memberships/catch-ups/{catch_up_id}/confirmation", key=form.key)
        return done(_("The charges are on their way."), CHANGED)
    return _question(catch_up_id, form)


def _question(catch_up_id: UUID, form: Form) -> Response:
    found = everything(SERVICE, "memberships/catch-ups")
    asked = next((row for row in found if row["id"] == str(catch_up_id)), None)
    if asked is None:
        raise Refused(404)
    return show("billing/confirm.html", form.status, asked=asked, zone=branch_of(None)["time_zone"], form=form)


def _chosen() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in ("branch", "currency")}


def _months() -> list[str]:
    return months_until(clock.today(branch_of(None)["time_zone"]), MONTHS)


def _report(name: str) -> list[dict[str, Any]]:
    found = ask(SERVICE, f"{REPORTS}/{name}", months=MONTHS, branch_id=_chosen()["branch"])
    return list(found["items"])


def _money(report: str, title: str, figures: dict[str, tuple[str, bool]], columns: tuple[str, ...]) -> Response:
    currency, months = _chosen()["currency"], _months()
    rows = [row for row in _report(report) if row["currency"] == currency]
    return _figure(title, plot(rows, months, figures, currency), by_month(rows, months, columns), currency)


def _figure(title: str, drawn: Plot, table: list[dict[str, Any]], currency: str) -> Response:
    labels = {
        "taken": _("Taken"), "refunded": _("Given back"), "lost": _("Lost to disputes") if currency else _("Gone"),
        "due": _("Due"), "failed": _("Failed at first"), "recovered": _("Recovered"), "open": _("Still unpaid"),
        "won": _("Joined"), "members": _("Members"),
    }  # fmt: skip
    return show("billing/figure.html", title=title, plot=drawn.data(), table=table, labels=labels, currency=currency)
