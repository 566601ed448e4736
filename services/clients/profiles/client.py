"""What a client is, as a mapping of the columns of their row: their details, what events say, what the API shows."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from shared import clock
from shared.config import Chain

Client = Mapping[str, Any]
"""The columns of a row of `clients`, with what `rows` joins to it: status, tags, branch, who blocked."""

CONTACT_DETAILS: dict[str, Any] = {
    "first_name": "",
    "middle_name": "",
    "last_name": "",
    "phones": [],
    "emails": [],
    "address": None,
    "birth_date": None,
    "gender": None,
    "gender_description": "",
    "referral_method_id": None,
    "referred_by_client_id": None,
    "preferred_branch_id": None,
    "language": None,
}
"""What the tab of the contact details holds, and one Save changes; with what a new client has of it unless said."""

FREE_TEXT = {"gender_description"}
"""What people write in their own words, and no event carries."""

STATED = (*(name for name in CONTACT_DETAILS if name not in FREE_TEXT), "id", "status_id", "booking_blocked", "tag_ids")
SHOWN = ("id", "version", *CONTACT_DETAILS, "status_id", "tag_ids", "tags", "merged_into", "created_at")

OF_AGE = 18


def details(client: Client) -> dict[str, Any]:
    """The contact details."""
    return {name: client[name] for name in CONTACT_DETAILS}


def state(client: Client) -> dict[str, Any]:
    """What events say of a client: everything but weight, free text and reasons."""
    stated = {name: client[name] for name in STATED}
    stated["archived"] = client["archived_at"] is not None
    return stated


def shown(client: Client, chain: Chain) -> dict[str, Any]:
    """A client in the shape of the API."""
    age = age_on(clock.today(client["branch_zone"] or chain.time_zone), client["birth_date"])
    body = {name: client[name] for name in SHOWN}
    body["changed_at"] = client["changed_at"] or client["created_at"]
    body["archived"] = client["archived_at"] is not None
    body["age"] = age
    body["minor"] = age is not None and age < OF_AGE
    body["status"] = status_of(client)
    body["booking_block"] = booking_block_of(client)
    return body


def status_of(client: Client) -> dict[str, Any]:
    return {
        "id": client["status_id"],
        "name": client["status_name"],
        "names": client["status_names"],
        "colour": client["status_colour"],
    }


def booking_block_of(client: Client) -> dict[str, Any]:
    """Whether the client is on the appointment black list, why, and who put them there, when."""
    return {
        "blocked": client["booking_blocked"],
        "reason": client["booking_block_reason"],
        "by": client["booking_block_by_name"],
        "at": client["booking_block_at"],
    }


def age_on(day: date, born: date | None) -> int | None:
    """Whole years on that day. Who was born on a 29 February is a year older on 1 March where there is none."""
    return None if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def name_of(client: Client) -> str:
    """The whole name."""
    return " ".join(filter(None, (client["first_name"], client["middle_name"], client["last_name"])))


def new_client(client_id: UUID, given: Mapping[str, Any], status_id: UUID) -> dict[str, Any]:
    """The columns of a client who was not there before."""
    now = clock.now()
    return {
        **CONTACT_DETAILS,
        **given,
        "id": client_id,
        "version": 1,
        "status_id": status_id,
        "tag_ids": [],
        "booking_blocked": False,
        "booking_block_reason": None,
        "booking_block_by": None,
        "booking_block_at": None,
        "archived_at": None,
        "merged_into": None,
        "created_at": now,
        "changed_at": now,
    }
