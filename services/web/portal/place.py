"""Where the portal is: everything below /portal is for clients, with a cookie of its own; the rest is for staff."""

from flask import has_request_context, request

ROOT = "/portal"


def is_portal(path: str | None = None) -> bool:
    """Whether this request, or that path, is a client's and not one of staff."""
    asked = path if path is not None else request.path if has_request_context() else ""
    return asked == ROOT or asked.startswith(f"{ROOT}/")
