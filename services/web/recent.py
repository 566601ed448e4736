"""The clients that a person opened last, in an encrypted cookie of their browser: gone when they sign out."""

from flask import Response, current_app, g, request

from services.web.session.cookie import Sealed

COOKIE = "foyer_recent"
MOST = 8

Client = dict[str, str]


def recent() -> list[Client]:
    """Newest first: `[{"id": …, "name": …}]`; nothing that another person left in this browser."""
    kept = _sealed().open(request.cookies.get(COOKIE, ""))
    if not isinstance(kept, dict) or not g.person or kept.get("of") != g.person.id:
        return []
    return list(kept["clients"])


def remember(answer: Response, client_id: str, name: str) -> Response:
    others = [client for client in recent() if client["id"] != client_id]
    clients = [{"id": client_id, "name": name[:80]}, *others][:MOST]
    sealed = _sealed().seal({"of": g.person.id, "clients": clients})
    answer.set_cookie(COOKIE, sealed, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer


def forget_recent(answer: Response) -> Response:
    answer.delete_cookie(COOKIE)
    return answer


def _sealed() -> Sealed:
    return Sealed(current_app.config["SECRET_KEY"])
