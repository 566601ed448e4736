"""The section of a client's documents (P18 to P20) in the tab *Archivos*."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext as _

from services.web.backend import Refused, all_of_client, ask, everything, tell
from services.web.forms import Form
from services.web.language import number
from services.web.lists import branch_of, branches, client, options, said
from services.web.pages import show
from services.web.passing import passed_on
from services.web.wire import done

room = Blueprint("documents", __name__, url_prefix="/clients/<uuid:client_id>/documents")

SERVICE = ROOT = "documents"
CHANGED = "documents-changed"


@room.app_context_processor
def words() -> dict[str, Any]:
    return {"file_size": file_size, "file_sign": file_sign}


def file_size(size: int) -> str:
    """As people read it: 1,2 MB."""
    for unit, bytes_of in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if size >= bytes_of:
            return f"{number(round(size / bytes_of, 1))} {unit}"
    return f"{size} B"


def file_sign(media_type: str | None) -> str:
    kinds = {"application/pdf": "file-earmark-pdf", "text/plain": "file-earmark-text"}
    if (media_type or "").startswith("image/"):
        return "file-earmark-image"
    return kinds.get(media_type or "", "file-earmark")


@room.get("")
def section(client_id: UUID) -> Response:
    """The documents, or those that were deleted and can be brought back."""
    deleted = request.args.get("deleted") == "true"
    found = all_of_client(SERVICE, ROOT, str(client_id), deleted="true" if deleted else None)
    values: dict[str, Any] = {"client_id": client_id, "documents": found, "deleted": deleted, "types": _types()}
    return show("documents/section.html", **values)


@room.get("/new")
def new(client_id: UUID) -> Response:
    branch = branch_of(client(str(client_id)))
    form = Form({"branch_id": branch.get("id", "")})
    chosen = [(row["id"], said(row)) for row in everything(SERVICE, f"{ROOT}/types", active="true")]
    places = options(branches(), form.get("branch_id"))
    return show("documents/new.html", client_id=client_id, form=form, types=chosen, branches=places)


@room.post("/announcements")
def announce(client_id: UUID) -> Response:
    """Where the page's script sends the bytes, and with which ticket; or what is wrong, by field."""
    sent = Form.sent()
    names = ("branch_id", "type_id", "name")
    body: dict[str, Any] = {name: sent.get(name) for name in names} | {"client_id": str(client_id)}
    body |= {"size": int(sent.get("size") or 0), "visible_to_client": sent.get("visible_to_client") == "true"}
    try:
        made = tell("POST", SERVICE, ROOT, body)
    except Refused as refused:
        return jsonify({"detail": refused.detail, "errors": dict(refused.fields)}), refused.status  # type: ignore[return-value]
    return jsonify({"address": f"/api/v1/documents/{made['document']['id']}/content", "ticket": made["ticket"]})


@room.get("/<uuid:document_id>/content")
def content(client_id: UUID, document_id: UUID) -> Response:
    download = {"download": "true"} if request.args.get("download") else {}
    return passed_on(SERVICE, f"{ROOT}/{document_id}/content", **download)


@room.get("/<uuid:document_id>/thumbnail")
def thumbnail(client_id: UUID, document_id: UUID) -> Response:
    return passed_on(SERVICE, f"{ROOT}/{document_id}/thumbnail")


@room.get("/<uuid:document_id>/openings")
def openings(client_id: UUID, document_id: UUID) -> Response:
    found = ask(SERVICE, f"{ROOT}/{document_id}/openings", limit=100)["items"]
    values = {"document": one(document_id), "openings": found, "zone": branch_of(None)["time_zone"]}
    return show("documents/openings.html", **values)


@room.get("/<uuid:document_id>/edit")
def edit(client_id: UUID, document_id: UUID) -> Response:
    found = one(document_id)
    form = Form({name: found[name] for name in ("name", "type_id", "version")})
    form.values["visible_to_client"] = "true" if found["visible_to_client"] else ""
    return _edit(client_id, found, form)


@room.post("/<uuid:document_id>/edit")
def change(client_id: UUID, document_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        body = {"name": form.get("name"), "type_id": form.get("type_id")}
        body["visible_to_client"] = form.get("visible_to_client") == "true"
        tell("PATCH", SERVICE, f"{ROOT}/{document_id}", body, version=form.get("version"))
        return done(_("The document was saved."), CHANGED)
    if form.status == 412:
        form.values["version"] = form.problem.get("version", "*")
        form.alert = _("Somebody changed this while you were editing. Save again to put yours in its place.")
    return _edit(client_id, one(document_id), form)


@room.post("/<uuid:document_id>/<any(show, hide):act>")
def switch(client_id: UUID, document_id: UUID, act: str) -> Response:
    tell("PATCH", SERVICE, f"{ROOT}/{document_id}", {"visible_to_client": act == "show"}, version="*")
    text = _("The client sees it in the portal.") if act == "show" else _("The client does not see it any more.")
    return done(text, CHANGED)


@room.get("/<uuid:document_id>/deletion")
def ask_to_delete(client_id: UUID, document_id: UUID) -> Response:
    return show("documents/delete.html", client_id=client_id, document=one(document_id), form=Form())


@room.post("/<uuid:document_id>/deletion")
def delete(client_id: UUID, document_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        tell("DELETE", SERVICE, f"{ROOT}/{document_id}", version="*")
        return done(_("The document was deleted. It can be brought back for 30 days."), CHANGED)
    return show("documents/delete.html", form.status, client_id=client_id, document=one(document_id), form=form)


@room.post("/<uuid:document_id>/restoration")
def restore(client_id: UUID, document_id: UUID) -> Response:
    tell("POST", SERVICE, f"{ROOT}/{document_id}/restore")
    return done(_("The document is back."), CHANGED)


def one(document_id: UUID) -> dict[str, Any]:
    found: dict[str, Any] = ask(SERVICE, f"{ROOT}/{document_id}")
    return found


def _types() -> dict[str, str]:
    return {row["id"]: said(row) for row in everything(SERVICE, f"{ROOT}/types")}


def _edit(client_id: UUID, found: dict[str, Any], form: Form) -> Response:
    values = {"client_id": client_id, "document": found, "form": form, "types": _types().items()}
    return show("documents/edit.html", form.status, **values)
