"""What people ask of us about forms. They are retired and never removed: who signed one keeps it."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.documents.forms.models import Form, FormVersion
from services.documents.forms.pictures import known
from services.documents.forms.questions import problems
from shared import clock
from shared.actor import current
from shared.audit import Changes, difference, record
from shared.errors import Invalid, NotFound
from shared.ids import new_id
from shared.people import names_of
from shared.rows import NOT_FOUND, locked, refusing
from shared.words import Words

REFUSALS = {"uq_forms_name": ("name", Words("There is a form of this name."))}
DO_NOT_FIT = Words("The questions of this form do not fit together.")

Details = dict[str, Any]


def add(session: Session, given: Details) -> Form:
    """A form in its first version. Raises Invalid by the question's place, and Conflict when the name is taken."""
    questions = given.pop("questions")
    _check(session, questions)
    form = Form(id=new_id(), version=1, number=1, **given)
    session.add(form)
    with refusing(REFUSALS):
        session.flush()
    _keep(session, form, questions)
    _record(session, form, difference({}, form.details()))
    return form


def change(session: Session, form_id: UUID, given: Details, expected: int | None) -> Form:
    """Other questions are a new version; who has the one before keeps it. Raises NotFound, Stale, Conflict, Invalid."""
    form = locked(session, Form, form_id, expected, kind="form", names=names_of)
    questions = given.pop("questions", None)
    changes = difference(form.details(), given)
    if questions is not None and _plain(questions) != questions_of(session, form_id, form.number):
        _check(session, questions)
        changes["number"] = (form.number, form.number + 1)
    if not changes:
        return form
    for name, (_, value) in changes.items():
        setattr(form, name, value)
    form.version += 1
    with refusing(REFUSALS):
        session.flush()
    if "number" in changes:
        assert questions is not None
        _keep(session, form, questions)
    _record(session, form, changes)
    return form


def version_of(session: Session, form_id: UUID, number: int) -> FormVersion:
    """Raises NotFound."""
    found = session.get(FormVersion, (form_id, number))
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def questions_of(session: Session, form_id: UUID, number: int) -> list[Any]:
    return version_of(session, form_id, number).questions


def _check(session: Session, questions: list[Details]) -> None:
    images = {question["image_id"] for question in questions if question["image_id"]}
    if found := problems(questions, known(session, images)):
        first = next(iter(next(iter(found.values())).values()))[0]
        raise Invalid(first, fields={"questions": found})


def _keep(session: Session, form: Form, questions: list[Details]) -> None:
    row = {"questions": _plain(questions), "created_at": clock.now(), "created_by": current().actor}
    session.add(FormVersion(form_id=form.id, number=form.number, **row))
    session.flush()


def _plain(questions: list[Details]) -> list[Details]:
    """As they lie in the database."""
    return [{**each, "image_id": str(each["image_id"]) if each["image_id"] else None} for each in questions]


def _record(session: Session, form: Form, changes: Changes) -> None:
    record(session, about=form.id, kind="form", version=form.version, changes=changes)
