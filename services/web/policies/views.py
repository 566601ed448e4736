"""The rules of billing under Configuración: the chain's, and what a branch has otherwise."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from services.web.backend import ask, tell
from services.web.forms import Form, as_row_numbers, flat
from services.web.lists import branches
from services.web.pages import show
from services.web.policies.said import arrears, sentences, withholdings
from services.web.settings.section import whole
from services.web.wire import done, is_htmx

room = Blueprint("policies", __name__, url_prefix="/settings/policies")

SERVICE, ROOT = "memberships", "memberships/policies"
NUMBERS = (
    "charge_hour", "catch_up_days", "cooling_off_days", "attempts_before_suspension", "renewal_notice_days",
    "minimum_charge", "credit_grace_days", "gift_card_months", "gift_card_minimum_months",
)  # fmt: skip
TEXTS = ("account", "arrears", "withhold_benefits")
SWITCHES = ("late_payment_moves_date", "other_cards", "use_balance_first", "prices_include_tax")


@room.get("")
def listing() -> Response:
    """The rules of the chain, or of the branch that is chosen."""
    branch_id = request.args.get("branch", "")
    found = ask(SERVICE, _path(branch_id))
    return _page(branch_id, found, Form(_shown(found["own"]) | {"version": found["version"]}))


@room.post("")
def change() -> Response:
    form = Form.sent()
    branch_id = form.get("branch")
    with form.attempt():
        tell("PUT", SERVICE, _path(branch_id), _document(form), version=form.get("version"))
        return done(_("The rules were saved."), go=url_for("policies.listing", branch=branch_id or None))
    if form.status == 412:
        form.values["version"] = form.problem.get("version", "*")
        form.alert = _("Somebody changed this while you were editing. Save again to put yours in its place.")
    form.errors |= as_row_numbers(form.errors, "taxes", form.rows("taxes"))
    return _page(branch_id, ask(SERVICE, _path(branch_id)), form)


def _path(branch_id: str) -> str:
    return f"{ROOT}/{branch_id}" if branch_id else ROOT


def _shown(own: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {name: own[name] for name in (*NUMBERS, *TEXTS) if name in own}
    values |= {name: "yes" if own[name] else "no" for name in SWITCHES if name in own}
    if "retry_days" in own:
        values["retry_days"] = ", ".join(str(day) for day in own["retry_days"])
    return values | dict(flat({"taxes": own.get("taxes", [])}))


def _document(form: Form) -> dict[str, Any]:
    """Only what was set: the rest holds as the chain says, or as it is by default."""
    body: dict[str, Any] = {name: whole(str(form.get(name))) for name in NUMBERS if str(form.get(name)).strip()}
    body |= {name: form.get(name) for name in TEXTS if form.get(name)}
    body |= {name: form.get(name) == "yes" for name in SWITCHES if form.get(name)}
    if days := form.get("retry_days").strip():
        body["retry_days"] = [whole(day.strip()) for day in days.split(",") if day.strip()]
    if taxes := form.nested().get("taxes"):
        body["taxes"] = [{**tax, "rate": tax.get("rate", "").replace(",", ".")} for tax in taxes]
    return body


def _page(branch_id: str, found: dict[str, Any], form: Form) -> Response:
    values = {
        "branch_id": branch_id,
        "branches": [(row["id"], row["name"]) for row in branches() if row["active"]],
        "in_force": found["in_force"],
        "sentences": sentences(found["in_force"]),
        "arrears": arrears(),
        "withholdings": withholdings(),
    }
    template = "policies/form.html" if is_htmx() and request.method == "POST" else "policies/page.html"
    return show(template, form.status, form=form, **values)
