"""A session of this browser begins: the means of renewal go into its cookie, the token stays in memory."""

from flask import Response, current_app, g, session

from services.web.backend import Refused, Unreachable, ask
from services.web.session.cookie import EncryptedSessions
from services.web.session.tokens import Person, Token, Tokens


def tokens() -> Tokens:
    found = current_app.extensions["foyer-tokens"]
    assert isinstance(found, Tokens)
    return found


def forget_portal(answer: Response) -> None:
    """The client who was in at the portal in this browser, if any, is out."""
    sessions = current_app.session_interface
    assert isinstance(sessions, EncryptedSessions)
    sessions.forget_portal(current_app, answer)


def begin(renewal: str, token: Token, typed: str = "") -> None:
    """The session of who signed in, under the name they typed, if any.

    What they are called is nice to have, and no reason to keep them out.
    """
    g.person = Person(token.claims["sub"].partition(":")[2], typed, typed, renewal)
    try:
        me = ask("directory", "directory/me")
    except (Refused, Unreachable):
        me = {}
    username = me.get("username") or typed
    session["person"] = {
        "id": g.person.id,
        "username": username,
        "name": me.get("name") or username,
        "renewal": renewal,
        "branch_ids": me.get("branch_ids", []),
    }
