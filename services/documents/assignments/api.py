"""The HTTP door to a client's forms."""

from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.documents.assignments import actions
from services.documents.assignments.models import Assignment as Row
from services.documents.assignments.models import Reading as ReadingRow
from services.documents.assignments.rows import SHOWN, one
from services.documents.assignments.schemas import (
    Answers,
    Assignment,
    AssignmentsMade,
    AssignmentsOfClient,
    HandedOver,
    NewAssignments,
    Reading,
)
from services.documents.contents.models import Blob
from services.documents.contents.serving import is_first_part, served
from services.documents.documents.api import FILE
from services.documents.documents.schemas import ContentQuery
from services.documents.filling import actions as filling
from services.documents.filling.models import Submission
from services.documents.filling.schemas import Filled
from services.documents.forms.actions import questions_of
from services.documents.stores.open import store
from shared.api import Door, platform, reading, transaction
from shared.api.pages import PageQuery, newest, page_of
from shared.api.sight import must_know
from shared.api.versions import IF_MATCH, expected_version, tagged
from shared.errors import Conflict
from shared.people import actor_name
from shared.words import Words

door = Door(
    "assignments",
    __name__,
    url_prefix="/api/v1/documents/form-assignments",
    description="Which client has which form to fill in, and what became of it (P13 to P17).",
)

READ, ASSIGN, ANSWERS = "forms.read", "forms.assign", "forms.answers.read"
NOT_SIGNED = Words("This form has not been completed.")
NO_PAPER = Words("The PDF of this form is being made. Try again in a moment.")
READINGS = select(ReadingRow.__table__, actor_name(ReadingRow.actor))


@door.get("", needs=READ)
@door.arguments(AssignmentsOfClient, location="query")
@door.response(200, page_of(Assignment, "FormAssignments"))
@door.doc(**{"x-problems": [404]})
def assignments(query: dict[str, Any]) -> Any:
    """The forms of a client, newest first."""
    statement = SHOWN.where(Row.client_id == query["client_id"])
    if not query["removed"]:
        statement = statement.where(Row.state != "removed")
    with reading() as connection:
        must_know(connection, query["client_id"], READ)
        return newest(connection, statement, Row.id, query)


@door.post("", needs=ASSIGN)
@door.arguments(NewAssignments)
@door.response(201, AssignmentsMade)
@door.doc(**{"x-problems": [404, 409]})
def assign(given: dict[str, Any]) -> Any:
    """Assigns forms by hand: all of them, or none."""
    with transaction() as session:
        must_know(session, given["client_id"], ASSIGN)
        made = actions.assign(session, given["client_id"], given["form_ids"], given["branch_id"], given["due_at"])
        return {"items": [one(session, each.id) for each in made]}, 201


@door.get("/<uuid:assignment_id>", needs=READ)
@door.response(200, Assignment)
def show(assignment_id: UUID) -> Any:
    """One of them, without its answers."""
    found = _seen(assignment_id, READ)
    return tagged(found["version"], found)


@door.delete("/<uuid:assignment_id>", needs=ASSIGN, parameters=[IF_MATCH])
@door.doc(**{"x-problems": [409]})
@door.response(204)
def remove(assignment_id: UUID) -> None:
    """Takes it back, as long as it has not been completed."""
    expected = expected_version()
    _seen(assignment_id, ASSIGN)
    with transaction() as session:
        actions.remove(session, assignment_id, expected)


@door.post("/<uuid:assignment_id>/handover", needs=ASSIGN)
@door.doc(**{"x-problems": [409]})
@door.response(201, HandedOver)
def hand_over(assignment_id: UUID) -> Any:
    """What lets the client fill it in on a tablet at the desk: it opens this form and nothing else."""
    _seen(assignment_id, ASSIGN)
    with transaction() as session:
        token, until = filling.hand_over(session, assignment_id)
    return {"token": token, "until": until}, 201


@door.post("/<uuid:assignment_id>/submission", needs=ASSIGN, parameters=[IF_MATCH])
@door.arguments(Filled)
@door.response(201, Assignment)
@door.doc(**{"x-problems": [409]})
def submit(given: dict[str, Any], assignment_id: UUID) -> Any:
    """Completes it for the client, with what they have answered elsewhere, such as on paper."""
    expected = expected_version()
    _seen(assignment_id, ASSIGN)
    with transaction() as session:
        filling.submit(session, assignment_id, given, expected)
    found = _seen(assignment_id, ASSIGN)
    return tagged(found["version"], found, 201)


@door.get("/<uuid:assignment_id>/answers", needs=ANSWERS)
@door.doc(**{"x-problems": [409]})
@door.response(200, Answers)
def answers(assignment_id: UUID) -> Any:
    """What was answered and signed. The reading is on record."""
    found = _seen(assignment_id, ANSWERS)
    with transaction() as session:
        signed = _signed(session, assignment_id)
        actions.read(session, assignment_id, "answers")
        name = session.scalar(
            select(actor_name(Submission.handed_over_by)).where(Submission.assignment_id == assignment_id)
        )
        return {
            **{column.name: getattr(signed, column.name) for column in Submission.__table__.c},
            "questions": questions_of(session, found["form_id"], found["number"]),
            "handed_over_by_name": name,
        }


@door.get("/<uuid:assignment_id>/paper", needs=ANSWERS)
@door.arguments(ContentQuery, location="query")
@door.doc(responses=FILE, **{"x-problems": [409, 416]})
def paper(query: dict[str, Any], assignment_id: UUID) -> Response:
    """What was signed, as a PDF. The reading is on record."""
    return paper_of(_seen(assignment_id, ANSWERS), download=query["download"])


@door.get("/<uuid:assignment_id>/readings", needs=ANSWERS)
@door.arguments(PageQuery, location="query")
@door.response(200, page_of(Reading, "FormReadings"))
def readings(query: dict[str, Any], assignment_id: UUID) -> Any:
    """Who read the answers, newest first."""
    _seen(assignment_id, ANSWERS)
    with reading() as connection:
        return newest(connection, READINGS.where(ReadingRow.assignment_id == assignment_id), ReadingRow.id, query)


def paper_of(found: dict[str, Any], *, download: bool) -> Response:
    """The PDF of one that the caller has been let to. Raises Conflict while it is being made."""
    with transaction() as session:
        _signed(session, found["id"])
        blob = session.get(Blob, found["blob_id"]) if found["blob_id"] else None
        if blob is None:
            raise Conflict(NO_PAPER, code="paper_waits")
        name = f"{found['form_name']}.pdf"
        answer = served(store(platform().config), blob, name, download=download)
        if answer.status_code != 304 and is_first_part():
            actions.read(session, found["id"], "paper")
    return answer


def _signed(session: Session, assignment_id: UUID) -> Submission:
    signed = session.get(Submission, assignment_id)
    if signed is None:
        raise Conflict(NOT_SIGNED, code="form_not_completed")
    return signed


def _seen(assignment_id: UUID, permission: str) -> dict[str, Any]:
    with reading() as connection:
        found = one(connection, assignment_id)
        must_know(connection, found["client_id"], permission)
    return found
