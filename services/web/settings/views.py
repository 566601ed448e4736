"""Configuración: what every picker reads. One set of pages for all sections."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext as _

from services.web.backend import tell
from services.web.conflict import merge
from services.web.deciding import NONE, Collision, collision, kept, redrawn
from services.web.forms import Form
from services.web.lists import branch_of
from services.web.pages import show
from services.web.settings import branches, employees, menu, roles
from services.web.settings.chain_lists import DOCUMENT_TYPES, REFERRAL_METHODS, STATUSES, TAGS
from services.web.settings.places import PAGES, places
from services.web.settings.section import Section, plain
from services.web.settings.table import table_of
from services.web.wire import done, is_htmx

room = Blueprint("settings", __name__, url_prefix="/settings")

LISTS = (STATUSES, TAGS, REFERRAL_METHODS, DOCUMENT_TYPES)
ALL = (branches.SECTION, employees.SECTION, menu.SECTION, roles.SECTION, *LISTS)
SECTIONS = {section.key: section for section in ALL}
CHANGED = "settings-changed"


@room.app_context_processor
def navigation() -> dict[str, Any]:
    rooms = ["settings", *(page.room for page in PAGES)]
    return {
        "settings_rooms": rooms,
        "settings_places": lambda: places(lambda: [(one.key, one.icon, one.title) for one in ALL]),
    }


@room.get("")
def page() -> Response:
    return redirect(url_for("settings.listing", key="branches"))  # type: ignore[return-value]


@room.get("/<key>")
def listing(key: str) -> Response:
    """The whole page; the table alone when it is filtered, sorted, paged, or when something changed."""
    section = _section(key)
    table = table_of(section.rows(), section.columns(), request.args, can_retire=section.can_retire)
    template = "settings/table.html" if is_htmx() else "settings/page.html"
    return show(template, section=section, table=table)


@room.get("/<key>/new")
def new(key: str) -> Response:
    return _dialog(_section(key), _section(key).form({}), None)


@room.post("/<key>")
def add(key: str) -> Response:
    section, form = _section(key), Form.sent()
    with form.attempt():
        tell("POST", section.service, section.path, section.document(form))
        return done(_("Added."), CHANGED)
    return _dialog(section, form, None)


@room.get("/<key>/<uuid:row_id>")
def edit(key: str, row_id: Any) -> Response:
    section = _section(key)
    row = section.row(str(row_id))
    form = section.form(row)
    form.values["version"] = row["version"]
    return _dialog(section, form, str(row_id))


@room.post("/<key>/<uuid:row_id>")
def change(key: str, row_id: Any) -> Response:
    section, form = _section(key), Form.sent()
    mine = kept(form, typed := section.document(form))
    with form.attempt():
        tell("PATCH", section.service, f"{section.path}/{row_id}", mine, version=form.get("version"))
        return done(_("Saved."), CHANGED)
    if form.status == 412:
        return _in_conflict(section, form, mine, str(row_id))
    if mine.keys() != typed.keys():  # decided already: what is theirs must not come back as mine
        redrawn(form, section.form({**section.row(str(row_id)), **mine}), form.status, form.get("version"))
    return _dialog(section, form, str(row_id))


@room.get("/<key>/<uuid:row_id>/<any(retire, revive, remove):act>")
def ask_first(key: str, row_id: Any, act: str) -> Response:
    section = _section(key)
    return _question(section, section.row(str(row_id)), act, Form())


@room.post("/<key>/<uuid:row_id>/<any(retire, revive, remove):act>")
def do(key: str, row_id: Any, act: str) -> Response:
    section, form = _section(key), Form.sent()
    with form.attempt():
        path = f"{section.path}/{row_id}"
        if act == "remove":
            tell("DELETE", section.service, path, version="*")
        else:
            tell("PATCH", section.service, path, {"active": act == "revive"}, version="*")
        return done({"remove": _("Removed."), "retire": _("Retired."), "revive": _("In use again.")}[act], CHANGED)
    return _question(section, section.row(str(row_id)), act, form)


@room.get("/employees/<uuid:row_id>/password")
def password(row_id: Any) -> Response:
    return _password(SECTIONS["employees"].row(str(row_id)), Form())


@room.post("/employees/<uuid:row_id>/password")
def set_password(row_id: Any) -> Response:
    form = Form.sent()
    with form.attempt():
        body = {"password": form.get("password")}
        tell("PUT", "directory", f"directory/employees/{row_id}/password", body, version="*")
        return done(_("The password was set."), CHANGED)
    return _password(SECTIONS["employees"].row(str(row_id)), form)


def _section(key: str) -> Section:
    return SECTIONS.get(key) or abort(404)


def _in_conflict(section: Section, form: Form, mine: dict[str, Any], row_id: str) -> Response:
    """The form again, on the version that is stored now.

    That of the refusal, and not of the row as it is read here: a change between the two is refused once more.
    """
    entries, current = form.problem["changes"], section.row(row_id)
    merged = merge(mine, current, entries, plain)
    redrawn(form, section.form({**current, **merged.document}), 412, form.problem["version"])
    form.alert = ""
    return _dialog(section, form, row_id, collision(merged, entries, section.label, section.said))


def _dialog(section: Section, form: Form, row_id: str | None, collided: Collision = NONE) -> Response:
    section.place_errors(form)
    zone = branch_of(None)["time_zone"]
    values = {"section": section, "form": form, "row_id": row_id, "collision": collided, "zone": zone}
    return show("settings/form.html", form.status, **values, **section.choices(form))


def _question(section: Section, row: dict[str, Any], act: str, form: Form) -> Response:
    return show("settings/question.html", form.status, section=section, row=row, act=act, form=form)


def _password(row: dict[str, Any], form: Form) -> Response:
    return show("settings/password.html", form.status, row=row, form=form)
