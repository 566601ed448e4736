"""Employees, whom the directory knows: where they work, and in which roles."""

from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as N_

from services.web.backend import everything
from services.web.forms import Form
from services.web.lists import branches, named
from services.web.settings.section import Column, Field, Row, Section, joined

CHAIN = "chain"
"""In a form's field, for a role that is held everywhere."""


def columns() -> list[Column]:
    places, roles = named(branches()), named(_roles())
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


def fields() -> dict[str, Field]:
    return {
        "name": Field(_("Name")),
        "username": Field(_("Signs in as")),
        "branch_ids": Field(_("Works at"), lambda ids: ", ".join(named(branches()).get(one, "") for one in ids)),
        "roles": Field(_("Roles"), _held),
    }


def form(row: Row) -> Form:
    own = g.person.branch_ids
    form = Form({name: row.get(name) or "" for name in ("name", "username")} | {"id": row.get("id", "")})
    form.values["branch_ids[]"] = list(row.get("branch_ids", own if len(own) == 1 else ()))
    held = [f"{entry['role_id']}:{entry['branch_id'] or CHAIN}" for entry in row.get("roles", [])]
    form.values["roles[]"] = held
    return form


def choices(form: Form) -> dict[str, Any]:
    chosen = form.get("branch_ids[]", [])
    places = [row for row in branches() if row["active"] or row["id"] in chosen]
    return {"branches": places, "roles": _roles(), "where": [(CHAIN, _("Whole chain")), *named(places).items()]}


def document(form: Form) -> dict[str, Any]:
    held = [entry.partition(":") for entry in form.get("roles[]", []) if entry]
    document = {
        "name": form.get("name"),
        "username": form.get("username").strip() or None,
        "branch_ids": form.get("branch_ids[]", []),
        "roles": [{"role_id": role, "branch_id": None if at == CHAIN else at} for role, _sep, at in held],
    }
    return document | ({"password": form.get("password")} if form.get("password") else {})


def _roles() -> list[dict[str, Any]]:
    return everything("directory", "directory/roles")


def _held(entries: list[dict[str, Any]]) -> str:
    roles, places = named(_roles()), named(branches()) | {None: _("Whole chain")}
    return ", ".join(f"{roles.get(one['role_id'], '')} · {places.get(one['branch_id'], '')}" for one in entries)


SECTION = Section(
    key="employees",
    icon="person-badge",
    service="directory",
    path="directory/employees",
    writes="directory.employees.write",
    title=N_("Employees"),
    about=N_("Who works where, and what they may see and change."),
    one=N_("Add employee"),
    consequence=N_("They are signed out at once and can no longer sign in. Their name stays on everything they did."),
    columns=columns,
    fields=fields,
    form=form,
    choices=choices,
    document=document,
)
