"""Two clients who can be reached, messages to them, campaigns in every state, and links that stop messages."""

from typing import Any

from sqlalchemy import select

from services.notifications.replies import actions as replies
from services.notifications.replies.models import Reply
from services.notifications.unsubscribing.tokens import Token, token_of
from shared.testing.service import ServiceUnderTest

from . import BRANCH, CLIENT, OTHER, as_admin, as_client, maker, neighbours

ENTRY, SOON = {"on": "now"}, {"on": "daily", "rule": "birthday"}
STEP = {"do": "send", "channel": "email", "title": "Hola", "text": "Hola"}
BOUNCE = """\
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; ana@example.com
Action: failed
Status: 5.1.1

--x
Content-Type: text/rfc822-headers

X-Foyer-Message: 0197a3c4-5a00-7000-8000-000000000001

--x--
"""
PLACES = "/api/v1/notifications/templates/{type_}/{channel}/{language}"


def prepare(service: ServiceUnderTest) -> dict[str, Any]:
    neighbours(service)
    made = maker(service)
    admin = service.with_token(as_admin())

    def campaign(*moves: str) -> str:
        id = made("/campaigns", {"name": "Otoño", "entry": SOON, "steps": [STEP]})
        for move in moves:
            made(f"/campaigns/{id}/{move}", None)
        return id

    def campaigns(*moves: str) -> list[str]:
        return [campaign(*moves) for _ in range(5)]

    def answered() -> list[str]:
        with service.database.transaction() as session:
            for number in range(3):
                replies.take(session, f"SM{number}", "+34600123456", "Gracias")
            return [str(id) for id in session.scalars(select(Reply.id))]

    message = {"client_id": str(CLIENT), "channel": "email", "title": "Hola", "text": "Hola"}
    stop = {"channel": "email", "note": ""}
    wording = admin.post("/api/v1/notifications/consent-wordings/email/es", {"text": "Sí"}).json["id"]
    on = {"kind": "marketing", "channel": "email", "on": True, "wording_id": wording}
    off = {"kind": "appointment", "channel": "sms", "on": False}
    return {
        "token": as_admin(),
        "client_token": as_client(CLIENT),
        "tokens": {},
        "examples": {},
        "only_by_people": [
            f"POST /api/v1/notifications/providers/{what}"
            for what in ("ses", "twilio/replies", "twilio/status/{message_id}")
        ],
        "path": {
            "client_id": [CLIENT, OTHER],
            "branch_id": [BRANCH],
            "message_id": [made("/messages", message) for _ in range(3)],
            "suppression_id": [
                made("/suppressions", stop | {"address": f"a{number}@example.com"}) for number in range(20)
            ],
            "campaign_id": [campaign() for _ in range(20)],
            "POST /api/v1/notifications/campaigns/{campaign_id}/start campaign_id": campaigns(),
            "POST /api/v1/notifications/campaigns/{campaign_id}/pause campaign_id": campaigns("start"),
            "POST /api/v1/notifications/campaigns/{campaign_id}/resume campaign_id": campaigns("start", "pause"),
            "POST /api/v1/notifications/campaigns/{campaign_id}/end campaign_id": campaigns("start"),
            "reply_id": answered(),
            "token": [token_of(service.config, Token(CLIENT, "marketing", "email"))],
            "type_": ["appointment_booked"],
            "channel": ["email", "sms"],
            f"PUT {PLACES} channel": ["sms"],
            f"POST {PLACES}/preview channel": ["sms"],
            "language": ["es", "en"],
        },
        "body": {
            "client_id": [CLIENT, OTHER],
            "branch_id": [BRANCH, None],
            "branch_ids": [[BRANCH]],
            "entry": [ENTRY, SOON],
            "steps": [[STEP], [{"do": "wait", "days": 2}, STEP]],
            "audience": [{}, {"branch_ids": [BRANCH], "languages": ["es"]}],
            "POST /api/v1/notifications/consent-wordings/{channel}/{language} text": ["Sí"],
            "link": [f"{service.config.base_url}/portal"],
            "PUT /api/v1/notifications/preferences/{client_id} switches": [[off], [on | {"given": "paper"}, off]],
            "PUT /api/v1/notifications/portal/preferences switches": [[off], [on, off]],
            f"PUT {PLACES} body": ["Hola", "Hola {{ first_name }}"],
            f"POST {PLACES}/preview body": ["Hola", "Hola {{ first_name }}"],
            "endpoint": ["https://fcm.googleapis.com/fcm/send/{new}"],
            "from": ["hola@example.com"],
            "reply_to": ["hola@example.com"],
            "number": ["+34600123456"],
            "opens": ["08:00", "09:30"],
            "closes": ["20:00", "24:00"],
        },
        "whole": {
            "POST /api/v1/notifications/messages": [message, message | {"channel": "sms", "branch_id": BRANCH}],
            "POST /api/v1/notifications/suppressions": [
                stop | {"address": f"b{number}@example.com"} for number in range(30)
            ] + [{"channel": "sms", "address": "+34600123456"}],
            "POST /api/v1/notifications/providers/email/reports": [BOUNCE],
        },
    }  # fmt: skip
