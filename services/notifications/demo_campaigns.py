"""Three campaigns to look at: one that is over, one under way that the demo's workers run as any other, one planned."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.notifications.campaigns import actions
from services.notifications.campaigns.models import Campaign
from services.notifications.catalogue.types import TYPES
from services.notifications.checks.question import Answer, Asked, answers
from services.notifications.copies.models import Client
from services.notifications.delivery.states import BOUNCED, DELIVERED, SUPPRESSED
from services.notifications.messages.actions import row_of
from services.notifications.messages.models import Message
from shared import clock
from shared.actor import Context, acting
from shared.demo_ids import GRACIA, MILLISECONDS_AT_START, SALAMANCA, demo_id, demo_id_of

LUCIA = Context(f"staff:{demo_id('employee', 'Lucía Ortega')}", "console")
AGO = timedelta(days=24)
OVER = demo_id_of(MILLISECONDS_AT_START, "Vuelta al cuidado")

BACK = {
    "do": "send",
    "channel": "email",
    "title": "Vuelta al cuidado",
    "text": "Después del verano, la piel pide un respiro. Este mes, la limpieza facial profunda con un 15 % menos.",
}
AUTUMN = [
    {
        "do": "send",
        "channel": "email",
        "title": "Otoño en Gràcia",
        "text": "Estrenamos cabina de masajes en Gràcia. Reserve y conózcala con un 20 % menos hasta fin de mes.",
    },
    {"do": "until", "event": "bookings.appointment.completed.v1", "days": 21, "otherwise": "end"},
    {"do": "send", "channel": "email", "title": "¿Qué tal fue?", "text": "Gracias por venir. ¿Nos cuenta qué tal fue?"},
]
BIRTHDAY = [
    {
        "do": "send",
        "channel": "email",
        "title": "¡Feliz cumpleaños!",
        "text": "Hoy es su día. Le guardamos un regalo en recepción: pase a por él cuando quiera durante este mes.",
    }
]


def are_there(session: Session) -> bool:
    return session.get(Campaign, OVER) is not None


def fill(session: Session) -> None:
    with acting(LUCIA):
        session.add(_over(session))
        session.flush()
        under_way = {"entry": {"on": "now"}, "audience": {"branch_ids": [GRACIA]}, "steps": AUTUMN, "stops": []}
        made = actions.add(session, {"name": "Otoño en Gràcia", **under_way})
        actions.move(session, made.id, "start", None)
        daily = {"entry": {"on": "daily", "rule": "birthday"}, "audience": {}, "steps": BIRTHDAY, "stops": []}
        actions.add(session, {"name": "Cumpleaños", **daily})
    _let_go_through(session)


def _over(session: Session) -> Campaign:
    return Campaign(
        id=OVER,
        version=3,
        name="Vuelta al cuidado",
        state="ended",
        entry={"on": "now"},
        audience={"branch_ids": [str(SALAMANCA)], "languages": ["es"]},
        steps=[BACK],
        stops=[],
        created_at=clock.now() - AGO - timedelta(days=2),
        created_by=LUCIA.actor,
        entered_all=True,
    )


RUNS = text(
    "INSERT INTO campaign_runs (campaign_id, client_id, occasion, state, step, entered_at, due_at)"
    " SELECT :id, client_id, '', 'done', 1, :at, :at FROM unnest(CAST(:client_ids AS uuid[])) AS client_id"
)


def _let_go_through(session: Session) -> None:
    """As it went: who has not agreed was not written to, and a few addresses were wrong."""
    theirs = select(Client).where(Client.preferred_branch_id == SALAMANCA, Client.language == "es", ~Client.archived)
    clients = session.scalars(theirs.where(Client.erased_at.is_(None)).order_by(Client.id)).all()
    at = clock.now() - AGO
    session.execute(RUNS, {"id": OVER, "at": at, "client_ids": [client.id for client in clients]})
    asked = [Asked(client.id, "marketing", "email", promotional=True) for client in clients]
    found = answers(session, asked, session.info["config"], now=at.replace(hour=11))
    data = {"campaign_id": str(OVER), "step": 0, "occasion": "", "title": BACK["title"], "text": BACK["text"]}
    row = row_of(TYPES["campaign"], data, happened_at=at) | {"channel": "email", "due_at": None, "created_at": at}
    for place, (client, answer) in enumerate(zip(clients, found, strict=True)):
        moment = at + timedelta(seconds=place)
        outcome = _sent(place, client, answer) if answer.goes else {"state": SUPPRESSED, "reason": answer.reason}
        ids = {"id": demo_id_of(int(moment.timestamp() * 1000), f"{OVER} {client.id}"), "client_id": client.id}
        session.add(Message(**row | ids | outcome | {"recipient": f"client:{client.id}", "ended_at": moment}))
    session.flush()


def _sent(place: int, client: Client, answer: Answer) -> dict[str, Any]:
    bounced = place % 47 == 0
    outcome = {"state": BOUNCED, "reason": "smtp_5.1.1"} if bounced else {"state": DELIVERED, "reason": None}
    written = {"subject": BACK["title"], "body": BACK["text"], "language": "es", "template_number": 0}
    where = {"address": answer.address, "address_hash": answer.address_hash, "provider": "outbox"}
    return outcome | written | where | {"sent_at": clock.now() - AGO, "branch_id": SALAMANCA, "attempts": 1}
