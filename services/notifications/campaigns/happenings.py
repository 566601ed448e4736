"""What campaigns hear of: events that let a client in, and events that a client is waited for."""

from uuid import UUID

from shared.contracts import bookings, clients, documents, memberships
from shared.events.envelope import Event

ENTRIES = (
    clients.CLIENT_REGISTERED,
    memberships.MEMBERSHIP_STARTED,
    memberships.MEMBERSHIP_CANCELLED,
    bookings.APPOINTMENT_COMPLETED,
    bookings.APPOINTMENT_NO_SHOW,
)
AWAITED = (
    bookings.APPOINTMENT_BOOKED,
    bookings.APPOINTMENT_COMPLETED,
    memberships.MEMBERSHIP_STARTED,
    memberships.PAYMENT_SUCCEEDED,
    documents.FORM_COMPLETED,
)


def client_of(event: Event) -> UUID:
    """Whom it happened to."""
    return UUID(event.data.get("client_id") or event.subject)
