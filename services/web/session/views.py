"""Who is signed in: read from the cookie before each page; without it, the way leads to the sign-in page."""

from flask import Blueprint, Response, current_app, g, redirect, request, session, url_for

from services.web.backend import SignedOut
from services.web.portal.place import is_portal
from services.web.session.tokens import Person, Token
from services.web.wire import is_htmx

room = Blueprint("session", __name__)

SIGN_IN = {"sign_in.page", "sign_in.enter", "sign_in.again", "oidc.go_there", "oidc.come_back"}
OPEN = SIGN_IN | {"portal_sign_in.links", "static", "healthz", "readyz", "metrics"}
"""What nobody has to be signed in for; the blueprints of the plumbing answer for themselves."""
PORTAL_OPEN = {
    "portal.switch",
    "unsubscribing.page",
    "unsubscribing.stop",
    *(f"portal_sign_in.{name}" for name in ("page", "ask_for_link", "look", "arrive", "use", "choose", "chosen")),
}
PLUMBING = {"security", "appearance", "language"}


@room.before_app_request
def recognise() -> Response | None:
    if is_portal():
        _recognise_client()
        return None
    known = session.get("person")
    g.person = Person(**{**known, "branch_ids": tuple(known["branch_ids"])}) if known else None
    if g.person or request.endpoint in OPEN or request.blueprint in PLUMBING or request.endpoint is None:
        return None
    raise SignedOut


def _recognise_client() -> None:
    """Raises SignedOut on a page that is for clients who are in."""
    known = session.get("member")
    g.person = Person(id=known["id"], username="", name=known["name"], renewal=known["renewal"]) if known else None
    if not g.person and request.endpoint not in PORTAL_OPEN and request.endpoint is not None:
        raise SignedOut


@room.app_errorhandler(SignedOut)
def signed_out(_: SignedOut) -> Response:
    """A fragment is told with 401, so that the page asks for the password in place; a page goes to the sign-in."""
    if is_portal():
        session.pop("member", None)
        way = url_for("portal_sign_in.page")
        return Response(status=401, headers={"HX-Redirect": way}) if is_htmx() else redirect(way)  # type: ignore[return-value]
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
