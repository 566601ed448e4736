"""What can go wrong in an action, said in the trade's words. Only the edges know status codes and queues.

Every error has a stable `code` for programs and a `message` for people; `fields` names what was wrong, field by field.
"""

from collections.abc import Mapping
from typing import Any


class FoyerError(Exception):
    code = "error"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        fields: Mapping[str, Any] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.fields = dict(fields or {})
        self.extra = extra
        """More members of the problem document, such as the likely duplicates of a client."""


class NotFound(FoyerError):
    """There is no such thing, or the one who asks may not know of it."""

    code = "not_found"


class Invalid(FoyerError):
    """What was sent breaks a rule; `fields` says which and where."""

    code = "invalid"


class Conflict(FoyerError):
    """It would be fine at another time: something that is there now stands against it."""

    code = "conflict"


class Stale(FoyerError):
    """Somebody else changed it since it was read; `extra["changes"]` says what and who."""

    code = "stale"


class Forbidden(FoyerError):
    """The one who asks is known, and may not."""

    code = "forbidden"


class Unauthenticated(FoyerError):
    code = "unauthenticated"


class TooMany(FoyerError):
    """Asked too often; `extra["retry_after"]` says how many seconds to wait."""

    code = "too_many_requests"


class Unavailable(FoyerError):
    """A part that this needs does not answer at the moment. Trying again helps."""

    code = "unavailable"


class Retry(Exception):
    """A reaction says: not now, try later (a row it needs has not arrived yet)."""


class Reject(Exception):
    """A reaction says: never; trying again cannot help."""
