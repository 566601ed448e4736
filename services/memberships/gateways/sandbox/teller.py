"""Tells the installation what happened: signed webhooks, each again and again until it is taken."""

import threading

import orjson
import structlog
import urllib3

from services.memberships.gateways.sandbox.book import Book, Row
from services.memberships.gateways.sandbox.signature import HEADER, signature

log = structlog.get_logger()

LONGEST_PAUSE = 60.0
"""Seconds between two tries; the first pause is one, and it doubles."""


class Teller:
    def __init__(self, book: Book, url: str, key: str) -> None:
        self._book, self._url, self._key = book, url, key
        self._http = urllib3.PoolManager(timeout=urllib3.Timeout(connect=2, read=10), retries=False)
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.wait(0.1):
            try:
                self.step()
            except Exception:
                log.exception("sandbox_telling_failed")

    def step(self) -> int:
        """Tells what is due, and answers how much of it was taken."""
        self._book.carry_out_plans()
        taken = 0
        for event in self._book.untold():
            if self._is_taken(event):
                self._book.told(event["id"])
                taken += 1
            else:
                self._book.tell_later(event["id"], min(2.0 ** event["tries"], LONGEST_PAUSE))
        return taken

    def _is_taken(self, event: Row) -> bool:
        body = orjson.dumps({name: event[name] for name in ("id", "account", "kind", "object")})
        headers = {"Content-Type": "application/json", HEADER: signature(self._key, body)}
        try:
            return self._http.request("POST", self._url, body=body, headers=headers).status == 200
        except urllib3.exceptions.HTTPError:
            return False
