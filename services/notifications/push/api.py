"""The HTTP door of the portal to pushes."""

import base64
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from services.notifications.push import actions
from services.notifications.push.schemas import EndedSubscription, NewSubscription, PushKey
from shared.api import CLIENT, Door, platform, principal, transaction

door = Door("push", __name__, url_prefix="/api/v1/notifications/push", description="Browsers that take pushes.")


@door.get("/key", needs=CLIENT)
@door.response(200, PushKey)
def key() -> Any:
    """What a browser needs to subscribe."""
    config = platform().config
    if config.messaging.push != "webpush":
        return {"key": None}
    public = Vapid02.from_string(config.secret("vapid-key")).public_key
    raw = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {"key": base64.urlsafe_b64encode(raw).decode().rstrip("=")}


@door.put("/subscription", needs=CLIENT)
@door.arguments(NewSubscription)
@door.response(204)
def subscribe(given: dict[str, Any]) -> None:
    """This browser takes pushes; sent again, it repairs what has changed."""
    keys = given["keys"]
    with transaction() as session:
        actions.subscribe(session, platform().config, principal().id, given["endpoint"], keys["p256dh"], keys["auth"])


@door.post("/subscription/end", needs=CLIENT)
@door.arguments(EndedSubscription)
@door.response(204)
def unsubscribe(given: dict[str, Any]) -> None:
    """This browser takes no pushes any more."""
    with transaction() as session:
        actions.unsubscribe(session, principal().id, given["endpoint"])
