"""The demo's clients."""

from collections.abc import Callable

from services.clients import demo
from services.clients.profiles.checks import clean_details
from services.clients.profiles.client import CONTACT_DETAILS
from shared import clock
from shared.contracts.clients import CLIENT_REGISTERED, CLIENT_TAGS_CHANGED, DISLIKE_ADDED
from shared.contracts.directory import BRANCH_ADDED
from shared.demo_ids import CLIENTS, SALAMANCA
from shared.testing.service import ServiceUnderTest

KEPT = (
    "SELECT id, first_name, last_name, phones, emails, address, birth_date, status_id,"
    " ARRAY(SELECT name FROM tags WHERE tags.id = ANY(tag_ids) ORDER BY name) FROM clients ORDER BY id"
)


def filled(service: ServiceUnderTest) -> bool:
    with service.database.transaction() as session:
        return demo.fill(session, service.config.chain)


def test_the_demo_is_the_same_at_every_run_and_is_loaded_once(service_of: Callable[..., ServiceUnderTest]) -> None:
    one, other = service_of("clients"), service_of("clients")
    assert [filled(one), filled(one), filled(other)] == [True, False, True]
    assert one.rows(KEPT) == other.rows(KEPT)
    assert len(one.rows(KEPT)) == len(one.emitted(CLIENT_REGISTERED)) == CLIENTS
    assert len(one.emitted(DISLIKE_ADDED)) > 100
    assert len(one.emitted(CLIENT_TAGS_CHANGED)) > 100


def test_the_demo_keeps_what_the_directory_has_said_already(service_of: Callable[..., ServiceUnderTest]) -> None:
    service = service_of("clients")
    service.deliver(BRANCH_ADDED, {"name": "Salamanca y Retiro"}, subject=SALAMANCA)
    assert filled(service)
    assert service.rows("SELECT name, version FROM branches WHERE id = :id", id=SALAMANCA) == [
        ("Salamanca y Retiro", 1)
    ]


def test_every_client_of_the_demo_would_pass_our_own_checks(service_of: Callable[..., ServiceUnderTest]) -> None:
    service = service_of("clients")
    filled(service)
    with service.database.reading() as connection:
        for row in connection.exec_driver_sql("SELECT * FROM clients").mappings():
            details = {name: row[name] for name in CONTACT_DETAILS}
            assert clean_details(details, "ES", clock.now().date()) == details
    shared = "SELECT key FROM search_keys WHERE key ~ '^[be]' GROUP BY key HAVING count(*) > 1"
    assert service.rows(shared) == []
