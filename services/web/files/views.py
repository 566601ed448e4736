"""The tab *Archivos*: a section for each kind of file, each loaded by itself."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from services.web.backend import Unreachable
from services.web.lists import client
from services.web.pages import show
from services.web.profile.views import tab

room = Blueprint("files", __name__, url_prefix="/clients/<uuid:client_id>/files")


@room.get("")
def page(client_id: UUID) -> Response:
    return tab(client_id, "files.page", lambda: show("files/tab.html", client_id=client_id, client=_client(client_id)))


def _client(client_id: UUID) -> dict[str, Any]:
    """Whether they are still served; the files show without it."""
    try:
        return client(str(client_id))
    except Unreachable:
        return {}
