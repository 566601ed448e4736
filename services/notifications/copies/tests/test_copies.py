"""Copies follow the events of those who own the rows."""

import pytest

from services.notifications.conftest import MADRID, MARIA
from shared.actor import Context
from shared.contracts import clients
from shared.events.envelope import encode
from shared.ids import new_id
from shared.testing.service import ReactionFailed


def test_a_client_who_is_updated_is_known_as_they_are_now(notifications):
    said = {"id": str(MARIA), "first_name": "Ana", "middle_name": "", "last_name": "Vidal", "archived": True}
    notifications.deliver(clients.CLIENT_UPDATED, said | {"preferred_branch_id": str(MADRID)}, subject=MARIA, version=2)
    assert notifications.rows("SELECT name, archived FROM clients WHERE id = :id", id=MARIA) == [("Ana Vidal", True)]


def test_an_older_event_that_comes_late_changes_nothing(notifications):
    notifications.deliver(clients.CLIENT_UPDATED, {"first_name": "Ana"}, subject=MARIA, version=3)
    notifications.deliver(clients.CLIENT_UPDATED, {"first_name": "Eva"}, subject=MARIA, version=2)
    (name,) = notifications.rows("SELECT name FROM clients WHERE id = :id", id=MARIA)
    assert name.startswith("Ana")


PRESS, BRIDE = "0197a3c4-5a00-7000-8000-0000000000f1", "0197a3c4-5a00-7000-8000-0000000000f2"
TAGS = "SELECT name, tag_ids FROM clients WHERE id = :id"


def tagged(*tag_ids):
    return {"tag_ids": list(tag_ids), "added": list(tag_ids), "removed": []}


def kept(notifications):
    ((name, tag_ids),) = notifications.rows(TAGS, id=MARIA)
    return name, [str(each) for each in tag_ids]


def test_tags_are_as_the_newest_event_says_whichever_it_is(notifications):
    notifications.deliver(clients.CLIENT_TAGS_CHANGED, tagged(PRESS, BRIDE), subject=MARIA, version=4)
    assert kept(notifications) == ("María López", [PRESS, BRIDE])
    ana = {"first_name": "Ana", "middle_name": "", "last_name": "Vidal"}
    late: dict[str, object] = ana | {"tag_ids": []}
    notifications.deliver(clients.CLIENT_UPDATED, late, subject=MARIA, version=3)
    assert kept(notifications) == ("Ana Vidal", [PRESS, BRIDE]), "late, but the newest of all but tags"
    notifications.deliver(clients.CLIENT_UPDATED, ana | {"tag_ids": [BRIDE]}, subject=MARIA, version=5)
    notifications.deliver(clients.CLIENT_TAGS_CHANGED, tagged(PRESS), subject=MARIA, version=4)
    assert kept(notifications) == ("Ana Vidal", [BRIDE])


def test_an_event_of_a_release_without_tags_leaves_those_that_are_known(notifications):
    notifications.deliver(clients.CLIENT_TAGS_CHANGED, tagged(PRESS), subject=MARIA, version=2)
    said = {name: value for name, value in clients.CLIENT_STATED.example.items() if name != "tag_ids"}
    context = Context(actor="service:clients", channel="api", correlation_id=str(new_id()))
    _, body = encode(
        clients.CLIENT_STATED, subject=MARIA, version=3, data=said | {"first_name": "Ana"}, context=context
    )
    notifications.deliver_body(body)
    assert kept(notifications) == ("Ana del Carmen López García", [PRESS])


def test_tags_of_somebody_who_is_not_known_yet_wait(notifications):
    with pytest.raises(ReactionFailed, match="Retry"):
        notifications.deliver(clients.CLIENT_TAGS_CHANGED, tagged(PRESS), version=2)


def test_who_was_erased_has_no_tags_and_gets_none(notifications):
    notifications.deliver(clients.CLIENT_TAGS_CHANGED, tagged(PRESS), subject=MARIA, version=2)
    notifications.deliver(clients.CLIENT_ERASED, {}, subject=MARIA, version=3)
    notifications.deliver(clients.CLIENT_TAGS_CHANGED, tagged(BRIDE), subject=MARIA, version=4)
    assert kept(notifications) == ("", [])
