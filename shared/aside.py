"""Work that would hold up all others of this process.

It is done in a thread aside, as a hash of a password and a slow disk are, or gives way to them now and then.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from gevent import get_hub

Result = TypeVar("Result")
Item = TypeVar("Item")

AT_A_TIME = 50


def aside(work: Callable[..., Result], *arguments: Any) -> Result:
    """What `work` returns or raises; other requests go on meanwhile."""
    done: Result = get_hub().threadpool.apply(work, arguments)
    return done


def begun_aside(work: Callable[..., Result], *arguments: Any) -> Callable[[], Result]:
    """Begins it and goes on; what this answers waits for its end, and returns or raises as it did."""
    end: Callable[[], Result] = get_hub().threadpool.spawn(work, *arguments).get
    return end


def giving_way(items: Iterable[Item]) -> Iterator[Item]:
    """The items, of which there may be thousands: after each fifty others have their turn."""
    for number, item in enumerate(items, 1):
        yield item
        if number % AT_A_TIME == 0:
            time.sleep(0)
