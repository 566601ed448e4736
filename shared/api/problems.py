"""Problem documents (RFC 9457): the only shape in which anything is refused.

`code` is stable and for programs; `detail` is for people, in their language; `errors` names each field and what is
wrong with it. An unknown error says nothing but an id, which the log has too.
"""

from typing import Any

import orjson
import structlog
from flask import Flask, Response, request
from marshmallow import INCLUDE, Schema, fields
from werkzeug.exceptions import HTTPException

from shared import errors
from shared.actor import current
from shared.db import is_passing
from shared.words import Words

log = structlog.get_logger()

STATUS: dict[type[errors.FoyerError], int] = {
    errors.NotFound: 404,
    errors.Invalid: 422,
    errors.Conflict: 409,
    errors.Stale: 412,
    errors.Forbidden: 403,
    errors.Unauthenticated: 401,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}

TITLES = {
    400: ("bad_request", Words("The request cannot be read.")),
    401: ("unauthenticated", Words("Please sign in.")),
    403: ("forbidden", Words("You may not do this.")),
    404: ("not_found", Words("There is no such thing here.")),
    405: ("method_not_allowed", Words("This cannot be done here.")),
    406: ("not_acceptable", Words("It is not to be had in that form.")),
    409: ("conflict", Words("Something that is there now stands against it.")),
    412: ("stale", Words("Somebody else changed it in the meantime.")),
    413: ("too_large", Words("That is too large.")),
    416: ("range_not_satisfiable", Words("There are no such bytes of it.")),
    415: ("unsupported_media_type", Words("Send JSON, with the header Content-Type: application/json.")),
    422: ("invalid", Words("Some of what was sent is not right.")),
    428: ("precondition_required", Words("Say which version you have seen, with the header If-Match.")),
    429: ("too_many_requests", Words("Too many attempts. Please wait a little.")),
    500: ("error", Words("Something went wrong here. It was noted under this id.")),
    503: ("unavailable", Words("A part of the system does not answer. Please try again in a moment.")),
}


class Problem(Schema):
    """The shape, for the OpenAPI document. Some problems say more, such as the likely duplicates of a client."""

    class Meta:
        unknown = INCLUDE

    type = fields.String(required=True)
    title = fields.String(required=True, metadata={"description": "for people, in the language asked for"})
    status = fields.Integer(required=True)
    code = fields.String(required=True, metadata={"description": "for programs: it stays the same"})
    detail = fields.String(required=True, metadata={"description": "for people, in the language asked for"})
    errors = fields.Dict(
        keys=fields.String(),
        metadata={"description": "by field, a list of what is wrong, or the same for the fields and entries inside"},
    )
    request_id = fields.String(required=True, metadata={"description": "under which the logs tell more"})
    version = fields.Integer(metadata={"description": "of a row that somebody else changed (412)"})
    changes = fields.List(fields.Dict(), metadata={"description": "since the version that was named (412)"})


class Refused(Exception):
    """What only HTTP knows: a refusal by status, before any action is asked."""

    def __init__(
        self, status: int, detail: str | None = None, headers: dict[str, str] | None = None, code: str | None = None
    ) -> None:
        super().__init__(detail or str(status))
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers or {}


def problem(
    status: int,
    *,
    code: str | None = None,
    detail: str | None = None,
    headers: dict[str, str] | None = None,
    **members: Any,
) -> Response:
    """A problem document as an answer."""
    known, title = TITLES.get(status, ("error", Words("Something went wrong.")))
    body = {
        "type": "about:blank",
        "title": title.format(),
        "status": status,
        "code": code or known,
        "detail": detail or title.format(),
        "request_id": current().correlation_id,
        **members,
    }
    sent = orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS)  # marshmallow names entries of a list by their number
    answer = Response(sent, status=status, mimetype="application/problem+json")
    answer.headers.update(headers or {})
    return answer


def register(app: Flask) -> None:
    app.register_error_handler(errors.FoyerError, of_an_action)
    app.register_error_handler(Refused, _of_the_door)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _unknown)


def _of_the_door(error: Refused) -> Response:
    return problem(error.status, code=error.code, detail=error.detail, headers=error.headers)


def of_an_action(error: errors.FoyerError) -> Response:
    """What an action has refused, as an answer."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    headers = {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if status in (429, 503) or "retry_after" in error.extra:
        headers["Retry-After"] = str(error.extra.get("retry_after", 1))
    members = {name: value for name, value in error.extra.items() if name != "retry_after"}
    if error.fields:
        members["errors"] = error.fields
    return problem(
        status, code=error.code, detail=Words(error.message).format(**error.extra), headers=headers, **members
    )


def _of_http(error: HTTPException) -> Response:
    status = error.code or 500
    headers = {}
    if status == 405 and getattr(error, "valid_methods", None):
        headers["Allow"] = ", ".join(sorted(error.valid_methods))  # type: ignore[attr-defined]
    return problem(status, headers=headers)


def _unknown(error: Exception) -> Response:
    if is_passing(error):
        log.warning("database_away", path=request.path, reason=str(error.__cause__ or error))
        return problem(503, headers={"Retry-After": "1"})
    log.error("request_failed", path=request.path, exc_info=error)
    return problem(500)
