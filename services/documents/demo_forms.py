"""Forms to try Foyer with: a consent and the questions before a first visit, and who is to fill them in."""

from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.documents.assignments.actions import assign
from services.documents.copies.models import Client
from services.documents.forms.actions import add
from services.documents.forms.models import Form
from services.documents.rules.actions import add as add_rule
from shared.demo_ids import demo_client


def _asked(key: str, type: str, es: str, en: str, **more: Any) -> dict[str, Any]:
    plain = {"help": {}, "required": type == "signature", "options": [], "shown_if": None, "profile": None}
    plain |= {"updates_profile": False, "image_id": None}
    return plain | {"key": key, "type": type, "label": {"es": es, "en": en}} | more


CONSENT = [
    _asked("what", "heading", "Láser: qué es y qué riesgos tiene", "Laser: what it is and what risks it has"),
    _asked(
        "sun", "yes_no", "¿Ha tomado el sol en las últimas dos semanas?", "Have you been in the sun these two weeks?",
        required=True,
    ),
    _asked("pregnant", "yes_no", "¿Está embarazada?", "Are you pregnant?", required=True),
    _asked(
        "weeks", "number", "¿De cuántas semanas?", "Of how many weeks?", required=True,
        shown_if={"question": "pregnant", "answer": "yes"},
    ),
    _asked("medicine", "long_text", "¿Qué medicamentos toma?", "Which medicines do you take?"),
    _asked("sign", "signature", "Firma", "Signature"),
]  # fmt: skip
FIRST = [
    _asked("phone", "text", "Teléfono móvil", "Mobile phone", profile="phone", updates_profile=True),
    _asked("birth", "date", "Fecha de nacimiento", "Date of birth", profile="birth_date", updates_profile=True),
    _asked(
        "how", "choice", "¿Cómo nos ha conocido?", "How did you hear of us?",
        options=[
            {"key": "o1", "label": {"es": "Por una amiga", "en": "From a friend"}},
            {"key": "o2", "label": {"es": "En internet", "en": "On the internet"}},
            {"key": "o3", "label": {"es": "Pasaba por aquí", "en": "I came by"}},
        ],
    ),
    _asked("allergies", "long_text", "¿Tiene alergias?", "Do you have allergies?"),
]  # fmt: skip
WELCOME, LASER = "Antes de tu primera visita", "Consentimiento de láser"


def give(session: Session) -> None:
    """The forms, a rule, and some that wait for clients."""
    laser = _built(session, LASER, "Laser consent", CONSENT, 12)
    welcome = _built(session, WELCOME, "Before your first visit", FIRST, None)
    rule = {"plan_id": None, "service_id": None, "branch_id": None, "renews": True, "active": True}
    add_rule(session, rule | {"form_id": welcome.id, "trigger": "new_client", "first_visit_only": False})
    for number in range(1, 7):
        _know(session, demo_client(number))
        assign(session, demo_client(number), [laser.id, welcome.id][: 1 + number % 2], None, None)


def _know(session: Session, client_id: UUID) -> None:
    """A copy in the place of the client's, until their first event is here."""
    row = {"id": client_id, "version": 0, "name": "", "archived": False, "profile": {}}
    session.execute(insert(Client).values(row).on_conflict_do_nothing())


def _built(session: Session, name: str, english: str, questions: list[Any], months: int | None) -> Form:
    given = {"name": name, "names": {"en": english}, "valid_months": months, "active": True}
    return add(session, given | {"questions": [dict(each) for each in questions]})
