"""Who is signed in: read from the cookie before each page; without it, the way leads to the sign-in page."""

from flask import Blueprint, Response, current_app, g, redirect, request, session, url_for

from services.web.backend import SignedOut
from services.web.session.tokens import Person, Token
from services.web.wire import is_htmx

room = Blueprint("session", __name__)

SIGN_IN = {"sign_in.page", "sign_in.enter", "sign_in.again", "oidc.go_there", "oidc.come_back"}
OPEN = SIGN_IN | {"static", "healthz", "readyz", "metrics"}
"""What nobody has to be signed in for; the blueprints of the plumbing answer for themselves."""
PLUMBING = {"security", "appearance", "language"}


@room.before_app_request
def recognise() -> Response | None:
    known = session.get("person")
    g.person = Person(**{**known, "branch_ids": tuple(known["branch_ids"])}) if known else None
    if g.person or request.endpoint in OPEN or request.blueprint in PLUMBING or request.endpoint is None:
        return None
    raise SignedOut


@room.app_errorhandler(SignedOut)
def signed_out(_: SignedOut) -> Response:
    """A fragment is told with 401, so that the page asks for the password in place; a page goes to the sign-in."""
    if is_htmx():
        return Response(status=401)
    path = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("sign_in.page", next=path))  # type: ignore[return-value]


@room.app_context_processor
def person() -> dict[str, object]:
    return {"person": g.get("person"), "may": may}


def may(permission: str) -> bool:
    """Whether to show what needs the permission. The services decide; this only spares people what would be refused."""
    token: Token = current_app.extensions["foyer-tokens"].token(g.get("person"))
    return permission in token.permissions
