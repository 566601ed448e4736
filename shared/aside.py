"""Work that would hold up all others of this process, done in a thread aside: a hash of a password, a slow disk."""

from collections.abc import Callable
from typing import Any, TypeVar

from gevent import get_hub

Result = TypeVar("Result")


def aside(work: Callable[..., Result], *arguments: Any) -> Result:
    """What `work` returns or raises; other requests go on meanwhile."""
    done: Result = get_hub().threadpool.apply(work, arguments)
    return done


def begun_aside(work: Callable[..., Result], *arguments: Any) -> Callable[[], Result]:
    """Begins it and goes on; what this answers waits for its end, and returns or raises as it did."""
    end: Callable[[], Result] = get_hub().threadpool.spawn(work, *arguments).get
    return end
