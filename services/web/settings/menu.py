"""The services on offer, which the directory owns, and what they cost at each branch."""

from collections import defaultdict
from decimal import Decimal, InvalidOperation
from typing import Any

from babel import numbers
from flask_babel import gettext as _
from flask_babel import lazy_gettext as N_

from services.web.forms import Form
from services.web.language import money
from services.web.lists import branches, named, services
from services.web.settings.section import Column, Field, Row, Section, whole


def columns() -> list[Column]:
    return [
        Column("name", _("Name"), lambda row: row["name"]),
        Column("category", _("Category"), lambda row: row["category"]),
        Column("duration", _("Minutes"), lambda row: str(row["duration_minutes"]), lambda row: row["duration_minutes"]),
        Column("price", _("Price"), _prices, _lowest),
    ]


def fields() -> dict[str, Field]:
    return {
        "name": Field(_("Name")),
        "category": Field(_("Category")),
        "duration_minutes": Field(_("Minutes")),
        "prices": Field(_("Price at each branch"), _at_each_branch),
    }


def form(row: Row) -> Form:
    form = Form({name: row.get(name, "") for name in ("name", "category", "duration_minutes")})
    for price in row.get("prices", []):
        form.values[f"price-{price['branch_id']}"] = _written(price)
    return form


def choices(form: Form) -> dict[str, Any]:
    categories = sorted({row["category"] for row in services()})
    return {"branches": [row for row in branches() if row["active"]], "categories": categories}


def document(form: Form) -> dict[str, Any]:
    return {
        "name": form.get("name"),
        "category": form.get("category"),
        "duration_minutes": whole(form.get("duration_minutes")),
        "prices": [_price(form, branch) for branch in _priced(form)],
    }


def place_errors(form: Form) -> None:
    asked = [branch["id"] for branch in _priced(form)]
    for name in [name for name in form.errors if name.startswith("prices-")]:
        number = int(name.split("-")[1])
        form.errors.setdefault(f"price-{asked[number]}", form.errors[name])


def _priced(form: Form) -> list[dict[str, Any]]:
    """The branches for which a price was typed, in the order in which they are sent."""
    return [branch for branch in branches() if str(form.get(f"price-{branch['id']}")).strip()]


def _price(form: Form, branch: Row) -> dict[str, Any]:
    digits = numbers.get_currency_precision(branch["currency"])
    text = form.get(f"price-{branch['id']}").strip()
    try:
        amount: Any = int(Decimal(text.replace(",", ".")).scaleb(digits))
    except InvalidOperation:
        amount = text
    return {"branch_id": branch["id"], "amount": amount, "currency": branch["currency"]}


def _written(price: Row) -> str:
    """A price as one types it; what is no number stays as it was typed."""
    if isinstance(price["amount"], str):
        return price["amount"]
    digits = numbers.get_currency_precision(price["currency"])
    return f"{Decimal(price['amount']).scaleb(-digits):.{digits}f}"


def _lowest(row: Row) -> int:
    return min((price["amount"] for price in row["prices"]), default=-1)


def _prices(row: Row) -> str:
    """From the lowest price of each currency."""
    by_currency = defaultdict(list)
    for price in row["prices"]:
        by_currency[price["currency"]].append(price["amount"])
    return " · ".join(money(min(amounts), currency) for currency, amounts in sorted(by_currency.items()))


def _at_each_branch(prices: list[dict[str, Any]]) -> str:
    places = named(branches())
    return " · ".join(
        f"{places.get(price['branch_id'], '')} {money(price['amount'], price['currency'])}" for price in prices
    )


SECTION = Section(
    key="services",
    icon="scissors",
    service="directory",
    path="directory/services",
    writes="directory.menu.write",
    title=N_("Services"),
    about=N_("What the chain offers, how long it takes, and what it costs at each branch."),
    one=N_("Add service"),
    consequence=N_("It is no longer offered. Clients who do not want it keep their note, and it can be offered again."),
    columns=columns,
    fields=fields,
    form=form,
    choices=choices,
    document=document,
    place_errors=place_errors,
)
