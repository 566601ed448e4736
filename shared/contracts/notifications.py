"""The events of the notifications service. No body, no address and no number stands in any of them."""

from typing import Any

from marshmallow import fields, validate

from shared.contracts.contract import Contract, Payload
from shared.contracts.platform import erasure_completed

MESSAGE = "0197a3c4-5a00-7000-8000-000000000601"
REPLY = "0197a3c4-5a00-7000-8000-000000000602"
CLIENT = "0197a3c4-5a00-7000-8000-000000000001"
BRANCH = "0197a3c4-5a00-7000-8000-00000000000b"


# --- messages

MESSAGE_KINDS = ["appointment", "service", "package", "marketing", "transaction", "contract"]
MESSAGE_CHANNELS = ["sms", "push", "email"]
MESSAGE_STATES = [
    "queued", "sending", "sent", "delivered", "bounced", "failed", "unknown", "suppressed", "withdrawn", "expired",
    "complained",
]  # fmt: skip


class Message(Payload):
    id = fields.UUID(required=True)
    client_id = fields.UUID(required=True, allow_none=True)
    type = fields.String(required=True, metadata={"description": "of the table of message types", "x-open": True})
    kind = fields.String(required=True, validate=validate.OneOf(MESSAGE_KINDS))
    channel = fields.String(required=True, validate=validate.OneOf(MESSAGE_CHANNELS), metadata={"x-open": True})
    branch_id = fields.UUID(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(MESSAGE_STATES))
    reason = fields.String(required=True, allow_none=True, metadata={"description": "why, as a code"})


_message: dict[str, Any] = {
    "id": MESSAGE,
    "client_id": CLIENT,
    "type": "receipt",
    "kind": "transaction",
    "channel": "email",
    "branch_id": BRANCH,
    "state": "sent",
    "reason": None,
}


def _message_event(what: str, description: str, **more: Any) -> Contract:
    example = _message | {"state": what} | more
    return Contract(f"notifications.message.{what}.v1", Message, description, example)


MESSAGE_QUEUED = _message_event(
    "queued", "There is something to tell a client; whether it may go is asked when it goes."
)
MESSAGE_SENT = _message_event("sent", "The provider has taken it.")
MESSAGE_DELIVERED = _message_event("delivered", "The provider says that it has arrived.")
MESSAGE_BOUNCED = _message_event(
    "bounced", "It came back, or the reader complained about it; `state` says which.", reason="smtp_5.1.1"
)
MESSAGE_FAILED = _message_event("failed", "It cannot be sent, and is not tried again.", reason="template")
MESSAGE_SUPPRESSED = _message_event(
    "suppressed",
    "It was not sent and will not be: the client does not want it, it was withdrawn, or its time is over; `state` and"
    " `reason` say which.",
    reason="no_consent",
)


class Replied(Payload):
    id = fields.UUID(required=True)
    client_id = fields.UUID(required=True, allow_none=True)
    message_id = fields.UUID(required=True, allow_none=True, metadata={"description": "what we had written last"})
    channel = fields.String(required=True, validate=validate.OneOf(MESSAGE_CHANNELS), metadata={"x-open": True})


MESSAGE_REPLIED = Contract(
    "notifications.message.replied.v1",
    Replied,
    "Somebody has answered; what they wrote is kept for staff.",
    {"id": REPLY, "client_id": CLIENT, "message_id": MESSAGE, "channel": "sms"},
)


# --- preferences


class Switch(Payload):
    kind = fields.String(required=True, validate=validate.OneOf(MESSAGE_KINDS), metadata={"x-open": True})
    channel = fields.String(required=True, validate=validate.OneOf(MESSAGE_CHANNELS), metadata={"x-open": True})
    on = fields.Boolean(required=True)


class PreferencesChanged(Payload):
    client_id = fields.UUID(required=True)
    switches = fields.List(
        fields.Nested(Switch), required=True, metadata={"description": "those that moved, as they are now"}
    )
    source = fields.String(
        required=True,
        metadata={
            "description": "console, portal, api, import, unsubscribe, stop, start, merge",
            "x-open": True,
        },
    )


PREFERENCES_CHANGED = Contract(
    "notifications.preferences.changed.v1",
    PreferencesChanged,
    "How a client wants to be spoken to has changed. The proof of it, with wording and address, stays here.",
    {"client_id": CLIENT, "switches": [{"kind": "marketing", "channel": "sms", "on": True}], "source": "console"},
)


# --- campaigns

CAMPAIGN = "0197a3c4-5a00-7000-8000-000000000603"


class Campaign(Payload):
    id = fields.UUID(required=True)
    name = fields.String(required=True, metadata={"description": "what the chain calls it"})
    state = fields.String(required=True, validate=validate.OneOf(["running", "paused", "ended"]))
    entry = fields.String(
        required=True, metadata={"description": "what lets clients in: now, at, daily, event", "x-open": True}
    )
    channels = fields.List(
        fields.String(validate=validate.OneOf(MESSAGE_CHANNELS), metadata={"x-open": True}), required=True
    )
    pause_reason = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "why it has paused by itself; null when a person did it", "x-open": True},
    )


def _campaign_event(what: str, description: str, **more: Any) -> Contract:
    example = {
        "id": CAMPAIGN,
        "name": "Vuelta al cole",
        "state": "running",
        "entry": "now",
        "channels": ["email"],
        "pause_reason": None,
    }
    return Contract(f"notifications.campaign.{what}.v1", Campaign, description, example | more)


CAMPAIGN_STARTED = _campaign_event(
    "started", "It lets clients in from now on: it was started, or goes on after a pause."
)
CAMPAIGN_PAUSED = _campaign_event(
    "paused",
    "It stands still: a person has paused it, or its text could not be filled in several times in a row.",
    state="paused",
    pause_reason="template",
)
CAMPAIGN_FINISHED = _campaign_event("finished", "Everybody is through, or a person has ended it.", state="ended")

ERASURE_COMPLETED = erasure_completed("notifications")
