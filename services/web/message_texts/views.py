"""Configuración: the texts of messages, each with a preview beside it while it is written."""

from itertools import groupby
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _

from services.web.backend import Refused, ask, tell
from services.web.forms import Form
from services.web.messages import wording
from services.web.pages import show
from services.web.recent import recent
from services.web.security import framed
from services.web.wording import languages

room = Blueprint("message_texts", __name__, url_prefix="/settings/texts")

PATH = "notifications/templates"
ONE = "/<type_>/<channel>/<language>"


@room.get("")
def listing() -> Response:
    found = ask("notifications", PATH)["items"]
    types = [(rows[0], rows) for rows in (list(group) for _type, group in groupby(found, lambda each: each["type"]))]
    return show("message_texts/page.html", types=types, **_words())


@room.get(ONE)
def edit(type_: str, channel: str, language: str) -> Response:
    text = ask("notifications", _path(type_, channel, language))
    form = Form({"subject": text["subject"], "body": text["body"], "version": text["version"]})
    return _editor(text, form)


@room.post(ONE)
def save(type_: str, channel: str, language: str) -> Response:
    form = Form.sent()
    path = _path(type_, channel, language)
    with form.attempt():
        if form.get("act") == "restore":
            tell("POST", "notifications", f"{path}/restore", version="*")
        else:
            body = {"subject": form.get("subject"), "body": form.get("body")}
            tell("PUT", "notifications", path, body, version=form.get("version"))
        return redirect(url_for("message_texts.edit", type_=type_, channel=channel, language=language, saved=1))  # type: ignore[return-value]
    text = ask("notifications", path)
    if form.status == 412:
        form.values["version"] = text["version"]
        form.alert = _("Somebody else has saved this text in the meantime. Save again to put yours in its place.")
    return _editor(text, form)


@room.post(f"{ONE}/preview")
def preview(type_: str, channel: str, language: str) -> Response:
    """What the text would say to somebody, as a document for a frame."""
    body = {"subject": request.form.get("subject", ""), "body": request.form.get("body", "")}
    client_id = request.form.get("client_id") or None
    try:
        shown = tell(
            "POST", "notifications", f"{_path(type_, channel, language)}/preview", body | {"client_id": client_id}
        )
    except Refused as refused:
        texts = [text for found in refused.fields.values() for text in found]
        return framed(show("message_texts/broken.html", problem=" ".join(texts) or refused.detail))
    if channel == "email":
        return framed(Response(shown["html"], content_type="text/html; charset=utf-8"))
    return framed(show("message_texts/shown.html", shown=shown, channel=channel))


def _path(type_: str, channel: str, language: str) -> str:
    return f"{PATH}/{type_}/{channel}/{language}"


def _editor(text: dict[str, Any], form: Form) -> Response:
    values = {"text": text, "form": form, "saved": "saved" in request.args, "clients": recent()}
    return show("message_texts/edit.html", form.status, **values, **_words())


def _words() -> dict[str, Any]:
    return {
        "channels": wording.channels(),
        "icons": wording.icons(),
        "kinds": wording.kinds(),
        "languages": dict(languages()),
    }
