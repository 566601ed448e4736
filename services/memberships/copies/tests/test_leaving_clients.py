"""What happens to memberships when their client is archived, and when they are erased."""

from services.memberships.balances.tests.test_balances import PLAIN as MOVED
from services.memberships.conftest import MARIA
from shared.contracts import clients
from shared.contracts.memberships import ERASURE_COMPLETED

ROOT = "/api/v1/memberships"


def test_a_client_who_is_archived_keeps_their_memberships_and_a_warning_shows(memberships, member, lucia):
    membership_id = member()
    memberships.deliver(clients.CLIENT_ARCHIVED, subject=MARIA, version=9)
    shown = lucia.get(f"{ROOT}/{membership_id}").json
    assert (shown["lifecycle"], shown["warnings"]) == ("active", ["client_archived"])


def test_an_erased_client_is_forgotten_and_what_was_paid_stays(memberships, member, lucia):
    membership_id = member(note="Sister of Ana")
    lucia.post(f"{ROOT}/balances/{MARIA}/movements", MOVED)
    memberships.deliver(clients.CLIENT_ERASED, subject=MARIA, version=9)
    memberships.deliver(clients.CLIENT_UPDATED, {"first_name": "María"}, subject=MARIA, version=10)
    assert memberships.rows("SELECT name FROM clients WHERE id = :id", id=MARIA) == [""]
    assert lucia.get(f"{ROOT}/{membership_id}").json["note"] == ""
    assert memberships.rows("SELECT description, amount FROM balance_movements") == [("", MOVED["amount"])]
    assert memberships.rows("SELECT count(*) FROM audit WHERE changes <> '{}' AND about = :id", id=MARIA) == [0]
    (said,) = memberships.emitted(ERASURE_COMPLETED)
    assert said.data["client_id"] == str(MARIA) and said.data["rows"] > 2
