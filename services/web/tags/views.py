"""The tags of a client: ticked and unticked in one dialog, and saved at once."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from flask_babel import gettext as _

from services.web.backend import tell
from services.web.forms import Form
from services.web.lists import client, tags
from services.web.pages import show
from services.web.profile.views import CHANGED
from services.web.wire import done

room = Blueprint("tags", __name__, url_prefix="/clients/<uuid:client_id>/tags")


@room.get("")
def edit(client_id: UUID) -> Response:
    found = client(str(client_id))
    return _form(found, Form({"tag_ids[]": found["tag_ids"], "had[]": found["tag_ids"]}))


@room.post("")
def save(client_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        now = client(str(client_id))
        wanted = merged(now["tag_ids"], had=form.get("had[]", []), ticked=form.get("tag_ids[]", []))
        tell("PUT", "clients", f"clients/{client_id}/tags", {"tag_ids": wanted}, version=now["version"])
        return done(_("The tags were saved."), CHANGED)
    form.errors["tag_ids"] = [text for name, texts in form.errors.items() if "tag_ids" in name for text in texts]
    return _form(client(str(client_id)), form)


def merged(now: Iterable[str], *, had: Iterable[str], ticked: Iterable[str]) -> list[str]:
    """What the client has now, with what I ticked and without what I unticked: somebody else's tags stay theirs."""
    mine, before = set(ticked), set(had)
    return sorted(set(now) - (before - mine) | (mine - before))


def _form(found: dict[str, Any], form: Form) -> Response:
    theirs = {*form.get("had[]", []), *form.get("tag_ids[]", [])}
    offered = [tag for tag in tags() if tag["active"] or tag["id"] in theirs]
    return show("tags/form.html", form.status, form=form, client=found, tags=offered)
