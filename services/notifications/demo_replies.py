"""What some of the demo's clients have written back, so that there is something to read."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.notifications.replies.models import Reply
from shared import clock
from shared.demo_ids import demo_client, demo_id, demo_id_of

BODIES = (
    "¿Puedo ir media hora más tarde?",
    "Perfecto, allí estaré. Gracias",
    "¿Hay aparcamiento cerca?",
    "No puedo ese día, ¿tenéis hueco el jueves por la tarde?",
    "¿Me podéis mandar la factura a otro correo?",
    "Muchas gracias, el masaje genial",
    "¿Hay que ir en ayunas?",
)
READ = 3
"""Of the oldest, so many have been read."""
NUMBER = text("SELECT address FROM contact_points WHERE client_id = :id AND channel = 'sms' AND rank = 0")


def fill(session: Session) -> None:
    now = clock.now()
    for place, body in enumerate(BODIES):
        client_id, at = demo_client(7 + place * 3), now - timedelta(hours=5 * (len(BODIES) - place))
        reply = Reply(
            id=demo_id_of(int(at.timestamp() * 1000), body),
            client_id=client_id,
            number=session.scalar(NUMBER, {"id": client_id}),
            body=body,
            provider_id=f"demo-{place}",
            received_at=at,
        )
        if place < READ:
            reply.read_at, reply.read_by = at + timedelta(hours=1), f"staff:{demo_id('employee', 'Lucía Ortega')}"
        session.add(reply)
