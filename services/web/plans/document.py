"""The terms of a plan: as a form shows them, and as the API takes them."""

from collections.abc import Mapping
from typing import Any

from services.web.amounts import major, minor
from services.web.forms import Form, as_row_numbers
from services.web.settings.section import whole

MODES = ("skip_payments", "shift_payments", "stop_everything")
SERVICE, CATEGORY = "service:", "category:"

EMPTY: dict[str, Any] = {
    "price": None,
    "currency": "EUR",
    "tax_category": "standard",
    "interval": {"unit": "month", "count": 1},
    "sign_up_fee": 0,
    "trial_days": 0,
    "benefits": [],
    "commitment_periods": 0,
    "ends_after_periods": None,
    "then_plan_id": None,
    "cancellation": {"kind": "none", "amount": 0, "periods": 0, "share": 0},
    "notice_days": 0,
    "freezing": {"rules": [], "days_a_year": 0, "fee": 0, "fee_per": "freeze"},
}


def shown(terms: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the form."""
    currency, cancellation, freezing = terms["currency"], terms["cancellation"], terms["freezing"]
    names = ("currency", "tax_category", "trial_days", "commitment_periods", "ends_after_periods", "then_plan_id")
    values = {f"terms-{name}": terms[name] for name in (*names, "notice_days")}
    values |= {f"terms-{name}": major(terms[name], currency) for name in ("price", "sign_up_fee")}
    values |= {f"terms-interval-{name}": value for name, value in terms["interval"].items()}
    values |= {f"terms-cancellation-{name}": value for name, value in cancellation.items()}
    values["terms-cancellation-amount"] = major(cancellation["amount"], currency)
    values |= {f"terms-freezing-{name}": freezing[name] for name in ("days_a_year", "fee_per")}
    values["terms-freezing-fee"] = major(freezing["fee"], currency)
    for rule in freezing["rules"]:
        values[f"freezes-{rule['mode']}"] = "1"
        for name in ("credits_usable", "extends_expiry", "extends_commitment"):
            values[f"freeze-{rule['mode']}-{name}"] = "1" if rule[name] else ""
    for number, benefit in enumerate(terms["benefits"]):
        values |= {f"terms-benefits-{number}-{name}": value for name, value in benefit.items()}
        values[f"terms-benefits-{number}-what"] = _what(benefit)
    return values


def document(form: Form) -> dict[str, Any]:
    """What was typed. What is no number goes as it is, and the API says what is wrong with it."""
    typed, currency = form.nested().get("terms", {}), form.get("terms-currency")
    cancellation, freezing = typed.get("cancellation", {}), typed.get("freezing", {})
    return {
        "price": minor(typed.get("price", ""), currency),
        "currency": currency,
        "tax_category": typed.get("tax_category"),
        "interval": {"unit": typed["interval"]["unit"], "count": whole(typed["interval"]["count"])},
        "sign_up_fee": _amount(typed.get("sign_up_fee"), currency),
        "trial_days": _number(typed.get("trial_days")),
        "benefits": [_benefit(form, number) for number in form.rows("terms-benefits")],
        "commitment_periods": _number(typed.get("commitment_periods")),
        "ends_after_periods": _number(typed.get("ends_after_periods"), None),
        "then_plan_id": typed.get("then_plan_id") or None,
        "cancellation": {
            "kind": cancellation.get("kind", "none"),
            "amount": _amount(cancellation.get("amount"), currency),
            "periods": _number(cancellation.get("periods")),
            "share": _number(cancellation.get("share")),
            "waived_within_days": _number(cancellation.get("waived_within_days"), None),
            "waived_after_payments": _number(cancellation.get("waived_after_payments"), None),
        },
        "notice_days": _number(typed.get("notice_days")),
        "freezing": {
            "rules": [_freeze_rule(form, mode) for mode in MODES if form.get(f"freezes-{mode}")],
            "days_a_year": _number(freezing.get("days_a_year")),
            "fee": _amount(freezing.get("fee"), currency),
            "fee_per": freezing.get("fee_per", "freeze"),
        },
    }


def place_errors(form: Form) -> None:
    """Messages about the terms alone find the form's fields, which are those of a plan with terms."""
    own = {name if name.startswith("terms-") else f"terms-{name}": texts for name, texts in form.errors.items()}
    numbers = form.rows("terms-benefits")
    moved = as_row_numbers({name.removeprefix("terms-"): texts for name, texts in own.items()}, "benefits", numbers)
    form.errors |= {f"terms-{name}": texts for name, texts in moved.items()}
    for number in numbers:
        for name in ("category", "service_id"):
            if texts := form.errors.get(f"terms-benefits-{number}-{name}"):
                form.errors[f"terms-benefits-{number}-what"] = texts


def _benefit(form: Form, number: int) -> dict[str, Any]:
    way = f"terms-benefits-{number}"
    what, expires = form.get(f"{way}-what"), form.get(f"{way}-expires")
    return {
        "quantity": whole(form.get(f"{way}-quantity")),
        "service_id": what.removeprefix(SERVICE) if what.startswith(SERVICE) else None,
        "category": what.removeprefix(CATEGORY) if what.startswith(CATEGORY) else None,
        "expires": expires,
        "days": _number(form.get(f"{way}-days"), None) if expires == "after_days" else None,
        "rollover_cap": _number(form.get(f"{way}-rollover_cap"), None) if expires != "never" else None,
    }


def _freeze_rule(form: Form, mode: str) -> dict[str, Any]:
    names = ("credits_usable", "extends_expiry", "extends_commitment")
    return {"mode": mode, **{name: bool(form.get(f"freeze-{mode}-{name}")) for name in names}}


def _what(benefit: Mapping[str, Any]) -> str:
    return f"{SERVICE}{benefit['service_id']}" if benefit.get("service_id") else f"{CATEGORY}{benefit.get('category')}"


def _number(text: Any, empty: Any = 0) -> Any:
    return whole(str(text)) if text not in (None, "") else empty


def _amount(text: Any, currency: str) -> Any:
    return minor(text, currency) if text not in (None, "") else 0
