"""Whether the site is ready for people."""

import http.client
from collections.abc import Callable

from shared import clock

SLOW = 30.0
"""Seconds after which a site that does not answer is worth a line."""


def site_answers(address: str, complain: Callable[[], None]) -> Callable[[], bool]:
    """A question to ask again and again; it complains once when that takes long."""
    complain_at = clock.monotonic() + SLOW

    def ask() -> bool:
        nonlocal complain_at
        if clock.monotonic() > complain_at:
            complain_at = float("inf")
            complain()
        return is_ready(address)

    return ask


def is_ready(address: str) -> bool:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=1)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
