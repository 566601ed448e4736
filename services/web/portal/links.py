"""Handing a link to the person: the one place that knows how it travels.

A link is a secret and travels in no event: notifications gets it over HTTP, and keeps it until it is sent. The demo has
a page with the last ones besides.
"""

import json
import mmap
from collections.abc import Mapping
from multiprocessing import Lock
from typing import Any

import gevent
import structlog
from flask import Flask, current_app

from services.web.backend import Refused, SignedOut, Unreachable

log = structlog.get_logger()

MOST = 50
ROOM = 256 * 1024
LENGTH = 8


class LastLinks:
    """The last links, in memory that this process shares with those that it forks: a site has several workers."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, ROOM)
        self._lock = Lock()

    def add(self, link: Mapping[str, Any]) -> None:
        with self._lock:
            kept = json.dumps([dict(link), *self._read()][:MOST]).encode()
            if len(kept) <= ROOM - LENGTH:
                self._memory[: LENGTH + len(kept)] = len(kept).to_bytes(LENGTH) + kept

    def all(self) -> list[dict[str, Any]]:
        """Newest first."""
        with self._lock:
            return self._read()

    def _read(self) -> list[dict[str, Any]]:
        length = int.from_bytes(self._memory[:LENGTH])
        found: list[dict[str, Any]] = json.loads(self._memory[LENGTH : LENGTH + length]) if length else []
        return found


def hand_over(link: Mapping[str, Any]) -> None:
    """Sends the link on its way: `to`, `by`, `url`, `language`, `client_ids`, `at`.

    Nobody waits for it, so that the answer takes as long for an address that nobody has. Where it does not arrive the
    person asks for another.
    """
    kept = last_links()
    if kept is not None:
        kept.add(link)
    gevent.spawn(_send, current_app._get_current_object(), dict(link))  # type: ignore[attr-defined]


def _send(app: Flask, link: Mapping[str, Any]) -> None:
    channel = "email" if link["by"] == "email" else "sms"
    body = {"client_id": link["client_ids"][0], "channel": channel, "link": link["url"]}
    with app.test_request_context():  # what it asks with has the headers of a request
        try:
            app.extensions["foyer-client-tokens"].as_machine("notifications/messages/sign-in", body)
        except (Refused, SignedOut, Unreachable) as error:
            log.warning("portal_link_not_sent", channel=channel, reason=type(error).__name__)


def last_links() -> LastLinks | None:
    """None but in the demo."""
    found: LastLinks | None = current_app.extensions["foyer-last-links"]
    return found
