"""A form as the one who fills it in sees it, and what their browser sends of it."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, jsonify, request
from flask_babel import get_locale

from services.web.backend import Refused, Unreachable
from shared.config import WebConfig

Tell = Callable[[str, str, Any, str], Any]
"""Sends to the form's place: method, what follows its path, body, version."""


def register(app: Flask, _: WebConfig) -> None:
    app.jinja_env.filters["said_text"] = said


def said(texts: dict[str, str], otherwise: str = "") -> str:
    """A text of a form in the reader's language, or in one that the chain has written it in."""
    return texts.get(str(get_locale())) or otherwise or next(iter(texts.values()), "")


def keep(tell: Tell) -> Response:
    """What was typed so far; answers the version to go on from."""
    sent = request.get_json()
    return _answered(lambda: tell("PUT", "draft", {"answers": sent.get("answers")}, str(sent.get("version", ""))))


def sign(tell: Tell) -> Response:
    """The form is sent for good."""
    sent = request.get_json()
    browser = (request.user_agent.string or "")[:400]
    body = {"answers": sent.get("answers"), "language": str(get_locale()), "browser": browser}
    return _answered(lambda: tell("POST", "submission", body, str(sent.get("version", ""))))


def _answered(send: Callable[[], Any]) -> Response:
    try:
        return jsonify(send() or {})
    except Refused as refused:
        problem = {"detail": refused.detail, "errors": refused.fields.get("answers", {})}
        return jsonify(problem), refused.status  # type: ignore[return-value]
    except Unreachable:
        return jsonify({"detail": ""}), 503  # type: ignore[return-value]
