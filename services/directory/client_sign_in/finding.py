"""Whom an e-mail address or a telephone number, as somebody typed it, belongs to."""

from dataclasses import dataclass
from uuid import UUID

import phonenumbers
from sqlalchemy import Text, cast, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import Session

from services.directory.branches.models import Branch
from services.directory.contacts.models import Contact
from shared.config import Chain


@dataclass(frozen=True)
class Found:
    to: str
    """The address or number that clients know us to write to."""
    by: str
    """email or sms."""
    clients: list[Contact]

    @property
    def client_ids(self) -> list[UUID]:
        return [client.client_id for client in self.clients]

    @property
    def language(self) -> str | None:
        """The one that all of them read."""
        languages = {client.language for client in self.clients}
        return languages.pop() if len(languages) == 1 else None


def find(session: Session, typed: str, chain: Chain) -> Found | None:
    """None when nobody has it. A number without a country code is tried as one of each country of the chain, and the
    people of the first that somebody has are meant, and no others."""
    candidates = [typed.casefold()] if "@" in typed else _numbers(session, typed, chain)
    rows = session.scalars(
        select(Contact)
        .where(
            Contact.state == "active",
            or_(Contact.emails.op("&&")(_texts(candidates)), Contact.phones.op("&&")(_texts(candidates))),
        )
        .order_by(Contact.client_id)
        .limit(MOST)
    ).all()
    for candidate in candidates:
        theirs = [row for row in rows if candidate in row.emails or candidate in row.phones]
        if theirs:
            return Found(candidate, "email" if "@" in candidate else "sms", theirs)
    return None


MOST = 20
"""People who share one address. A family does; a placeholder that reception types for everybody lets nobody choose."""


def folded(typed: str) -> str:
    """The same for all the ways to write one address, as far as that can be told without knowing the country."""
    return typed.casefold() if "@" in typed else "".join(sign for sign in typed if sign.isdigit())


def _numbers(session: Session, typed: str, chain: Chain) -> list[str]:
    """The E.164 that it may mean, likeliest first."""
    countries = session.scalars(select(Branch.country).distinct().order_by(Branch.country))
    return list(dict.fromkeys(filter(None, (_e164(typed, one) for one in (chain.country, *countries)))))


def _e164(typed: str, country: str) -> str | None:
    try:
        parsed = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _texts(candidates: list[str]) -> object:
    return cast(array(candidates), ARRAY(Text)) if candidates else cast([], ARRAY(Text))
