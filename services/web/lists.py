"""The chain's own lists, as its pickers show them, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import g
from flask_babel import get_locale

from services.web.backend import Refused, Unreachable, ask, everything

Row = Mapping[str, Any]
UTC = "UTC"


def said(row: Row) -> str:
    """What an entry of a list is called in the reader's language."""
    return str((row.get("names") or {}).get(str(get_locale())) or row["name"])


def statuses() -> list[dict[str, Any]]:
    return read_out(everything("clients", "clients/statuses"))


def referral_methods() -> list[dict[str, Any]]:
    return read_out(everything("clients", "clients/referral-methods"))


def tags() -> list[dict[str, Any]]:
    return read_out(everything("clients", "clients/tags"))


def read_out(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Entries of a list with their names in the reader's language."""
    return [{**row, "name": said(row)} for row in rows]


def branches() -> list[dict[str, Any]]:
    """All branches, or none while the directory does not answer: a picker then shows only what is chosen."""
    if "branches" not in g:
        try:
            g.branches = everything("directory", "directory/branches")
        except (Unreachable, Refused):
            g.branches = []
    found: list[dict[str, Any]] = g.branches
    return found


def services() -> list[dict[str, Any]]:
    return everything("directory", "directory/services")


def options(rows: Iterable[Row], chosen: str | None = None) -> list[tuple[str, str]]:
    """What a picker offers: what is in use, and what is chosen already."""
    return [(row["id"], row["name"]) for row in rows if row.get("active", True) or row["id"] == chosen]


def named(rows: Iterable[Row]) -> dict[str, str]:
    return {row["id"]: row["name"] for row in rows}


def branch_of(client: Row | None) -> Row:
    """The branch whose zone and units count: the client's preferred one, else the person's own, else the first."""
    wanted = [(client or {}).get("preferred_branch_id"), *(g.person.branch_ids if g.person else ())]
    by_id = {branch["id"]: branch for branch in branches()}
    nearest = next((by_id[branch_id] for branch_id in wanted if branch_id in by_id), None)
    return nearest or next(iter(by_id.values()), {"time_zone": UTC, "weight_unit": "kg"})


def client(client_id: str) -> dict[str, Any]:
    """One client, with the status and the tags in the reader's language."""
    found: dict[str, Any] = ask("clients", f"clients/{client_id}")
    return {**found, "status": {**found["status"], "name": said(found["status"])}, "tags": read_out(found["tags"])}
