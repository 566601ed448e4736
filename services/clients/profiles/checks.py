"""What must hold for contact details, and what they refer to: brought into one form, or refused field by field."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.clients.profiles.client import Client
from services.clients.profiles.contact_points import INVALID, clean_address, clean_emails, clean_phones
from shared import clock
from shared.config import Chain
from shared.errors import Invalid
from shared.words import Words

EARLIEST = date(1900, 1, 1)

NO_BRANCH = Words("There is no such branch.")
NO_METHOD = Words("There is no such referral method.")
NO_CLIENT = Words("There is no such client.")
RETIRED_METHOD = Words("This referral method is no longer in use.")
WHICH_CLIENT = Words("Say which client referred them.")
NO_REFERRER = Words("Only a referral by another client names one.")
THEMSELVES = Words("Nobody refers themselves.")
IN_FUTURE = Words("A birth date cannot be in the future.")
TOO_EARLY = Words("A birth date cannot be before 1900.")

REFERENCES = text(
    """
    SELECT b.id AS branch_id, b.country, b.time_zone, m.id AS method_id, m.by_client, m.active,
        (SELECT c.id FROM clients c WHERE c.id = :referrer AND c.archived_at IS NULL) AS referrer_id
    FROM (VALUES (1)) AS one
    LEFT JOIN branches b ON b.id = :branch
    LEFT JOIN referral_methods m ON m.id = :method
    """
)
REFERRING = ("preferred_branch_id", "referral_method_id", "referred_by_client_id")


def checked(session: Session, given: Mapping[str, Any], client: Client, chain: Chain) -> dict[str, Any]:
    """The given details in their one form; `client` is whom they are given for, with the details so far.

    Raises Invalid, naming every field that is wrong.
    """
    country, zone = client["branch_country"] or chain.country, client["branch_zone"] or chain.time_zone
    problems: dict[str, Any] = {}
    if any(name in given for name in REFERRING):
        after = {**client, **given}
        found = _references(session, after)
        country, zone = found["country"] or chain.country, found["time_zone"] or chain.time_zone
        problems = _reference_problems(found, after, given)
    return clean_details(given, country, clock.today(zone), problems)


def clean_details(
    given: Mapping[str, Any], country: str, today: date, problems: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The given details in their one form, with what they refer to as it is: no database.

    Raises Invalid for the problems that are known already and all that are found.
    """
    clean, problems = dict(given), dict(problems or {})
    cleaners: dict[str, Callable[[Any], Any]] = {
        "phones": lambda phones: clean_phones(phones, country),
        "emails": clean_emails,
        "address": clean_address,
        "birth_date": lambda born: check_birth_date(born, today),
    }
    for name, cleaner in cleaners.items():
        if given.get(name):
            try:
                clean[name] = cleaner(given[name])
            except Invalid as error:
                problems |= error.fields
    if problems:
        raise Invalid(INVALID, fields=problems)
    return clean


def check_birth_date(born: date, today: date) -> date:
    """The day itself. Raises Invalid for one that cannot be."""
    problem = IN_FUTURE if born > today else TOO_EARLY if born < EARLIEST else None
    if problem:
        raise Invalid(INVALID, fields={"birth_date": [problem.format()]})
    return born


def _references(session: Session, after: Client) -> Mapping[str, Any]:
    ids: dict[str, UUID | None] = {
        "branch": after["preferred_branch_id"],
        "method": after["referral_method_id"],
        "referrer": after["referred_by_client_id"],
    }
    return dict(session.execute(REFERENCES, ids).mappings().one())


def _reference_problems(found: Mapping[str, Any], after: Client, given: Mapping[str, Any]) -> dict[str, Any]:
    problems = {}
    if given.get("preferred_branch_id") and found["branch_id"] is None:
        problems["preferred_branch_id"] = NO_BRANCH
    if given.get("referral_method_id") and not found["active"]:
        problems["referral_method_id"] = NO_METHOD if found["method_id"] is None else RETIRED_METHOD
    if "referral_method_id" not in problems and (problem := _referrer_problem(found, after, given)):
        problems["referred_by_client_id"] = problem
    return {name: [words.format()] for name, words in problems.items()}


def _referrer_problem(found: Mapping[str, Any], after: Client, given: Mapping[str, Any]) -> Words | None:
    """What is wrong with the client who is said to have referred this one."""
    referrer = after["referred_by_client_id"]
    if "referral_method_id" not in given and "referred_by_client_id" not in given:
        return None
    if referrer is None:
        return WHICH_CLIENT if found["by_client"] else None
    if not found["by_client"]:
        return NO_REFERRER
    if referrer == after.get("id"):
        return THEMSELVES
    return NO_CLIENT if found["referrer_id"] is None and given.get("referred_by_client_id") else None
