"""The form of the contact details as the API's document, and back."""

from typing import Any

from services.web import conflict
from services.web.forms import Form, as_row_numbers, blank_to_none
from services.web.language import phone

OPTIONAL = (
    "birth_date",
    "gender",
    "referral_method_id",
    "referred_by_client_id",
    "preferred_branch_id",
    "language",
)
FIELDS = (
    "first_name",
    "middle_name",
    "last_name",
    "phones",
    "emails",
    "address",
    "gender_description",
    *OPTIONAL,
)
REPEATED = {"phones": "number", "emails": "address"}
"""The rows of the form, and what makes a row more than an empty one."""


def client_document(form: Form) -> dict[str, Any]:
    """What was typed, as the API takes it: rows without a number and an address without a line are none."""
    typed = form.nested()
    found = {name: typed[name] for name in FIELDS if name in typed and name not in (*REPEATED, "address")}
    for name, key in REPEATED.items():
        found[name] = [_row(form, name, number) for number in _written(form, name, key)]
    if "address" in typed:
        found["address"] = _address(typed["address"])
    if "referral_method_id" in typed:
        found.setdefault("referred_by_client_id", "")
    return blank_to_none(found, *OPTIONAL)


def form_numbers(form: Form) -> None:
    """The API counts the rows that it got; the form's rows have numbers of their own."""
    for name, key in REPEATED.items():
        form.errors = as_row_numbers(form.errors, name, _written(form, name, key))
    if "address-lines" in form.errors:
        form.errors["address-lines-0"] = form.errors["address-lines"]


def form_of(client: dict[str, Any]) -> Form:
    """The form that shows a client's details."""
    form = Form.of({name: client[name] for name in FIELDS})
    for name in REPEATED:
        for number, row in enumerate(client[name]):
            if name == "phones":
                form.values[f"phones-{number}-number"] = phone(row["number"])
            if row["primary"]:
                form.values[f"{name}_primary"] = str(number)
    return form


def plain(field: str, value: Any) -> Any:
    """What is compared of a field; in a telephone number no space counts."""
    if field == "phones":
        value = [{**phone, "number": "".join(phone["number"].split())} for phone in value or ()]
    return conflict.plain(field, value)


def _written(form: Form, name: str, key: str) -> list[int]:
    return [number for number in form.rows(name) if form.get(f"{name}-{number}-{key}").strip()]


def _row(form: Form, name: str, number: int) -> dict[str, Any]:
    key = REPEATED[name]
    row = {key: form.get(f"{name}-{number}-{key}"), "primary": form.get(f"{name}_primary") == str(number)}
    kind = form.get(f"{name}-{number}-type")
    return row | ({"type": kind} if kind else {})


def _address(typed: dict[str, Any]) -> dict[str, Any] | None:
    lines = [line for line in typed.get("lines", []) if line.strip()]
    parts = {name: typed.get(name, "") for name in ("locality", "region", "postal_code")}
    if not lines and not any(part.strip() for part in parts.values()):
        return None
    return {"country_code": typed.get("country_code", ""), "lines": lines, **parts}
