"""Copies can be filled again from what we state."""

from services.clients.conftest import CUT, Register
from shared.contracts.clients import CLIENT_STATED, DISLIKE_STATED
from shared.events.announce import announce
from shared.testing.service import Caller, ServiceUnderTest


def test_every_client_is_stated_as_of_now_with_its_version(
    clients: ServiceUnderTest, lucia: Caller, register: Register
) -> None:
    ids = [register()["id"] for _ in range(3)]
    lucia.patch(f"/api/v1/clients/{ids[0]}", {"last_name": "Pérez"})
    assert announce(clients.card, clients.database, "client", None) == 3
    stated = {event.subject: event for event in clients.emitted(CLIENT_STATED)}
    assert sorted(stated) == sorted(ids)
    assert (stated[ids[0]].version, stated[ids[0]].data["last_name"]) == (2, "Pérez")


def test_every_dislike_is_stated(clients: ServiceUnderTest, lucia: Caller, register: Register) -> None:
    path = f"/api/v1/clients/{register()['id']}/dislikes"
    dislike = lucia.post(path, {"service_id": str(CUT), "comment": "No"}).json
    assert announce(clients.card, clients.database, "dislike", "memberships") == 1
    (event,) = clients.emitted(DISLIKE_STATED)
    assert (event.subject, event.version, event.data["service_id"]) == (dislike["id"], 1, str(CUT))
