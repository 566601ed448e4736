"""What happens to memberships when their client is archived, and when they are erased."""

import pytest

from services.memberships.balances.tests.test_balances import PLAIN as MOVED
from services.memberships.conftest import CARLOS, MADRID, MARIA
from shared.contracts import clients
from shared.contracts.memberships import ERASURE_COMPLETED
from shared.ids import new_id
from shared.testing.service import ReactionFailed
from shared.testing.tokens import token

ROOT = "/api/v1/memberships"


def test_a_client_who_is_archived_keeps_their_memberships_and_a_warning_shows(memberships, member, lucia):
    membership_id = member()
    memberships.deliver(clients.CLIENT_ARCHIVED, subject=MARIA, version=9)
    shown = lucia.get(f"{ROOT}/{membership_id}").json
    assert (shown["lifecycle"], shown["warnings"]) == ("active", ["client_archived"])


def test_what_a_merged_client_owns_stays_theirs_and_nothing_new_begins(memberships, member, plan, lucia):
    membership_id = member()
    memberships.deliver(clients.CLIENT_MERGED, {"surviving_id": str(CARLOS)}, subject=MARIA, version=9)
    shown = lucia.get(f"{ROOT}/{membership_id}").json
    assert (shown["lifecycle"], shown["client_id"], shown["warnings"]) == ("active", str(MARIA), ["client_merged"])
    asked = {"act": "add", "client_id": str(MARIA), "branch_id": str(MADRID), "plan_id": str(plan())}
    refused = lucia.post(f"{ROOT}/quotes", asked)
    assert (refused.status_code, refused.json["code"]) == (409, "client_archived")
    in_the_portal = memberships.with_token(token(kind="client", id=CARLOS, grants=[]))
    assert in_the_portal.get(f"{ROOT}/me").json["items"] == []


def test_a_merge_waits_for_the_one_who_stays_and_follows_who_is_merged_next(memberships):
    unknown, merged = new_id(), "SELECT merged_into FROM clients WHERE id = :id"
    with pytest.raises(ReactionFailed):
        memberships.deliver(clients.CLIENT_MERGED, {"surviving_id": str(unknown)}, subject=MARIA, version=9)
    memberships.deliver(clients.CLIENT_REGISTERED, {"id": str(unknown)}, subject=unknown)
    memberships.deliver(clients.CLIENT_MERGED, {"surviving_id": str(CARLOS)}, subject=MARIA, version=9)
    memberships.deliver(clients.CLIENT_MERGED, {"surviving_id": str(unknown)}, subject=CARLOS, version=9)
    assert memberships.rows(merged, id=MARIA) == memberships.rows(merged, id=CARLOS) == [unknown]


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
