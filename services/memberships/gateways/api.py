"""The doors for what gateways tell: open to all, and closed to what carries no good signature."""

from typing import Any

from flask import request

from services.memberships.gateways import actions
from services.memberships.gateways.open import hear
from services.memberships.gateways.port import BadSignature
from services.memberships.gateways.schemas import Heard
from shared.api import PUBLIC, Door, platform, transaction
from shared.api.problems import Refused
from shared.errors import NotFound
from shared.rows import NOT_FOUND
from shared.words import Words

door = Door("webhooks", __name__, url_prefix="/api/v1/memberships/webhooks", description="What gateways tell.")

MOST_BYTES = 256_000
UNSIGNED = Words("This does not carry the signature of the gateway.")


@door.post("/stripe", needs=PUBLIC)
@door.response(200, Heard)
@door.doc(**{"x-problems": [403, 404, 413]})
def stripe() -> Any:
    """What Stripe tells. It is stored by its own id and answered; a worker looks at the object that it names."""
    return _hear("stripe")


@door.post("/sandbox", needs=PUBLIC)
@door.response(200, Heard)
@door.doc(**{"x-problems": [403, 404, 413]})
def sandbox() -> Any:
    """What the sandbox tells, where it is the gateway."""
    return _hear("sandbox")


def _hear(gateway: str) -> Any:
    config = platform().config
    if gateway != config.gateway:
        raise NotFound(NOT_FOUND)
    if (request.content_length or 0) > MOST_BYTES:
        raise Refused(413)
    try:
        said = hear(config, dict(request.headers), request.get_data())
    except BadSignature as error:
        raise Refused(403, UNSIGNED.format(), code="bad_signature") from error
    with transaction() as session:
        actions.store(session, said)
    return {"stored": len(said)}
