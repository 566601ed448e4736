"""The one who is signed in."""

from services.directory.conftest import PASSWORD
from shared.contracts.directory import SESSION_ENDED
from shared.demo_ids import SALAMANCA

ME = "/api/v1/directory/me"
TOKENS = "/api/v1/directory/tokens"


def sign_in(directory, password: str = PASSWORD):
    return directory.anonymous().post(TOKENS, {"grant_type": "password", "username": "reception", "password": password})


def test_one_sees_who_one_is_and_what_one_may(directory):
    me = directory.with_token(sign_in(directory).json["access_token"]).get(ME).json
    assert (me["name"], me["username"], me["kind"]) == ("Lucía Ortega", "reception", "staff")
    assert me["branch_ids"] == [str(SALAMANCA)]
    assert {"permission": "clients.read", "branch_ids": [str(SALAMANCA)]} in me["permissions"]
    assert directory.anonymous().get(ME).status_code == 401


def test_one_changes_ones_password_by_knowing_the_present_one(directory):
    sign_in(directory)  # elsewhere
    me = directory.with_token(sign_in(directory).json["access_token"])
    wrong = me.put(f"{ME}/password", {"current_password": "guess", "password": "a better one"}, version=None)
    assert wrong.status_code == 422
    assert "current_password" in wrong.json["errors"]
    sent = {"current_password": PASSWORD, "password": "a better one"}
    assert me.put(f"{ME}/password", sent, version=None).status_code == 204
    assert len(directory.emitted(SESSION_ENDED)) == 1
    assert me.get(ME).status_code == 200
    assert sign_in(directory).status_code == 401
    assert sign_in(directory, "a better one").status_code == 200


def test_a_short_password_is_refused(directory):
    me = directory.with_token(sign_in(directory).json["access_token"])
    answer = me.put(f"{ME}/password", {"current_password": PASSWORD, "password": "short"}, version=None)
    assert "password" in answer.json["errors"]


def test_guessing_the_present_password_is_stopped(directory):
    me = directory.with_token(sign_in(directory).json["access_token"])
    guess = {"current_password": "guess", "password": "a better one"}
    statuses = [me.put(f"{ME}/password", guess, version=None).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]
