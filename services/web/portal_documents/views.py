"""The files that a client is shown."""

from uuid import UUID

from flask import Blueprint, Response, request

from services.web.backend import everything
from services.web.pages import show
from services.web.passing import passed_on

room = Blueprint("portal_documents", __name__, url_prefix="/portal/documents")

SERVICE, ROOT = "documents", "documents/me"


@room.get("")
def page() -> Response:
    return show("portal/documents.html")


@room.get("/list")
def listed() -> Response:
    return show("portal/documents_list.html", documents=everything(SERVICE, ROOT))


@room.get("/<uuid:document_id>/content")
def content(document_id: UUID) -> Response:
    download = {"download": "true"} if request.args.get("download") else {}
    return passed_on(SERVICE, f"{ROOT}/{document_id}/content", **download)


@room.get("/<uuid:document_id>/thumbnail")
def thumbnail(document_id: UUID) -> Response:
    return passed_on(SERVICE, f"{ROOT}/{document_id}/thumbnail")
