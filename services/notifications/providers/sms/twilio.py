"""Sends SMS by Twilio's HTTP API."""

from typing import Any

import orjson
import urllib3

from services.notifications.providers.port import Down, Later, Outcome, Outgoing, Refused, Sent, Unknown
from shared.config import Config

TIMEOUT = urllib3.Timeout(connect=5, read=10)
STOPPED = 21610
INVALID = {21211, 21214, 21217, 21401, 21614}
"""No number, or none that takes SMS."""
UNREACHABLE = {30003, 30004, 30005, 30006}
"""Of what a callback says: off, blocked, unknown, a landline."""
STATES = {
    "delivered": "delivered", "read": "delivered", "sent": "sent", "sending": "sent", "queued": "sent",
    "accepted": "sent", "scheduled": "sent",
}  # fmt: skip
CALLBACK = "/api/v1/notifications/providers/twilio/status/{}"


class Twilio:
    name = "twilio"
    channel = "sms"
    repeats = False

    def __init__(self, config: Config) -> None:
        self._config = config.messaging
        self._base_url = config.base_url
        account, token = self._config.twilio_account, config.secret("twilio-auth-token")
        self._url = f"{self._config.twilio_url}/2010-04-01/Accounts/{account}/Messages.json"
        self._headers = urllib3.make_headers(basic_auth=f"{account}:{token}")
        self._http = urllib3.PoolManager(timeout=TIMEOUT, retries=False, maxsize=1)

    def send(self, message: Outgoing) -> Outcome:
        fields = {
            "To": message.address,
            "From": message.sender.get("number") or self._config.twilio_number,
            "Body": message.text,
            "StatusCallback": self._base_url + CALLBACK.format(message.id),
        }
        try:
            answer = self._http.request("POST", self._url, fields=fields, headers=self._headers, encode_multipart=False)
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError):
            return Down("cannot_connect")
        except urllib3.exceptions.HTTPError:
            return Unknown("no_answer")  # the request was under way
        return _outcome(answer.status, _document(answer.data), answer.headers.get("Retry-After"))

    def find(self, message: Outgoing) -> Outcome | None:
        """Looks for the text among what was sent to the number since the first try."""
        since = message.first_tried_at
        fields = {"To": message.address, "PageSize": "50"}
        if since is not None:
            fields["DateSent>"] = since.date().isoformat()
        try:
            answer = self._http.request("GET", self._url, fields=fields, headers=self._headers)
        except urllib3.exceptions.HTTPError:
            return Unknown("no_answer")
        if answer.status != 200:
            return Unknown(f"http_{answer.status}")
        for one in _document(answer.data).get("messages") or ():
            if one.get("body") == message.text and one.get("direction", "").startswith("outbound"):
                return told(str(one.get("status")), one.get("error_code"), one.get("sid"))
        return None

    def close(self) -> None:
        self._http.clear()


def told(status: str, error: Any, sid: str | None) -> Outcome:
    """What a status of Twilio's means, in a callback or in its list."""
    if status in STATES:
        return Sent(sid, STATES[status])
    code = int(error) if str(error or "").isdigit() else 0
    if code == STOPPED:
        return Refused("stop", suppress="stop")
    if code in INVALID or code in UNREACHABLE:
        hard = code in INVALID or code in (30005, 30006)
        return Refused(f"twilio_{code}", bounced=True, suppress="invalid" if hard else None)
    return Refused(f"twilio_{code or status}")


def _outcome(status: int, said: dict[str, Any], retry_after: str | None) -> Outcome:
    if status in (200, 201):
        return told(str(said.get("status", "queued")), said.get("error_code"), said.get("sid"))
    code = int(said.get("code") or 0)
    after = float(retry_after) if retry_after and retry_after.isdigit() else None
    if status == 429 or code == 20429:
        return Down("rate_limited", after=after or 1.0)
    if status == 503:
        return Down("server_busy", after=after)
    if status >= 500:
        return Unknown(f"http_{status}")
    if status in (401, 403, 404):
        return Down("not_let_in", after=60.0)
    if code == STOPPED:
        return Refused("stop", suppress="stop")
    if code in INVALID:
        return Refused(f"twilio_{code}", bounced=True, suppress="invalid")
    if status in (408, 409, 425):
        return Later(f"http_{status}")
    return Refused(f"twilio_{code or status}")


def _document(body: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
