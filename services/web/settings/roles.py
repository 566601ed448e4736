"""Roles, which the directory owns: sets of permissions."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as N_

from services.web.backend import ask
from services.web.forms import Form
from services.web.settings.section import Column, Field, Row, Section


def columns() -> list[Column]:
    return [
        Column("name", _("Name"), lambda row: row["name"]),
        Column(
            "permissions",
            _("Permissions"),
            lambda row: _("Everything") if row["everything"] else str(len(row["permissions"])),
            lambda row: len(row["permissions"]),
        ),
    ]


def fields() -> dict[str, Field]:
    return {"name": Field(_("Name")), "permissions": Field(_("Who holds it may"), _described)}


def form(row: Row) -> Form:
    form = Form({"name": row.get("name", ""), "everything": row.get("everything", False)})
    form.values["permissions[]"] = list(row.get("permissions", []))
    return form


def choices(form: Form) -> dict[str, Any]:
    return {"permissions": _permissions()}


def document(form: Form) -> dict[str, Any]:
    document = {"name": form.get("name"), "permissions": form.get("permissions[]", [])}
    if form.get("everything") == "True":
        del document["permissions"]
    return document


def place_errors(form: Form) -> None:
    found = [text for name, texts in form.errors.items() if name.startswith("permissions") for text in texts]
    if found:
        form.errors["permissions[]"] = found


def _permissions() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask("directory", "directory/permissions")["items"]
    return found


def _described(names: list[str]) -> str:
    return ", ".join(one["description"] for one in _permissions() if one["name"] in names)


SECTION = Section(
    key="roles",
    icon="key",
    service="directory",
    path="directory/roles",
    writes="directory.roles.write",
    title=N_("Roles"),
    about=N_("What people may see and change. A person holds roles for branches or for the whole chain."),
    one=N_("Add role"),
    consequence=N_("A role that somebody still holds cannot be removed."),
    columns=columns,
    fields=fields,
    form=form,
    choices=choices,
    document=document,
    place_errors=place_errors,
    can_retire=False,
)
