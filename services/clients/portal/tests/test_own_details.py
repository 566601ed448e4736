"""What a client sees and corrects of themselves, and what they never hear of."""

from uuid import UUID

import pytest

ME = "/api/v1/clients/me"
SECRETS = ("status_", "block", "weight", "reason", "referred_by", "referral", "merged", "archived", "Impago")


@pytest.fixture
def maria(clients, register, lucia):
    """María, whom reception has blocked for a reason that she must not read."""
    client = register(phones=[{"number": "+34612345678", "primary": True}], birth_date="1988-05-17")
    lucia.put(f"/api/v1/clients/{client['id']}/booking-block", {"blocked": True, "reason": "Impago"})
    return client


def portal_of(clients, client):
    return clients.signed_in(kind="client", id=UUID(client["id"]), grants=[])


def test_a_client_sees_their_own_details_and_nothing_that_is_for_staff(clients, maria, register):
    register(first_name="Pedro")
    answer = portal_of(clients, maria).get(ME)
    assert (answer.json["id"], answer.json["first_name"]) == (maria["id"], "María")
    assert not [word for word in SECRETS if word in answer.text]


def test_what_a_client_corrects_is_on_record_as_theirs(clients, maria, lucia):
    version = int(portal_of(clients, maria).get(ME).headers["ETag"].strip('"'))
    sent = {"phones": [{"number": "699 11 22 33", "primary": True}], "language": "en"}
    answer = portal_of(clients, maria).patch(ME, sent, version=version)
    assert answer.json["phones"][0]["number"] == "+34699112233"
    entry = lucia.get(f"/api/v1/clients/{maria['id']}/changes").json["items"][0]
    assert (entry["actor"], entry["channel"]) == (f"client:{maria['id']}", "portal")
    assert set(entry["changes"]) == {"phones", "language"}
    assert clients.emitted()[-1].data["changed"] == ["phones", "language"]


@pytest.mark.parametrize(
    "field",
    ["status_id", "booking_block", "booking_blocked", "birth_date", "referred_by_client_id", "id", "archived",
     "preferred_branch_id"],
)  # fmt: skip
def test_a_client_cannot_change_what_is_not_theirs_to_change(clients, maria, field):
    answer = portal_of(clients, maria).patch(ME, {field: None})
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_the_same_checks_hold_as_for_staff(clients, maria):
    wrong = portal_of(clients, maria).patch(ME, {"phones": [{"number": "12", "primary": True}]})
    assert wrong.status_code == 422
    assert "phones" in wrong.json["errors"]
    assert portal_of(clients, maria).patch(ME, {"language": "en"}, version=None).status_code == 428


def test_who_comes_second_is_told_so_and_not_what_staff_see(clients, maria, lucia):
    lucia.patch(f"/api/v1/clients/{maria['id']}", {"middle_name": "Luisa"})
    answer = portal_of(clients, maria).patch(ME, {"language": "en"}, version=1)
    assert answer.status_code == 412
    assert not [word for word in (*SECRETS, "Lucía", "staff:") if word in answer.text]


def test_it_is_for_clients_only(clients, maria, lucia):
    assert lucia.get(ME).status_code == 403
    assert clients.anonymous().get(ME).status_code == 401
    assert portal_of(clients, maria).get(f"/api/v1/clients/{maria['id']}").status_code == 403
