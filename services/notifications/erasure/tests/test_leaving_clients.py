"""What happens when a client is archived, merged or erased."""

from uuid import UUID

from services.notifications.conftest import CARLOS, MARIA, ask, by_hand, deliver, state_of, switch
from services.notifications.suppressions.stopping import stop
from shared.contracts import clients
from shared.contracts.notifications import ERASURE_COMPLETED
from shared.testing.service import Caller, ServiceUnderTest

ROOT = "/api/v1/notifications/preferences"


def test_an_archived_client_hears_only_of_what_a_contract_asks_for(notifications: ServiceUnderTest) -> None:
    notifications.deliver(clients.CLIENT_ARCHIVED, subject=MARIA, version=9)
    assert ask(notifications, MARIA, "appointment", "email") == "archived"
    assert ask(notifications, MARIA, "contract", "email") is None


def test_of_two_records_of_one_person_the_no_counts(notifications: ServiceUnderTest, lucia: Caller) -> None:
    switch(notifications, MARIA, "service", "sms", on=False)
    switch(notifications, MARIA, "marketing", "sms", on=True)
    switch(notifications, MARIA, "marketing", "email", on=True)
    switch(notifications, CARLOS, "marketing", "email", on=False)
    notifications.deliver(clients.CLIENT_MERGED, {"surviving_id": str(CARLOS)}, subject=MARIA, version=9)
    assert ask(notifications, CARLOS, "service", "sms") == "preference"
    assert ask(notifications, CARLOS, "marketing", "email") == "preference"
    assert ask(notifications, CARLOS, "marketing", "sms") is None  # the very same number
    for kind, channel, why in (("service", "sms", "preference"), ("appointment", "sms", None)):
        assert ask(notifications, MARIA, kind, channel) == why  # asked of the one that it has become
    history = lucia.get(f"{ROOT}/{CARLOS}/history").json["items"]
    assert {each["source"] for each in history} == {"api", "merge"}
    assert len(history) == 6


def test_an_erased_person_is_forgotten_and_their_number_stays_off(
    notifications: ServiceUnderTest, lucia: Caller
) -> None:
    switch(notifications, MARIA, "marketing", "sms", on=True)
    sent = by_hand(notifications, "email")
    deliver(notifications, "email")
    waiting = by_hand(notifications, "email")
    with notifications.database.transaction() as session:
        stop(session, "+34612345678")
    notifications.deliver(clients.CLIENT_ERASED, subject=MARIA, version=9)
    notifications.deliver(clients.CLIENT_UPDATED, {"id": str(MARIA)}, subject=MARIA, version=10)
    assert ask(notifications, MARIA, "contract", "email") == "erased"
    assert lucia.get(f"{ROOT}/{MARIA}").status_code == 404
    assert state_of(notifications, sent)[0] == "delivered"
    assert state_of(notifications, waiting) == ("suppressed", "erased")
    deliver(notifications, "email")
    assert ask(notifications, CARLOS, "appointment", "sms") == "suppressed"
    kept = notifications.rows(
        "SELECT address_masked, length(address_hash), wording_id IS NOT NULL FROM preference_changes"
        " WHERE client_id = :id AND given IS NOT NULL",
        id=MARIA,
    )
    assert kept == [("+34 ••• 78", 64, True)]
    (said,) = notifications.emitted(ERASURE_COMPLETED)
    assert said.data["client_id"] == str(MARIA) and said.data["rows"] > 5
    assert leaks(notifications, MARIA) == []


def leaks(service: ServiceUnderTest, client_id: UUID) -> list[str]:
    """The tables in which something that tells who it was is left beside the id."""
    found = []
    for table in service.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'outbox'"):
        rows = service.rows(
            f"SELECT t::text FROM {table} t WHERE t::text LIKE :id", id=f"%{client_id}%"
        )  # the names of tables are the database's own
        if any(sign in row for row in rows for sign in ("maria@example.com", "+34612345678", "López")):
            found.append(table)
    return found
