"""Filling in a form: what was typed is kept, and once signed it is frozen."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.documents.assignments.actions import changed, lock, must_be_open, open_for_filling
from services.documents.assignments.models import Assignment
from services.documents.copies.models import Branch, Client
from services.documents.filling import answers as rules
from services.documents.filling.evidence import sha256
from services.documents.filling.models import Handover, Submission
from services.documents.forms.actions import questions_of
from services.documents.forms.models import Form
from services.documents.forms.questions import Question
from shared import clock
from shared.actor import acting, current
from shared.contracts.documents import FORM_COMPLETED
from shared.errors import Invalid, NotFound
from shared.words import Words

NOT_YET = Words("Some of the form is not answered yet, or not right.")
NO_HANDOVER = Words("This form is not open for filling in any more. Please ask at the desk.")
HANDED_OVER = timedelta(hours=2)
"""How long a tablet may keep a form open."""


def opened(session: Session, assignment_id: UUID) -> dict[str, Any]:
    """The form for the one who fills it in, with what was typed so far or what the profile says. Raises NotFound."""
    assignment = lock(session, assignment_id, None)
    open_for_filling(session, assignment)
    form = session.get_one(Form, assignment.form_id)
    client = session.get_one(Client, assignment.client_id)
    questions = questions_of(session, form.id, assignment.number)
    names = ("id", "version", "state", "due_at", "valid_until", "completed_at")
    return {
        **{name: getattr(assignment, name) for name in names},
        "form_name": form.name,
        "form_names": form.names,
        "client_name": client.name,
        "questions": questions,
        "answers": _prefilled(questions, client.profile) | assignment.answers,
    }


def save(session: Session, assignment_id: UUID, given: Mapping[str, Any], expected: int | None) -> int:
    """Keeps what was typed so far; the version from then on. Raises NotFound, Stale, Conflict."""
    assignment = lock(session, assignment_id, expected)
    must_be_open(assignment)
    questions = questions_of(session, assignment.form_id, assignment.number)
    assignment.answers = rules.draft(questions, given)
    assignment.version += 1
    session.flush()
    return assignment.version


def submit(
    session: Session,
    assignment_id: UUID,
    given: Mapping[str, Any],
    expected: int | None,
    *,
    address: str = "",
    handed_over_by: str | None = None,
) -> Submission:
    """Freezes the answers: signed, hashed, and never changed again. A worker makes the PDF of them.

    Raises NotFound, Stale, Conflict for one that is not open; Invalid by the question's key.
    """
    assignment = lock(session, assignment_id, expected)
    must_be_open(assignment)
    form = session.get_one(Form, assignment.form_id)
    questions = questions_of(session, form.id, assignment.number)
    kept, problems = rules.checked(questions, given["answers"])
    if problems:
        raise Invalid(NOT_YET, fields={"answers": problems})
    signed = _signed(assignment, kept, given, address, handed_over_by)
    session.add(signed)
    before = assignment.state
    assignment.state, assignment.completed_at, assignment.answers = "completed", signed.signed_at, {}
    assignment.opened_at = assignment.opened_at or signed.signed_at
    assignment.valid_until = _valid_until(session, assignment, form)
    profile = offered(questions, kept)
    changed(session, assignment, {"state": (before, "completed")}, FORM_COMPLETED, {"profile": profile})
    session.execute(delete(Handover).where(Handover.assignment_id == assignment_id))
    return signed


def _signed(
    assignment: Assignment, kept: dict[str, Any], given: Mapping[str, Any], address: str, handed_over_by: str | None
) -> Submission:
    who: dict[str, Any] = {"signed_at": clock.now().astimezone(UTC), "signed_by": current().actor, "address": address}
    who["browser"] = given["browser"]
    proof = sha256(
        assignment_id=assignment.id,
        form_id=assignment.form_id,
        number=assignment.number,
        client_id=assignment.client_id,
        answers=kept,
        **who,
    )
    return Submission(
        assignment_id=assignment.id,
        answers=kept,
        answers_sha256=proof,
        language=given["language"],
        handed_over_by=handed_over_by,
        paper="waiting",
        due_at=clock.now(),
        attempts=0,
        **who,
    )


def _valid_until(session: Session, assignment: Assignment, form: Form) -> datetime | None:
    """The end of the day, where the form was wanted, on which its months are over."""
    if form.valid_months is None:
        return None
    branch = session.get(Branch, assignment.branch_id) if assignment.branch_id else None
    config = session.info["config"]
    zone = ZoneInfo(branch.time_zone if branch else config.chain.time_zone)
    last = clock.today(zone.key) + relativedelta(months=form.valid_months)
    return datetime.combine(last + timedelta(days=1), time(), zone)


def _prefilled(questions: Sequence[Question], profile: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: profile.get(name) for name in ("first_name", "middle_name", "last_name", "birth_date")}
    for name, list_, part in (("email", "emails", "address"), ("phone", "phones", "number")):
        known[name] = next((each[part] for each in profile.get(list_) or () if each["primary"]), None)
    filled = {question["key"]: known[question["profile"]] for question in questions if question["profile"]}
    return {key: value for key, value in filled.items() if value}


def offered(questions: Sequence[Question], kept: Mapping[str, Any]) -> dict[str, Any]:
    """What the answers offer to the client's profile, by its fields."""
    return {
        question["profile"]: kept[question["key"]]
        for question in questions
        if question["updates_profile"] and question["key"] in kept
    }


def hand_over(session: Session, assignment_id: UUID) -> tuple[str, datetime]:
    """A token that opens this form and nothing else, and how long. Raises NotFound, Conflict."""
    assignment = lock(session, assignment_id, None)
    must_be_open(assignment)
    session.execute(delete(Handover).where(Handover.until < clock.now()))
    token, until = secrets.token_urlsafe(), clock.now() + HANDED_OVER
    session.add(Handover(token_hash=_hash(token), assignment_id=assignment_id, by=current().actor, until=until))
    return token, until


def handed_over(session: Session, token: str) -> tuple[Assignment, str]:
    """The form that the token opens, and who handed it over. Raises NotFound."""
    found = session.get(Handover, _hash(token))
    if found is None or found.until < clock.now():
        raise NotFound(NO_HANDOVER)
    return session.get_one(Assignment, found.assignment_id), found.by


def as_client(assignment: Assignment) -> Any:
    """What is done at a tablet is done by the client, on a screen of the console."""
    return acting(replace(current(), actor=f"client:{assignment.client_id}", channel="console"))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
