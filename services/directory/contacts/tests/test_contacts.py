"""The directory's copy of how clients can be reached."""

from uuid import uuid4

from shared.contracts import clients
from shared.contracts.directory import ERASURE_COMPLETED


def kept(directory, client_id):
    rows = directory.rows(
        "SELECT version, phones, emails, state FROM client_contacts WHERE client_id = :id", id=client_id
    )
    return rows[0] if rows else None


def email(address: str) -> dict[str, object]:
    return {"emails": [{"address": address, "primary": True}]}


def test_the_newest_state_wins_in_whatever_order_the_events_come(directory):
    client = uuid4()
    directory.deliver(clients.CLIENT_UPDATED, email("new@example.com"), subject=client, version=3)
    directory.deliver(clients.CLIENT_REGISTERED, email("old@example.com"), subject=client, version=1)
    directory.deliver(clients.CLIENT_UPDATED, email("older@example.com"), subject=client, version=2)
    assert kept(directory, client) == (3, ["+34612345678"], ["new@example.com"], "active")
    directory.deliver(clients.CLIENT_STATED, email("NEWEST@example.com"), subject=client, version=4)
    assert kept(directory, client) == (4, ["+34612345678"], ["newest@example.com"], "active")


def test_an_archived_or_merged_client_can_no_longer_be_reached_and_may_come_back(directory):
    for contract, state in ((clients.CLIENT_ARCHIVED, "archived"), (clients.CLIENT_MERGED, "merged")):
        client = uuid4()
        directory.deliver(clients.CLIENT_REGISTERED, subject=client, version=1)
        directory.deliver(contract, subject=client, version=2)
        assert kept(directory, client)[3] == state
        directory.deliver(clients.CLIENT_UPDATED, subject=client, version=3)
        assert kept(directory, client)[3] == "active"


def test_an_erased_client_is_forgotten_for_good_and_it_is_said(directory):
    client = uuid4()
    directory.deliver(clients.CLIENT_REGISTERED, subject=client, version=1)
    directory.deliver(clients.CLIENT_ERASED, subject=client, version=2)
    for version in (1, 3):
        directory.deliver(clients.CLIENT_STATED, subject=client, version=version)
    directory.deliver(clients.CLIENT_ARCHIVED, subject=client, version=4)
    assert kept(directory, client)[1:] == ([], [], "erased")
    [event] = directory.emitted(ERASURE_COMPLETED)
    assert event.data == {"client_id": str(client), "service": "directory", "rows": 1}


def test_what_a_failed_event_said_of_an_erased_client_is_forgotten_too(directory):
    client = uuid4()
    with directory.database.transaction() as session:
        from sqlalchemy import text

        session.execute(
            text(
                "INSERT INTO failures (id, reaction, event_id, type, body, attempts, dead, reason, failed_at) VALUES"
                " (:id, 'contacts.keep', :id, 't', :body, 6, true, 'r', '2026-01-01')"
            ),
            {"id": uuid4(), "body": f'{{"subject": "{client}", "data": {{"first_name": "María"}}}}'},
        )
    directory.deliver(clients.CLIENT_ERASED, subject=client, version=2)
    assert directory.rows("SELECT count(*) FROM failures") == [0]
    assert directory.emitted(ERASURE_COMPLETED)[0].data["rows"] == 2
