"""Signing clients in and out. Asked by the portal with its own machine token; only a client ends their session."""

from typing import Any

from services.directory.client_sign_in import links, sessions
from services.directory.client_sign_in.finding import folded
from services.directory.client_sign_in.schemas import (
    Choice,
    Link,
    LinkLook,
    LinkRequest,
    LinkSeen,
    Redemption,
    Renewal,
    Renewed,
    SignedIn,
)
from services.directory.contacts.models import Contact
from services.directory.sign_in import attempts
from services.directory.sign_in.api import SIGNS_PEOPLE_IN
from shared.api import CLIENT, Door, platform, principal, transaction

door = Door("client_sign_in", __name__, url_prefix="/api/v1/directory", description="How clients come to the portal.")

Sent = dict[str, Any]


@door.post("/client-links", needs=SIGNS_PEOPLE_IN)
@door.doc(**{"x-problems": [429]})
@door.arguments(LinkRequest)
@door.response(202, Link)
def ask_for_link(sent: Sent) -> Any:
    """A link for whoever has this address or number. The same answer in the same time when nobody has it, but for the
    `recipient`, which the portal never shows."""
    _must_be_the_portal()
    with transaction() as session:
        attempts.begin(session, f"link {folded(sent['contact'])}", f"portal {sent['address']}")
    with transaction() as session:
        made = links.ask(session, sent["contact"], sent["browser"], platform().config.chain)
    found = made.found
    recipient = found and {
        "to": found.to, "by": found.by, "language": found.language, "client_ids": found.client_ids,
    }  # fmt: skip
    lifetime = int(links.LIFETIME.total_seconds())
    return {"link": made.secret, "code": made.code, "expires_in": lifetime, "recipient": recipient}, 202


@door.post("/client-links/look", needs=SIGNS_PEOPLE_IN)
@door.doc(**{"x-problems": [404]})
@door.arguments(LinkLook)
@door.response(200, LinkSeen)
def look(sent: Sent) -> Any:
    """Whether this browser needs the code. Uses nothing up, since mail programs open links before people do."""
    _must_be_the_portal()
    with transaction() as session:
        return {"code_needed": not links.knows(session, sent["link"], sent["browser"])}


@door.post("/client-links/redemption", needs=SIGNS_PEOPLE_IN)
@door.doc(**{"x-problems": [404, 429]})
@door.arguments(Redemption)
@door.response(200, SignedIn)
def redeem(sent: Sent) -> Any:
    """Uses the link up: the client is in, or is chosen among those who share the address."""
    _must_be_the_portal()
    if "code" in sent:
        with transaction() as session:
            links.begin_guess(session, sent["link"], sent["address"])
    with transaction() as session:
        clients, choice = links.take(session, sent["link"], sent["browser"], sent.get("code"))
        people = [_person(client) for client in clients]
        if len(clients) > 1:
            return {"people": people, "choice": choice}
        return {"people": people, **sessions.open_session(session, clients[0], principal().id)}


@door.post("/client-links/choice", needs=SIGNS_PEOPLE_IN)
@door.doc(**{"x-problems": [404]})
@door.arguments(Choice)
@door.response(200, SignedIn)
def choose(sent: Sent) -> Any:
    """One of several whom the link let in."""
    _must_be_the_portal()
    with transaction() as session:
        client = links.choose(session, sent["choice"], sent["browser"], sent["client_id"])
        return {"people": [_person(client)], **sessions.open_session(session, client, principal().id)}


@door.post("/client-sessions/renewal", needs=SIGNS_PEOPLE_IN)
@door.arguments(Renewal)
@door.response(200, Renewed)
def renew(sent: Sent) -> Any:
    """The next token of a client's session."""
    _must_be_the_portal()
    with transaction() as session:
        return sessions.renew(session, sent["refresh_token"], principal().id)


@door.delete("/client-sessions/current", needs=CLIENT)
@door.doc(**{"x-problems": [404]})
@door.response(204)
def sign_out() -> None:
    """Ends the session of the token: it and all others of the session are refused from now on."""
    with transaction() as session:
        sessions.end_session(session, principal().session_id)


def _must_be_the_portal() -> None:
    """A machine that signs clients in does so for the whole chain, as they belong to it."""
    principal().must_everywhere(SIGNS_PEOPLE_IN)


def _person(client: Contact) -> dict[str, Any]:
    return {"client_id": client.client_id, "name": client.name, "language": client.language}
