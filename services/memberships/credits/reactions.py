"""What the bookings of an outside system do to credits: held when booked, used when done, released when not.

Once per appointment and service, in whatever order the events arrive. A client without credits is no error, and the
first end of an appointment counts.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from uuid import UUID

from sqlalchemy.orm import Session

from services.memberships.credits import holds
from services.memberships.credits.holds import Asked
from services.memberships.credits.models import CreditHold
from shared.contracts import bookings
from shared.events.envelope import Event
from shared.events.reactions import Reactions

reactions = Reactions()


@reactions.on(bookings.APPOINTMENT_BOOKED)
def hold_for_booked(session: Session, event: Event) -> None:
    for asked in _asked(event):
        holds.hold_what_there_is(session, asked)


@reactions.on(bookings.APPOINTMENT_COMPLETED)
def use_for_completed(session: Session, event: Event) -> None:
    _end(session, event, holds.hold_what_there_is, holds.use)


@reactions.on(bookings.APPOINTMENT_CANCELLED, bookings.APPOINTMENT_NO_SHOW)
def release_for_what_did_not_happen(session: Session, event: Event) -> None:
    _end(session, event, holds.hold_nothing, holds.release)


def _end(
    session: Session,
    event: Event,
    begin: Callable[[Session, Asked], CreditHold],
    end: Callable[[Session, CreditHold], None],
) -> None:
    for asked in _asked(event):
        held = begin(session, asked)
        if held.state == "held":
            end(session, held)


def _asked(event: Event) -> Iterator[Asked]:
    """What an appointment asks for: each of its services once, with a reference of its own."""
    wanted: Counter[str] = Counter()
    for service in event.data["services"]:
        wanted[service["service_id"]] += service["quantity"]
    for service_id, quantity in sorted(wanted.items()):
        yield Asked(
            client_id=UUID(event.data["client_id"]),
            service_id=UUID(service_id),
            quantity=quantity,
            reference=f"appointment:{event.data['appointment_id']}:{service_id}",
            branch_id=UUID(event.data["branch_id"]),
        )
