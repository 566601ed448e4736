"""What the browser is told to refuse on our pages: scripts and styles of others, frames, guesses about types.

Scripts come from our own files only. htmx's attributes work only with the page's nonce, and only htmx's own Trusted
Types policy may turn text into HTML, so an injected tag can neither run nor send anything.
"""

import re
import secrets
from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Flask, Response, g, request
from markupsafe import Markup

from shared.actor import Context, bind, current
from shared.config import WebConfig

log = structlog.get_logger()
room = Blueprint("security", __name__)

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def register(app: Flask, web: WebConfig) -> None:
    logo = urlsplit(web.logo_url)
    images = f"'self' data: {logo.scheme}://{logo.netloc}" if logo.netloc else "'self' data:"

    def protect(answer: Response) -> Response:
        return _protect(answer, images)

    app.before_request(_begin)
    app.after_request(protect)
    app.context_processor(lambda: {"nonce": nonce(), "hx": Markup('hx-nonce="{}"').format(nonce())})
    app.register_blueprint(room)


FRAMED = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data: https:;"
    " frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox"
)


def framed(answer: Response) -> Response:
    """A document that only a frame of ours shows, such as an e-mail: it may look as it likes, and can do nothing."""
    answer.headers["Content-Security-Policy"] = FRAMED
    return answer


def with_stripe(answer: Response) -> Response:
    """A page with Stripe's own field for a card: its script, its frames and calls to it, as the rules of the card
    networks ask, and this page only. The bank's question (3-D Secure) is a frame of Stripe's as well.

    The policy `default` is that of `stripe_card.js`: it lets Stripe's script load more of itself, and nothing else.
    """
    g.policy = {
        "script-src": f"'self' 'nonce-{nonce()}' https://js.stripe.com",
        "frame-src": "https://js.stripe.com https://hooks.stripe.com",
        "connect-src": "'self' https://api.stripe.com",
        "trusted-types": "default",
    }
    return answer


def nonce() -> str:
    """The one of this answer; htmx exchanges it for the page's when it takes in a part."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def _begin() -> None:
    """One id from the browser's click to the last reaction."""
    trace = secrets.token_hex(16)
    given = request.headers.get("X-Request-ID", "")
    bind(
        Context(
            actor="service:web",
            channel="console",
            correlation_id=given if REQUEST_ID.fullmatch(given) else trace,
            traceparent=f"00-{trace}-{secrets.token_hex(8)}-01",
        )
    )


def _protect(answer: Response, images: str) -> Response:
    policy = _policy(images) | g.get("policy", {})
    answer.headers.setdefault("Content-Security-Policy", "; ".join(f"{name} {value}" for name, value in policy.items()))
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    answer.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    answer.headers["X-Request-ID"] = current().correlation_id
    if request.is_secure:
        answer.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.blueprint != "appearance":
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _policy(images: str) -> dict[str, str]:
    """What a page of ours may load, by directive."""
    return {
        "default-src": "'none'",
        "script-src": f"'self' 'nonce-{nonce()}'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": images,
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "frame-src": "'self'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "htmx",
        "report-uri": "/csp-reports",
    }


@room.post("/csp-reports")
def reports() -> Response:
    """What a browser refused on one of our pages: a mistake of ours, or an attack."""
    report = (request.get_json(force=True, silent=True) or {}).get("csp-report") or {}
    log.warning("csp_violation", directive=str(report.get("effective-directive"))[:60])
    return Response(status=204)
