"""The demo's chain."""

from services.directory import demo
from shared.contracts.directory import BRANCH_ADDED, EMPLOYEE_ADDED, SERVICE_ADDED


def test_the_demo_goes_out_as_events_and_loading_it_twice_changes_nothing(service_of):
    service = service_of("directory")
    for is_first in (True, False):
        with service.database.transaction() as session:
            assert demo.fill(session, "foyer-demo", "s" * 43) is is_first
    assert len(service.emitted(BRANCH_ADDED)) == 3
    assert len(service.emitted(EMPLOYEE_ADDED)) == 12
    assert len(service.emitted(SERVICE_ADDED)) == 25
    assert len(service.emitted()) == 3 + 12 + 25 + 4 + 1


def test_a_receptionist_of_the_demo_signs_in_and_sees_the_chain(directory):
    sent = {"grant_type": "password", "username": "reception", "password": "foyer-demo"}
    answer = directory.anonymous().post("/api/v1/directory/tokens", sent)
    assert answer.status_code == 200, answer.json
    assert answer.json.keys() == {"access_token", "expires_in"}
