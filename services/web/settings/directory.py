"""The sections that the directory owns: branches, employees, services and roles."""

from collections import defaultdict
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import available_timezones

import pycountry
from babel import Locale, numbers
from flask import g
from flask_babel import get_locale
from flask_babel import gettext as _

from services.web.backend import ask, everything
from services.web.forms import Form
from services.web.language import money
from services.web.lists import branches, named
from services.web.settings.section import Column, Row, Section, joined, whole
from services.web.wording import countries, languages

CHAIN = "chain"
"""In a form's field, for a role that is held everywhere."""


class Branches(Section):
    key, icon, service, path = "branches", "shop", "directory", "directory/branches"
    writes = "directory.branches.write"

    def title(self) -> str:
        return _("Branches")

    def about(self) -> str:
        return _("Where the chain serves its clients: time zone, currency, units.")

    def one(self) -> str:
        return _("Add branch")

    def consequence(self) -> str:
        return _("It is no longer offered in any picker. Clients and prices keep it, and it can be opened again.")

    def columns(self) -> list[Column]:
        return [
            Column("name", _("Name"), lambda row: row["name"]),
            Column("place", _("Town"), lambda row: (row["address"] or {}).get("locality", "")),
            Column("time_zone", _("Time zone"), lambda row: row["time_zone"].replace("_", " ")),
            Column("currency", _("Currency"), lambda row: row["currency"]),
            Column("unit", _("Weight in"), lambda row: row["weight_unit"]),
        ]

    def form(self, row: Row) -> Form:
        empty = {"country": "ES", "time_zone": "Europe/Madrid", "currency": "EUR", "language": "es"}
        return Form.of(row or empty | {"weight_unit": "kg"})

    def choices(self, form: Form) -> dict[str, Any]:
        locale = get_locale() or Locale("en")
        codes = sorted(currency.alpha_3 for currency in pycountry.currencies)
        return {
            "countries": countries(),
            "languages": languages(),
            "currencies": [(code, f"{code} · {numbers.get_currency_name(code, locale=locale)}") for code in codes],
            "zones": [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name],
            "units": [("kg", _("Kilograms")), ("lb", _("Pounds"))],
        }

    def document(self, form: Form) -> dict[str, Any]:
        typed = form.nested()
        names = ("name", "country", "time_zone", "currency", "language", "weight_unit")
        address = typed.get("address", {})
        lines = [line for line in address.get("lines", []) if line.strip()]
        parts = {name: address.get(name, "") for name in ("locality", "region", "postal_code")}
        empty = not lines and not any(part.strip() for part in parts.values())
        return {name: typed.get(name, "") for name in names} | {"address": None if empty else parts | {"lines": lines}}


class Employees(Section):
    key, icon, service, path = "employees", "person-badge", "directory", "directory/employees"
    writes = "directory.employees.write"

    def title(self) -> str:
        return _("Employees")

    def about(self) -> str:
        return _("Who works where, and what they may see and change.")

    def one(self) -> str:
        return _("Add employee")

    def consequence(self) -> str:
        return _("They are signed out at once and can no longer sign in. Their name stays on everything they did.")

    def columns(self) -> list[Column]:
        places, roles = named(branches()), named(everything("directory", "directory/roles"))
        return [
            Column("name", _("Name"), lambda row: row["name"]),
            Column("username", _("Signs in as"), lambda row: row["username"] or ""),
            Column("branches", _("Branches"), lambda row: joined(places.get(held, "") for held in row["branch_ids"])),
            Column(
                "roles",
                _("Roles"),
                lambda row: joined(sorted({roles.get(held["role_id"], "") for held in row["roles"]})),
            ),
        ]

    def form(self, row: Row) -> Form:
        own = g.person.branch_ids
        form = Form({name: row.get(name) or "" for name in ("name", "username")} | {"id": row.get("id", "")})
        form.values["branch_ids[]"] = list(row.get("branch_ids", own if len(own) == 1 else ()))
        held = [f"{entry['role_id']}:{entry['branch_id'] or CHAIN}" for entry in row.get("roles", [])]
        form.values["roles[]"] = held
        return form

    def choices(self, form: Form) -> dict[str, Any]:
        chosen = form.get("branch_ids[]", [])
        places = [row for row in branches() if row["active"] or row["id"] in chosen]
        roles = everything("directory", "directory/roles")
        return {"branches": places, "roles": roles, "where": [(CHAIN, _("Whole chain")), *named(places).items()]}

    def document(self, form: Form) -> dict[str, Any]:
        held = [entry.partition(":") for entry in form.get("roles[]", []) if entry]
        document = {
            "name": form.get("name"),
            "username": form.get("username").strip() or None,
            "branch_ids": form.get("branch_ids[]", []),
            "roles": [{"role_id": role, "branch_id": None if at == CHAIN else at} for role, _sep, at in held],
        }
        return document | ({"password": form.get("password")} if form.get("password") else {})


class Services(Section):
    key, icon, service, path = "services", "scissors", "directory", "directory/services"
    writes = "directory.menu.write"

    def title(self) -> str:
        return _("Services")

    def about(self) -> str:
        return _("What the chain offers, how long it takes, and what it costs at each branch.")

    def one(self) -> str:
        return _("Add service")

    def consequence(self) -> str:
        return _("It is no longer offered. Clients who do not want it keep their note, and it can be offered again.")

    def columns(self) -> list[Column]:
        return [
            Column("name", _("Name"), lambda row: row["name"]),
            Column("category", _("Category"), lambda row: row["category"]),
            Column(
                "duration", _("Minutes"), lambda row: str(row["duration_minutes"]), lambda row: row["duration_minutes"]
            ),
            Column(
                "price", _("Price"), _prices, lambda row: min((price["amount"] for price in row["prices"]), default=-1)
            ),
        ]

    def form(self, row: Row) -> Form:
        form = Form({name: row.get(name, "") for name in ("name", "category", "duration_minutes")})
        for price in row.get("prices", []):
            digits = numbers.get_currency_precision(price["currency"])
            form.values[f"price-{price['branch_id']}"] = f"{Decimal(price['amount']).scaleb(-digits):.{digits}f}"
        return form

    def choices(self, form: Form) -> dict[str, Any]:
        categories = sorted({row["category"] for row in self.rows()})
        return {"branches": [row for row in branches() if row["active"]], "categories": categories}

    def document(self, form: Form) -> dict[str, Any]:
        return {
            "name": form.get("name"),
            "category": form.get("category"),
            "duration_minutes": whole(form.get("duration_minutes")),
            "prices": [_price(form, branch) for branch in branches() if form.get(f"price-{branch['id']}").strip()],
        }

    def place_errors(self, form: Form) -> None:
        asked = [branch["id"] for branch in branches() if form.get(f"price-{branch['id']}").strip()]
        for name in [name for name in form.errors if name.startswith("prices-")]:
            number = int(name.split("-")[1])
            form.errors.setdefault(f"price-{asked[number]}", form.errors[name])


def _price(form: Form, branch: Row) -> dict[str, Any]:
    digits = numbers.get_currency_precision(branch["currency"])
    text = form.get(f"price-{branch['id']}").strip()
    try:
        amount: Any = int(Decimal(text.replace(",", ".")).scaleb(digits))
    except InvalidOperation:
        amount = text
    return {"branch_id": branch["id"], "amount": amount, "currency": branch["currency"]}


def _lowest(row: Row) -> int:
    return min((price["amount"] for price in row["prices"]), default=-1)


def _prices(row: Row) -> str:
    """From the lowest price of each currency."""
    by_currency = defaultdict(list)
    for price in row["prices"]:
        by_currency[price["currency"]].append(price["amount"])
    return " · ".join(money(min(amounts), currency) for currency, amounts in sorted(by_currency.items()))


class Roles(Section):
    key, icon, service, path = "roles", "key", "directory", "directory/roles"
    writes = "directory.roles.write"
    can_retire = False

    def title(self) -> str:
        return _("Roles")

    def about(self) -> str:
        return _("What people may see and change. A person holds roles for branches or for the whole chain.")

    def one(self) -> str:
        return _("Add role")

    def consequence(self) -> str:
        return _("A role that somebody still holds cannot be removed.")

    def columns(self) -> list[Column]:
        return [
            Column("name", _("Name"), lambda row: row["name"]),
            Column(
                "permissions",
                _("Permissions"),
                lambda row: _("Everything") if row["everything"] else str(len(row["permissions"])),
                lambda row: len(row["permissions"]),
            ),
        ]

    def form(self, row: Row) -> Form:
        form = Form({"name": row.get("name", ""), "everything": row.get("everything", False)})
        form.values["permissions[]"] = list(row.get("permissions", []))
        return form

    def choices(self, form: Form) -> dict[str, Any]:
        return {"permissions": ask("directory", "directory/permissions")["items"]}

    def document(self, form: Form) -> dict[str, Any]:
        document = {"name": form.get("name"), "permissions": form.get("permissions[]", [])}
        if form.get("everything") == "True":
            del document["permissions"]
        return document

    def place_errors(self, form: Form) -> None:
        found = [text for name, texts in form.errors.items() if name.startswith("permissions") for text in texts]
        if found:
            form.errors["permissions[]"] = found
