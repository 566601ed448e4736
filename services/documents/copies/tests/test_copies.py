"""Copies follow the events of those who own the rows."""

from services.documents.conftest import MADRID, MARIA
from shared.contracts import clients


def test_a_client_who_is_updated_is_known_as_they_are_now(documents):
    said = {"id": str(MARIA), "first_name": "Ana", "middle_name": "", "last_name": "Vidal", "archived": True}
    documents.deliver(clients.CLIENT_UPDATED, said | {"preferred_branch_id": str(MADRID)}, subject=MARIA, version=2)
    assert documents.rows("SELECT name, archived FROM clients WHERE id = :id", id=MARIA) == [("Ana Vidal", True)]


def test_an_older_event_that_comes_late_changes_nothing(documents):
    documents.deliver(clients.CLIENT_UPDATED, {"first_name": "Ana"}, subject=MARIA, version=3)
    documents.deliver(clients.CLIENT_UPDATED, {"first_name": "Eva"}, subject=MARIA, version=2)
    (name,) = documents.rows("SELECT name FROM clients WHERE id = :id", id=MARIA)
    assert name.startswith("Ana")
