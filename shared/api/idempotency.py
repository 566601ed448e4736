"""`Idempotency-Key`: on a route that moves money, trying again is safe (draft-ietf-httpapi-idempotency-key-header).

The same person, path and key with the same body get the first answer again, byte for byte, and nothing happens. What
was refused is forgotten with all that it did: the key is free for a corrected request.
"""

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from flask import Response, current_app, request

from shared.actor import current
from shared.api.platform import joint_transaction
from shared.api.problems import Refused
from shared.kept_answers import Answer, Attempt, claim, keep
from shared.words import Words

PATTERN = "[A-Za-z0-9._:-]{8,100}"

IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": (
        "Names what is to be done: a new one, such as a UUID, for each thing, and the same one when it is tried again. "
        "For 24 hours the same key with the same path and body answers what was answered before, with the header "
        "`Idempotency-Replayed`, and does nothing. With another body it is 422 `idempotency_key_reused`; while the "
        "first try is not finished, 409 `in_progress` with `Retry-After`. A refusal uses no key up."
    ),
    "schema": {"type": "string", "minLength": 8, "maxLength": 100, "pattern": f"^{PATTERN}$"},
    "example": "0197a3c4-5a00-7000-8000-000000000001",
}
REPLAYED = "Idempotency-Replayed"

NEEDED = Words(
    "Say what this is a try at, with the header Idempotency-Key: 8 to 100 letters, digits or any of . _ : -, such as a"
    " new UUID. Send the same one when you try again, so that nothing is done twice."
)


def once(view: Callable[..., Any]) -> Callable[..., Response]:
    """The view in one transaction with its answer. For whoever is signed in: the key is theirs alone.

    What the view returns is kept; what it raises is rolled back, and nothing is kept.
    """

    def answer_once(*args: Any, **kwargs: Any) -> Response:
        attempt = _attempt()
        with joint_transaction() as session:
            if (before := claim(session, attempt)) is not None:
                return Response(before.body, before.status, {**before.headers, REPLAYED: "true"})
            made = current_app.make_response(view(*args, **kwargs))
            keep(session, attempt, Answer(made.status_code, dict(made.headers), made.get_data()))
            return made

    return answer_once


def _attempt() -> Attempt:
    """What this request tries. Its body is read here, before a transaction waits for it."""
    key = request.headers.get("Idempotency-Key", "")
    if not re.fullmatch(PATTERN, key):
        raise Refused(400, NEEDED.format(), code="idempotency_key_needed")
    sent = sha256(request.query_string + b"\n" + request.get_data(cache=True)).digest()
    return Attempt(current().actor, f"{request.method} {request.path}", key, sent)
