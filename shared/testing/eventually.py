"""Waiting for what another process does. The only place of the tests that waits on time."""

import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


class NotWithin(AssertionError):
    """What `eventually` waited for did not come true in time."""


def eventually(check: Callable[[], Result], within: float = 10.0, every: float = 0.02) -> Result:
    """Call `check` until it holds and return what it returned.

    `check` either asserts, and holds when no AssertionError comes out of it, or returns what it found, and holds when
    that is not empty: False, 0 and [] mean "not yet". (None is what a function that only asserts returns, so it holds.)
    After `within` seconds NotWithin is raised with the last failure. Any other exception is raised at once: a check
    that breaks is no check.
    """
    deadline = time.monotonic() + within
    tries = 0
    while True:
        tries += 1
        failure: AssertionError | None = None
        try:
            result = check()
        except AssertionError as failed:
            failure = failed
        else:
            if result or result is None:
                return result
        if time.monotonic() >= deadline:
            last = str(failure) if failure else f"it returned {result!r}"
            raise NotWithin(f"not within {within:g} s ({tries} tries): {last}") from failure
        time.sleep(every)
