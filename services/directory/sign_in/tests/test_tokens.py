"""Signing in at the door: who gets a token, what it says, who is told to wait."""

from datetime import timedelta
from time import process_time
from uuid import UUID

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from services.directory.conftest import PASSWORD, WEB_SECRET
from services.directory.employees.models import Employee
from shared import clock
from shared.auth.principal import from_claims
from shared.contracts.directory import SESSION_ENDED
from shared.demo_ids import GRACIA, SALAMANCA, demo_id

TOKENS = "/api/v1/directory/tokens"
ME = "/api/v1/directory/me"
WEB = {"client_id": "web", "client_secret": WEB_SECRET}


def password(username: str, password: str = PASSWORD, **more: str) -> dict[str, str]:
    return {"grant_type": "password", "username": username, "password": password, **more}


def claims(directory, token: str):
    keys = directory.anonymous().get("/api/v1/directory/jwks").json
    return jwt.decode(token, KeySet.import_key_set(keys), algorithms=["Ed25519"]).claims


def sign_in(directory, username: str = "reception"):
    return directory.anonymous().post(TOKENS, password(username, **WEB)).json


def test_a_token_says_who_in_which_session_and_what_they_may_where(directory):
    answer = directory.anonymous().post(TOKENS, password("manager"))
    assert answer.status_code == 200
    assert answer.json.keys() == {"access_token", "expires_in"}
    assert answer.json["expires_in"] == 300
    who = from_claims(claims(directory, answer.json["access_token"]))
    assert who.actor == f"staff:{demo_id('employee', 'Javier Robles')}"
    assert who.may("directory.menu.write", SALAMANCA)
    assert who.may("directory.menu.write", GRACIA)
    assert not who.may("directory.menu.write", demo_id("branch", "Brickell"))
    assert not who.may("directory.roles.write")
    assert len(answer.json["access_token"]) < 2048


def test_the_administrator_holds_every_permission_for_the_chain(directory):
    token = directory.anonymous().post(TOKENS, password("admin")).json["access_token"]
    assert from_claims(claims(directory, token)).may_everywhere("directory.roles.write")
    assert len(token) < 4096


def test_a_name_is_known_whatever_its_case(directory):
    assert directory.anonymous().post(TOKENS, password("Reception")).status_code == 200


@pytest.mark.parametrize("wrong", [password("reception", "wrong-password"), password("nobody-here"), password("pablo")])
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(directory, wrong):
    answer = directory.anonymous().post(TOKENS, wrong)
    assert answer.status_code == 401
    assert answer.json["code"] == "wrong_credentials"
    assert answer.json["detail"] == "The name or the password is not right."


def test_a_wrong_name_takes_as_long_as_a_wrong_password(directory):
    """A name that is looked up and given no hash to compare takes a fortieth of the processor's time; a machine that
    others share makes one and a half of one."""

    def seconds(username: str) -> float:
        began = process_time()
        directory.anonymous().post(TOKENS, password(username, "wrong-password"))
        return process_time() - began

    seconds("nobody-0")
    known = min(seconds(name) for name in ("reception", "admin", "manager"))
    unknown = min(seconds(name) for name in ("nobody-1", "nobody-2", "nobody-3"))
    assert known / 4 < unknown < known * 4


def test_after_five_failures_a_name_waits_and_is_free_again_after_the_window(directory, travel_to):
    ask = directory.anonymous()
    for _ in range(5):
        assert ask.post(TOKENS, password("reception", "wrong-password")).status_code == 401
    refused = ask.post(TOKENS, password("reception"))
    assert refused.status_code == 429
    assert 800 < int(refused.headers["Retry-After"]) <= 901
    assert ask.post(TOKENS, password("manager")).status_code == 200
    travel_to(clock.now() + timedelta(seconds=int(refused.headers["Retry-After"])))
    assert ask.post(TOKENS, password("reception")).status_code == 200


def test_a_refused_attempt_does_not_lengthen_the_wait(directory, travel_to):
    ask = directory.anonymous()
    for _ in range(5):
        ask.post(TOKENS, password("reception", "wrong-password"))
    travel_to(clock.now() + timedelta(minutes=14))
    for _ in range(10):
        assert ask.post(TOKENS, password("reception", "wrong-password")).status_code == 429
    travel_to(clock.now() + timedelta(minutes=2))
    assert ask.post(TOKENS, password("reception")).status_code == 200


def test_an_address_waits_after_thirty_failures_whatever_the_names(directory, monkeypatch):
    monkeypatch.setattr("services.directory.sign_in.attempts.MOST_PER_ADDRESS", 3)  # thirty would take a while
    ask = directory.anonymous()
    for name in ("one", "two", "three"):
        assert ask.post(TOKENS, password(f"nobody-{name}")).status_code == 401
    assert ask.post(TOKENS, password("manager")).status_code == 429
    elsewhere = password("manager", **WEB, address="203.0.113.9")
    assert ask.post(TOKENS, elsewhere).status_code == 200


def test_a_right_password_forgives_the_failures_before_it(directory):
    ask = directory.anonymous()
    for _ in range(2):
        for _ in range(4):
            ask.post(TOKENS, password("reception", "wrong-password"))
        assert ask.post(TOKENS, password("reception")).status_code == 200


def test_a_machine_gets_a_token_for_its_secret(directory):
    answer = directory.anonymous().post(TOKENS, {"grant_type": "client_credentials", **WEB})
    assert answer.status_code == 200
    who = from_claims(claims(directory, answer.json["access_token"]))
    assert who.actor == f"machine:{demo_id('machine', 'web')}"
    assert who.grants.keys() == {"directory.sessions.open"}
    wrong = {"grant_type": "client_credentials", "client_id": "web", "client_secret": "guess"}
    assert directory.anonymous().post(TOKENS, wrong).json["code"] == "wrong_credentials"


def test_only_a_machine_that_signs_people_in_may_renew_a_session(directory):
    opened = sign_in(directory)
    renewed = {"grant_type": "refresh_token", "refresh_token": opened["refresh_token"]}
    answer = directory.anonymous().post(TOKENS, renewed | WEB)
    assert answer.status_code == 200
    assert answer.json.keys() == {"access_token", "expires_in"}
    before, after = (claims(directory, one["access_token"]) for one in (opened, answer.json))
    assert before["sid"] == after["sid"]
    assert directory.anonymous().post(TOKENS, renewed).status_code == 422
    other = directory.signed_in("directory.machines.write", "bookings.check").post(
        "/api/v1/directory/machines", {"name": "Booking", "client_id": "booking", "permissions": ["bookings.check"]}
    )
    credentials = {"client_id": "booking", "client_secret": other.json["client_secret"]}
    assert directory.anonymous().post(TOKENS, renewed | credentials).status_code == 401


def test_a_session_is_renewed_while_it_is_used_and_over_when_nobody_did_for_long(directory, travel_to):
    renewal = {"grant_type": "refresh_token", "refresh_token": sign_in(directory)["refresh_token"], **WEB}
    for _ in range(3):
        travel_to(clock.now() + timedelta(hours=7))
        assert directory.anonymous().post(TOKENS, renewal).status_code == 200
    travel_to(clock.now() + timedelta(hours=8, minutes=1))
    answer = directory.anonymous().post(TOKENS, renewal)
    assert answer.status_code == 401
    assert answer.json["code"] == "session_over"


def test_a_session_ends_after_a_week_however_much_it_is_used(directory, travel_to):
    renewal = {"grant_type": "refresh_token", "refresh_token": sign_in(directory)["refresh_token"], **WEB}
    statuses = []
    for _ in range(7 * 4 + 1):
        travel_to(clock.now() + timedelta(hours=6))
        statuses.append(directory.anonymous().post(TOKENS, renewal).status_code)
    assert statuses == [200] * 27 + [401] * 2


@pytest.mark.parametrize("made_up", ["x", "0197a3c4-5a00-7000-8000-00000000000e.x", ".", "0197a3c4"])
def test_a_made_up_refresh_token_is_refused(directory, made_up):
    answer = directory.anonymous().post(TOKENS, {"grant_type": "refresh_token", "refresh_token": made_up, **WEB})
    assert answer.status_code == 401


def test_who_signs_out_is_refused_at_once_and_others_hear_of_it(directory):
    opened = sign_in(directory)
    me = directory.with_token(opened["access_token"])
    assert me.get(ME).json["username"] == "reception"
    assert me.delete("/api/v1/directory/sessions/current", version=None).status_code == 204
    directory.look_again()
    assert me.get(ME).status_code == 401
    renewal = {"grant_type": "refresh_token", "refresh_token": opened["refresh_token"], **WEB}
    assert directory.anonymous().post(TOKENS, renewal).status_code == 401
    [event] = directory.emitted(SESSION_ENDED)
    assert UUID(event.data["session_id"]) == UUID(claims(directory, opened["access_token"])["sid"])


def test_a_deactivated_employee_is_signed_out_and_stays_out(directory):
    opened = sign_in(directory)
    employee = f"/api/v1/directory/employees/{demo_id('employee', 'Lucía Ortega')}"
    admin = directory.with_token(directory.anonymous().post(TOKENS, password("admin")).json["access_token"])
    assert admin.patch(employee, {"active": False}).status_code == 200
    directory.look_again()
    assert directory.with_token(opened["access_token"]).get(ME).status_code == 401
    renewal = {"grant_type": "refresh_token", "refresh_token": opened["refresh_token"], **WEB}
    assert directory.anonymous().post(TOKENS, renewal).status_code == 401
    assert directory.anonymous().post(TOKENS, password("reception")).json["code"] == "wrong_credentials"


def test_a_changed_role_shows_at_the_next_renewal(directory):
    opened = sign_in(directory)
    role = f"/api/v1/directory/roles/{demo_id('role', 'Recepción')}"
    admin = directory.with_token(directory.anonymous().post(TOKENS, password("admin")).json["access_token"])
    assert admin.patch(role, {"permissions": ["directory.read"]}).status_code == 200
    renewal = {"grant_type": "refresh_token", "refresh_token": opened["refresh_token"], **WEB}
    token = directory.anonymous().post(TOKENS, renewal).json["access_token"]
    assert from_claims(claims(directory, token)).grants.keys() == {"directory.read"}


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "grant_type"),
        ({"grant_type": "magic"}, "grant_type"),
        ({"grant_type": "password", "username": "reception"}, "password"),
        ({"grant_type": "client_credentials", "client_id": "web"}, "client_secret"),
        ({"grant_type": "password", "username": 7, "password": PASSWORD}, "username"),
        ({"grant_type": "password", "username": "a\x00b", "password": PASSWORD}, "username"),
        ({"grant_type": "password", "username": "x" * 101, "password": PASSWORD}, "username"),
        (password("reception", surprise="x"), "surprise"),
    ],
)
def test_what_is_wrong_with_a_sign_in_is_named(directory, sent, field):
    answer = directory.anonymous().post(TOKENS, sent)
    assert answer.status_code == 422
    assert field in answer.json["errors"]


def test_a_password_is_kept_as_argon2id_and_shown_nowhere(directory):
    with directory.database.transaction() as session:
        employee = session.get(Employee, demo_id("employee", "Lucía Ortega"))
    assert employee.password_hash.startswith("$argon2id$")
    shown = directory.signed_in("directory.read").get(f"/api/v1/directory/employees/{employee.id}")
    assert "argon2" not in shown.text


def test_the_key_before_is_still_published_while_its_tokens_live(service_of, tmp_path):
    import json

    from joserfc.jwk import OKPKey

    first = service_of("directory")
    previous = OKPKey.generate_key("Ed25519", auto_kid=True)
    (first.config.secrets / "directory-signing-key-previous").write_text(json.dumps(previous.as_dict(private=True)))
    keys = service_of("directory").anonymous().get("/api/v1/directory/jwks").json["keys"]
    assert [key["kid"] for key in keys][1] == previous.kid
    assert all("d" not in key for key in keys)


def test_where_a_person_is_comes_from_the_trusted_proxies_only(service_of):
    forged = {"X-Forwarded-For": "203.0.113.1, 203.0.113.2"}
    for proxies, address in (("0", "127.0.0.1"), ("1", "203.0.113.2")):
        directory = service_of("directory", FOYER_PROXIES=proxies)
        directory.anonymous().post(TOKENS, password("nobody"), headers=forged)
        assert directory.rows("SELECT address FROM sign_in_attempts") == [address]


def test_a_password_that_changes_while_somebody_signs_in_opens_no_session_with_the_old_one(directory):
    from services.directory.sign_in.sessions import open_session
    from shared.errors import Unauthenticated

    employee_id = demo_id("employee", "Lucía Ortega")
    with directory.database.transaction() as session:
        seen = session.get(Employee, employee_id)
    admin = directory.signed_in("directory.employees.write", grants=everything())
    path = f"/api/v1/directory/employees/{employee_id}/password"
    assert admin.put(path, {"password": "quite another"}).status_code == 204
    with pytest.raises(Unauthenticated), directory.database.transaction() as session:
        open_session(session, seen, None)


def everything():
    from shared.auth.permissions import PERMISSIONS

    return [[["*"], list(PERMISSIONS)]]


def test_what_nobody_needs_any_more_is_forgotten(directory, travel_to):
    from services.directory.sign_in.work import DUTIES

    sign_in(directory)
    directory.anonymous().post(TOKENS, password("reception", "wrong-password"))
    travel_to(clock.now() + timedelta(days=9))
    for duty in DUTIES:
        assert duty.run(directory.database) is False
    assert directory.rows("SELECT count(*) FROM staff_sessions") == [0]
    assert directory.rows("SELECT count(*) FROM sign_in_attempts") == [0]
