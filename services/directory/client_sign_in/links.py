"""One-time links: asked for by a browser, good once within fifteen minutes, and in that browser.

Another browser than the one that asked must also name six digits, which only the one that asked shows. So who reads
somebody's mail has half of what it takes, and so has who looks over their shoulder. Nothing here tells whether an
address is known: what is done and answered is the same, and takes as long.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.directory.client_sign_in.finding import Found, find
from services.directory.client_sign_in.models import ClientLink
from services.directory.contacts.models import Contact
from services.directory.machines.secrets import digest, is_right
from services.directory.sign_in import attempts
from shared import clock
from shared.config import Chain
from shared.errors import Invalid, NotFound
from shared.ids import new_id
from shared.words import Words

LIFETIME = timedelta(minutes=15)
DIGITS = 6

OVER = Words("This link is no longer good. Please ask for a new one.")
WRONG_CODE = Words("This is not the code that your other screen shows.")
NOT_AMONG = Words("Please choose one of those that are shown.")


@dataclass(frozen=True)
class Made:
    secret: str
    code: str
    found: Found | None


def ask(session: Session, typed: str, browser: str, chain: Chain) -> Made:
    """A new link, whether or not anybody is found who could use it."""
    found = find(session, typed, chain)
    secret, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    session.add(
        ClientLink(
            id=new_id(),
            secret_hash=digest(secret),
            browser_hash=digest(browser),
            code_hash=digest(secret + code),
            client_ids=found.client_ids if found else [],
            used=False,
            expires_at=clock.now() + LIFETIME,
        )
    )
    return Made(secret, code, found)


def knows(session: Session, secret: str, browser: str) -> bool:
    """Whether the link was asked for by this browser, which then needs no code. Raises NotFound when it is over,
    and uses nothing up."""
    return is_right(_good(session, secret, used=False).browser_hash, browser)


def begin_guess(session: Session, secret: str, address: str) -> None:
    """Notes that a code is tried, in a transaction of its own: five times a link. Raises TooMany."""
    attempts.begin(session, f"code {secret}", f"portal {address}")


def take(session: Session, secret: str, browser: str, code: str | None) -> tuple[list[Contact], str]:
    """Uses the link up: whom it lets in, and a secret for choosing among them. Raises NotFound, Invalid."""
    row = _good(session, secret, used=False)
    if not is_right(row.browser_hash, browser) and not (code and is_right(row.code_hash, secret + code)):
        raise Invalid(WRONG_CODE, code="code_needed", fields={"code": [WRONG_CODE.format()]})
    clients = _active(session, row.client_ids)
    if not clients:
        raise NotFound(OVER, code="link_over")
    choice = secrets.token_urlsafe(32)
    row.used, row.secret_hash, row.browser_hash = True, digest(choice), digest(browser)
    return clients, choice


def choose(session: Session, choice: str, browser: str, client_id: UUID) -> Contact:
    """One of several whom a used link lets in, once. Raises NotFound, Invalid."""
    row = _good(session, choice, used=True)
    if not is_right(row.browser_hash, browser):
        raise NotFound(OVER, code="link_over")
    chosen = next((one for one in _active(session, row.client_ids) if one.client_id == client_id), None)
    if chosen is None:
        raise Invalid(NOT_AMONG, fields={"client_id": [NOT_AMONG.format()]})
    session.delete(row)
    return chosen


def forget_old(session: Session) -> None:
    session.execute(delete(ClientLink).where(ClientLink.expires_at < clock.now()))


def _good(session: Session, secret: str, *, used: bool) -> ClientLink:
    row = session.scalar(select(ClientLink).where(ClientLink.secret_hash == digest(secret)).with_for_update())
    if row is None or row.used != used or row.expires_at <= clock.now():
        raise NotFound(OVER, code="link_over")
    return row


def _active(session: Session, client_ids: list[UUID]) -> list[Contact]:
    """Those who may still sign in, held until the transaction ends: who archives one of them ends the session too."""
    wanted = select(Contact).where(Contact.client_id.in_(client_ids), Contact.state == "active")
    return list(session.scalars(wanted.order_by(Contact.client_id).with_for_update(read=True)))
