"""Other systems: let in with a secret shown once, kept out at once."""

import pytest

from shared.auth.permissions import PERMISSIONS
from shared.contracts.directory import MACHINE_CHANGED, SESSION_ENDED
from shared.demo_ids import demo_id

MACHINES = "/api/v1/directory/machines"
TOKENS = "/api/v1/directory/tokens"
BOOKING = {"name": "Booking", "client_id": "booking", "permissions": ["bookings.check"]}


@pytest.fixture
def admin(directory):
    return directory.signed_in(*PERMISSIONS, id=demo_id("employee", "Elena Vidal"))


def credentials(secret: str) -> dict[str, str]:
    return {"grant_type": "client_credentials", "client_id": "booking", "client_secret": secret}


def test_a_machine_is_let_in_with_a_secret_that_is_shown_once(directory, admin):
    added = admin.post(MACHINES, BOOKING)
    assert added.status_code == 201
    secret = added.json["client_secret"]
    assert directory.anonymous().post(TOKENS, credentials(secret)).status_code == 200
    path = f"{MACHINES}/{added.json['id']}"
    for shown in (admin.get(path).text, admin.get(MACHINES).text, admin.get(f"{path}/changes").text):
        assert secret not in shown
        assert "secret_hash" not in shown


def test_a_new_secret_shuts_out_the_one_before_and_its_tokens(directory, admin):
    added = admin.post(MACHINES, BOOKING).json
    token = directory.anonymous().post(TOKENS, credentials(added["client_secret"])).json["access_token"]
    renewed = admin.post(f"{MACHINES}/{added['id']}/secrets", headers={"If-Match": '"1"'})
    assert renewed.status_code == 201
    assert directory.anonymous().post(TOKENS, credentials(added["client_secret"])).status_code == 401
    assert directory.anonymous().post(TOKENS, credentials(renewed.json["client_secret"])).status_code == 200
    directory.look_again()
    assert directory.with_token(token).get("/api/v1/directory/me").status_code == 401


def test_a_machine_that_is_switched_off_is_refused_at_once_and_works_again_when_switched_on(directory, admin):
    added = admin.post(MACHINES, BOOKING).json
    secret = added["client_secret"]
    assert admin.patch(f"{MACHINES}/{added['id']}", {"active": False}).status_code == 200
    assert directory.anonymous().post(TOKENS, credentials(secret)).status_code == 401
    assert len(directory.emitted(SESSION_ENDED)) == len(directory.emitted(MACHINE_CHANGED)) == 1
    assert admin.patch(f"{MACHINES}/{added['id']}", {"active": True}).status_code == 200
    token = directory.anonymous().post(TOKENS, credentials(secret)).json["access_token"]
    directory.look_again()
    assert directory.with_token(token).get("/api/v1/directory/me").json["name"] == "Booking"


def test_nobody_gives_a_machine_what_they_do_not_hold(directory):
    keeper = directory.signed_in("directory.machines.write", "bookings.check")
    assert keeper.post(MACHINES, BOOKING).status_code == 201
    more = BOOKING | {"client_id": "more", "permissions": ["clients.export"]}
    assert keeper.post(MACHINES, more).status_code == 403
    web = f"{MACHINES}/{demo_id('machine', 'web')}"
    assert keeper.post(f"{web}/secrets", headers={"If-Match": "*"}).status_code == 403
    assert keeper.patch(web, {"active": False}).status_code == 403
