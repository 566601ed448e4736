"""The tab *Archivos*: a section for each kind of file, each loaded by itself."""

from uuid import UUID

from flask import Blueprint, Response

from services.web.pages import show
from services.web.profile.views import tab

room = Blueprint("files", __name__, url_prefix="/clients/<uuid:client_id>/files")


@room.get("")
def page(client_id: UUID) -> Response:
    return tab(client_id, "files.page", lambda: show("files/tab.html", client_id=client_id))
