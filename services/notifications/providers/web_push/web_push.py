"""Sends a push to each of a client's browsers (RFC 8030, 8291, 8292)."""

from collections.abc import Callable
from typing import Any

import orjson
import requests
from pywebpush import WebPushException, webpush

from services.notifications.providers.port import Down, Later, Outcome, Outgoing, Refused, Sent
from shared import clock
from shared.config import Config

TIMEOUT = (5, 10)
TTL = 24 * 3600
GONE = (404, 410)


class WebPush:
    name = "webpush"
    channel = "push"
    repeats = True

    def __init__(
        self, config: Config, subscriptions: Callable[[str], list[Any]], forget: Callable[[Any], None]
    ) -> None:
        """`subscriptions` finds those of a client, `forget` drops one whose browser is gone."""
        self._config = config
        self._key = config.secret("vapid-key")
        self._subscriptions, self._forget = subscriptions, forget
        self._session = requests.Session()

    def send(self, message: Outgoing) -> Outcome:
        found = self._subscriptions(message.address)
        outcomes = [self._send(message, subscription) for subscription in found]
        for wanted in (Sent, Later, Down):
            if best := next((each for each in outcomes if isinstance(each, wanted)), None):
                return best
        return outcomes[0] if outcomes else Refused("push_gone", suppress="push_gone")

    def find(self, message: Outgoing) -> Outcome | None:
        return None

    def close(self) -> None:
        self._session.close()

    def _send(self, message: Outgoing, subscription: Any) -> Outcome:
        body = {"title": message.subject, "body": message.text, "tag": message.topic, "url": "/portal"}
        headers = {
            "Content-Type": "application/octet-stream",
            "Topic": message.topic,
            "Urgency": "high" if message.urgent else "normal",
        }
        try:
            webpush(
                {"endpoint": subscription.endpoint, "keys": {"p256dh": subscription.p256dh, "auth": subscription.auth}},
                orjson.dumps(body),
                vapid_private_key=self._key,
                vapid_claims={
                    "sub": self._config.messaging.vapid_subject,
                    "exp": int(clock.timestamp()) + 12 * 3600,
                },
                ttl=TTL,
                timeout=TIMEOUT,
                headers=headers,
                requests_session=self._session,
            )
        except WebPushException as error:
            return self._refusal(error.response, subscription)
        except requests.RequestException:
            return Later("cannot_connect")
        except ValueError:  # keys that are none
            self._forget(subscription)
            return Refused("push_gone", suppress="push_gone")
        return Sent()

    def _refusal(self, answer: requests.Response | None, subscription: Any) -> Outcome:
        if answer is None:
            return Later("cannot_connect")
        if answer.status_code in GONE:
            self._forget(subscription)
            return Refused("push_gone")
        wait = answer.headers.get("Retry-After", "")
        if answer.status_code == 429 or answer.status_code >= 500:
            return Later(f"http_{answer.status_code}", after=float(wait) if wait.isdigit() else None)
        return Refused(f"http_{answer.status_code}")
