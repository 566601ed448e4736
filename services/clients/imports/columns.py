"""The columns of a file of clients: what a line says of a client, and how a client is written as a line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from unicodedata import is_normalized
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from services.clients.imports.lines import BadFile
from services.clients.profiles.checks import clean_details
from services.clients.profiles.client import Client
from services.clients.profiles.contact_points import INVALID
from services.clients.profiles.schemas import ADDRESS, LINE, NUMBER, Address, NewClient, Phone
from services.clients.tags.actions import MOST
from shared import clock
from shared.api.fields import Text
from shared.config import Chain
from shared.errors import Invalid

COLUMNS = (
    "external_id", "first_name", "middle_name", "last_name", "phones", "emails", "country_code", "address_1",
    "address_2", "locality", "region", "postal_code", "birth_date", "gender", "gender_description", "language",
    "preferred_branch", "referral_method", "referred_by", "status", "tags",
)  # fmt: skip
"""Only `first_name` must be there. Several phones or e-mails are parted by `|`, the first is the primary one; a phone
may begin with its type, as `home:915551234`. Branch, method and status by name, tags too,
parted by `|` and added to those that the client has; `referred_by` by the client's id."""

PLACE = ("country_code", "locality", "region", "postal_code")
PLAIN = ("first_name", "middle_name", "last_name", "birth_date", "gender", "gender_description", "language")
FORMULA = ("=", "@", "+", "-")


class BadLine(Exception):
    """Says why a line is refused."""


def header(cells: Sequence[str]) -> list[str]:
    """The columns that a file has. Raises BadFile for one that is unknown, there twice, or missing."""
    names = [cell.strip().lstrip("\ufeff").lower().replace(" ", "_") for cell in cells]
    if unknown := [name for name in names if name not in COLUMNS]:
        raise BadFile(f"there is no column {', '.join(map(repr, unknown))}; there are {', '.join(COLUMNS)}")
    if len(set(names)) < len(names):
        raise BadFile("a column is there twice")
    if "first_name" not in names:
        raise BadFile("the column 'first_name' is missing")
    return names


@dataclass(frozen=True)
class References:
    """What a line may name."""

    branches: Mapping[str, tuple[UUID, str, str]]
    """Folded name to id, country and time zone."""
    methods: Mapping[str, tuple[UUID, bool]]
    """Folded name to id, and whether it names a client."""
    statuses: Mapping[str, UUID]
    tags: Mapping[str, UUID]
    chain: Chain

    @classmethod
    def known(cls, session: Session | Connection, chain: Chain) -> "References":
        branches = session.execute(text("SELECT name, id, country, time_zone FROM branches")).all()
        methods = session.execute(text("SELECT name, names, id, by_client FROM referral_methods WHERE active")).all()
        statuses = session.execute(text("SELECT name, names, id FROM statuses WHERE active")).all()
        tags = session.execute(text("SELECT name, names, id FROM tags WHERE active")).all()
        return cls(
            branches={row.name.casefold(): (row.id, row.country, row.time_zone) for row in branches},
            methods={name: (row.id, row.by_client) for row in methods for name in _names(row)},
            statuses={name: row.id for row in statuses for name in _names(row)},
            tags={name: row.id for row in tags for name in _names(row)},
            chain=chain,
        )


def _names(row: Any) -> set[str]:
    return {name.casefold() for name in (row.name, *row.names.values())}


_FIELDS = NewClient().fields
_ADDRESS = Address()
_LINE = Text(LINE)
_NUMBER, _TYPE, _EMAIL = Text(NUMBER), Phone().fields["type"], Text(ADDRESS)


def details_of(line: Mapping[str, str], references: References) -> dict[str, Any]:
    """The contact details that a line gives, checked, in their one form; without those that it leaves empty.

    Raises BadLine with everything that is wrong of them.
    """
    cells: dict[str, Any] = {name: line[name] for name in PLAIN if line.get(name)}
    cells["first_name"] = line["first_name"]
    cells |= _referring(line, references)
    _, country, zone = references.branches.get(line.get("preferred_branch", "").casefold(), (None, None, None))
    try:
        given = _as_fields(cells) | _contact_points(line)
        given |= _checked_address(line)
        today = clock.today(zone or references.chain.time_zone)
        return clean_details(given, country or references.chain.country, today)
    except Invalid as error:
        raise BadLine(in_words(error.fields)) from error


def _as_fields(cells: Mapping[str, Any]) -> dict[str, Any]:
    """The cells by the rules of the API, field by field: to load the whole shape would take three times as long."""
    given, problems = {}, {}
    for name, value in cells.items():
        try:
            given[name] = _as_field(name, value)
        except ValidationError as error:
            problems[name] = error.messages
    if problems:
        raise Invalid(INVALID, fields=problems)
    return given


@lru_cache(50_000)
def _as_field(name: str, value: str) -> Any:
    """A cell by the rule of its field. Remembered: names and days come again. Raises ValidationError."""
    return _FIELDS[name].deserialize(value)


def _as_text(field: Text, value: str) -> str:
    """A text by the rules of its field, which change nothing of most. Raises ValidationError."""
    if 0 < len(value) <= field.max and value.isprintable() and is_normalized("NFC", value):
        return value
    return str(field.deserialize(value))


def _contact_points(line: Mapping[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    try:
        if phones := line.get("phones"):
            given["phones"] = [_phone(part, first=n == 0) for n, part in enumerate(phones.split("|"))]
        if emails := line.get("emails"):
            given["emails"] = [
                {"address": _as_text(_EMAIL, part.strip()), "primary": n == 0}
                for n, part in enumerate(emails.split("|"))
            ]
    except ValidationError as error:
        field = "phones" if line.get("phones") and "phones" not in given else "emails"
        raise Invalid(INVALID, fields={field: error.messages}) from error
    return given


def _phone(part: str, *, first: bool) -> dict[str, Any]:
    type_, colon, number = part.strip().partition(":")
    if not colon:
        return {"number": _as_text(_NUMBER, type_), "type": "mobile", "primary": first}
    return {"number": _as_text(_NUMBER, number.strip()), "type": _TYPE.deserialize(type_), "primary": first}


def _checked_address(line: Mapping[str, str]) -> dict[str, Any]:
    try:
        address = _address(line)
    except ValidationError as error:
        raise Invalid(INVALID, fields={"address": error.messages}) from error
    return {"address": address} if address else {}


def _address(line: Mapping[str, str]) -> dict[str, Any] | None:
    lines = [line[name] for name in ("address_1", "address_2") if line.get(name)]
    if not lines and not any(line.get(name) for name in PLACE):
        return None
    place = _place(*(line.get(name, "") for name in PLACE))
    return {**place, "lines": [_as_text(_LINE, one) for one in lines]}


@lru_cache(5_000)
def _place(*parts: str) -> dict[str, Any]:
    """All of an address but its street, which many share; by the rules of the API. Raises ValidationError."""
    return _ADDRESS.load({name: part for name, part in zip(PLACE, parts, strict=True) if part} | {"lines": []})


def _referring(line: Mapping[str, str], references: References) -> dict[str, Any]:
    """The ids of what the line names. Raises BadLine for what is not there."""
    given: dict[str, Any] = {}
    if branch := line.get("preferred_branch"):
        given["preferred_branch_id"] = str(_named(references.branches, branch, "preferred_branch")[0])
    by_client = False
    if method := line.get("referral_method"):
        method_id, by_client = _named(references.methods, method, "referral_method")
        given["referral_method_id"] = str(method_id)
    if referrer := line.get("referred_by"):
        given["referred_by_client_id"] = referrer
    if by_client != bool(referrer):
        raise BadLine("referred_by: it is needed with a referral by a client, and only then")
    return given


def status_of(line: Mapping[str, str], references: References) -> UUID | None:
    """The status that a line names. Raises BadLine for one that is not there."""
    name = line.get("status")
    return _named(references.statuses, name, "status") if name else None


def tags_of(line: Mapping[str, str], references: References) -> list[UUID]:
    """The tags that a line names, each once and in order. Raises BadLine for one that is not there, or too many."""
    names = filter(None, (name.strip() for name in line.get("tags", "").split("|")))
    found = sorted({_named(references.tags, name, "tags") for name in names})
    if len(found) > MOST:
        raise BadLine(f"tags: a client may have at most {MOST}")
    return found


def _named(known: Mapping[str, Any], name: str, column: str) -> Any:
    if name.casefold() not in known:
        raise BadLine(f"{column}: there is none called {name!r}")
    return known[name.casefold()]


def in_words(problems: Any, place: str = "") -> str:
    """Problems by field, however deep, as one line."""
    if isinstance(problems, Mapping):
        return "; ".join(in_words(inner, f"{place}.{name}".lstrip(".")) for name, inner in problems.items())
    return f"{place}: {' '.join(map(str, problems))}"


def line_of(client: Client, external_id: str, names: Mapping[UUID, str]) -> list[str]:
    """A client as a line with all columns; `names` are those of branches, methods, statuses and tags in use."""
    address = client["address"] or {}
    lines = [*address.get("lines", ()), "", ""]
    born: date | None = client["birth_date"]
    line = {
        **{name: client[name] or "" for name in PLAIN},
        "external_id": external_id,
        "phones": "|".join(f"{phone['type']}:{phone['number']}" for phone in primary_first(client["phones"])),
        "emails": "|".join(email["address"] for email in primary_first(client["emails"])),
        **{name: address.get(name, "") for name in ("country_code", "locality", "region", "postal_code")},
        "address_1": lines[0],
        "address_2": ", ".join(filter(None, lines[1:])),
        "birth_date": born.isoformat() if born else "",
        "preferred_branch": names.get(client["preferred_branch_id"], ""),
        "referral_method": names.get(client["referral_method_id"], ""),
        "referred_by": str(client["referred_by_client_id"] or ""),
        "status": names[client["status_id"]],
        "tags": "|".join(names[tag_id] for tag_id in client["tag_ids"] if tag_id in names),
    }
    return [harmless(line[name]) for name in COLUMNS]


def primary_first(entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(entries, key=lambda entry: not entry["primary"])


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def plain(cell: str) -> str:
    """The cell as it was before `harmless`."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
