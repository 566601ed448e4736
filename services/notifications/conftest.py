"""The notifications service with two branches, an employee, a menu and two clients, for the tests of its rooms."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from services.notifications.catalogue.message_type import CHANNELS
from services.notifications.delivery.sending import Sender
from services.notifications.providers.opening import provider
from shared.contracts import clients, directory
from shared.testing.service import Answer, Caller, ServiceUnderTest
from shared.testing.tokens import EMPLOYEE

MADRID = UUID("0197a3c4-5a00-7000-8000-0000000000b1")
"""Salamanca: Spanish, Europe/Madrid."""
MIAMI = UUID("0197a3c4-5a00-7000-8000-0000000000b2")
"""Brickell: English, America/New_York."""
PEELING = UUID("0197a3c4-5a00-7000-8000-0000000000e1")
MASSAGE = UUID("0197a3c4-5a00-7000-8000-0000000000e2")
MARIA = UUID("0197a3c4-5a00-7000-8000-0000000000c1")
"""María López, a client of Salamanca."""
CARLOS = UUID("0197a3c4-5a00-7000-8000-0000000000c2")
"""Carlos Ruiz, a client of Brickell."""
UNKNOWN = UUID("0197a3c4-5a00-7000-8000-00000000ffff")

EVERYTHING: tuple[str, ...] = (
    "preferences.read",
    "preferences.write",
    "messages.settings.write",
    "messages.read",
    "messages.send",
    "messages.templates.write",
    "messages.suppressions.write",
)
"""The permissions of this service."""


@pytest.fixture
def notifications(service_of: Callable[..., ServiceUnderTest]) -> ServiceUnderTest:
    return service_of("notifications", furnish)


@pytest.fixture
def lucia(notifications: ServiceUnderTest) -> Caller:
    """Lucía Ortega, who may do everything."""
    return notifications.signed_in(*EVERYTHING)


def furnish(service: ServiceUnderTest) -> None:
    """What the directory and the clients service have said so far. No hour is quiet, so that tests run at any."""
    everywhere = service.signed_in("messages.settings.write")
    everywhere.put("/api/v1/notifications/settings", {"opens": "00:00", "closes": "24:00"})
    madrid = {"id": str(MADRID), "name": "Salamanca", "country": "ES", "time_zone": "Europe/Madrid", "language": "es"}
    miami = {"id": str(MIAMI), "name": "Brickell", "country": "US", "time_zone": "America/New_York", "language": "en"}
    service.deliver(directory.BRANCH_ADDED, madrid, subject=MADRID)
    service.deliver(directory.BRANCH_ADDED, miami, subject=MIAMI)
    employee = {"id": str(EMPLOYEE), "name": "Lucía Ortega", "branch_ids": [str(MADRID)]}
    service.deliver(directory.EMPLOYEE_ADDED, employee, subject=EMPLOYEE)
    menu = {PEELING: ("Facial", "Peeling químico"), MASSAGE: ("Masajes", "Masaje relajante")}
    for service_id, (category, offered) in menu.items():
        said = {"id": str(service_id), "category": category, "name": offered}
        service.deliver(directory.SERVICE_ADDED, said, subject=service_id)
    for client_id, first, last, branch in ((MARIA, "María", "López", MADRID), (CARLOS, "Carlos", "Ruiz", MIAMI)):
        said = {"id": str(client_id), "first_name": first, "middle_name": "", "last_name": last}
        said |= {"language": "es" if branch == MADRID else "en"}
        service.deliver(clients.CLIENT_REGISTERED, said | {"preferred_branch_id": str(branch)}, subject=client_id)


def deliver(service: ServiceUnderTest, channel: str) -> None:
    """Sends everything that is due on a channel, as the worker does."""
    sender = Sender(service.database, provider(service.database, channel))
    sender.drain()
    sender.close()


def by_hand(service: ServiceUnderTest, channel: str, **more: Any) -> str:
    """The id of a message that María is written by hand."""
    given = {"client_id": str(MARIA), "channel": channel, "title": "Hola", "text": "Hola", **more}
    made = service.signed_in("messages.send").post("/api/v1/notifications/messages", given)
    assert made.status_code == 201, made.json
    return str(made.json["id"])


def state_of(service: ServiceUnderTest, message_id: str) -> tuple[str, str | None]:
    """Where the message stands, and why."""
    (found,) = service.rows("SELECT state, reason FROM messages WHERE id = :id", id=message_id)
    return found


def address_of(service: ServiceUnderTest, client_id: UUID, *, email: str) -> None:
    """From here on the client has this address."""
    said: dict[str, Any] = {
        "id": str(client_id),
        "first_name": "María",
        "middle_name": "",
        "last_name": "López",
        "language": "es",
    }
    said |= {
        "preferred_branch_id": str(MADRID),
        "emails": [{"address": email, "primary": True}],
    }
    service.deliver(clients.CLIENT_UPDATED, said, subject=client_id, version=5)


def deliver_all(service: ServiceUnderTest) -> None:
    """Sends everything that is due, on every channel, as the worker does."""
    for channel in CHANNELS:
        deliver(service, channel)


def told(service: ServiceUnderTest, client_id: UUID, type_: str, channel: str) -> dict[str, Any]:
    """The one message of this type to the client by this channel."""
    query = "SELECT to_jsonb(m) FROM messages m WHERE client_id = :id AND type = :type AND channel = :channel"
    (row,) = service.rows(query, id=client_id, type=type_, channel=channel)
    return dict(row)


@pytest.fixture
def agreed() -> Callable[[ServiceUnderTest, UUID, str], None]:
    """The client has agreed to marketing on a channel."""

    def agree(service: ServiceUnderTest, client_id: UUID, channel: str) -> None:
        answer = switch(service, client_id, "marketing", channel, on=True)
        assert answer.status_code == 200, answer.json

    return agree


def switch(service: ServiceUnderTest, client_id: UUID, kind: str, channel: str, *, on: bool, **more: Any) -> Answer:
    """Somebody at the desk moves one switch."""
    lucia = service.signed_in("preferences.read", "preferences.write")
    path = f"/api/v1/notifications/preferences/{client_id}"
    given: dict[str, Any] = {"kind": kind, "channel": channel, "on": on, **more}
    if kind == "marketing" and on and not more:
        wordings = lucia.get(path).json["wordings"]
        given |= {"wording_id": next(each["id"] for each in wordings if each["channel"] == channel), "given": "paper"}
    return lucia.put(path, {"switches": [given]})


def ask(service: ServiceUnderTest, client_id: UUID, kind: str, channel: str, **more: Any) -> str | None:
    """Why such a message would not go to the client now; None when it would. By default at any hour."""
    asked = {"client_id": str(client_id), "kind": kind, "channel": channel, "urgent": True, **more}
    answer = service.signed_in("preferences.read").post("/api/v1/notifications/checks", {"asked": [asked]})
    assert answer.status_code == 200, answer.json
    (found,) = answer.json["answers"]
    assert found["goes"] == (found["reason"] is None)
    return found["reason"]
