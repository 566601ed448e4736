"""Signing in at the chain's own identity provider, a real one in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from services.directory.conftest import WEB_SECRET, demo_without_a_past
from services.directory.sign_in import passwords
from shared import clock
from shared.demo_ids import demo_id
from shared.ports import free_port
from shared.testing.eventually import eventually

TOKENS = "/api/v1/directory/tokens"
WEB = {"client_id": "web", "client_secret": WEB_SECRET}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a provider that knows Lucía, Pablo who works here without a sign-in name, and a stranger."""
    port = free_port()
    people = [
        '{"sub": "1", "preferred_username": "Reception"}',
        '{"sub": "2", "preferred_username": "stranger"}',
        '{"sub": "3"}',
    ]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    for person in people:
        command += ["--user-claims", person]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            return requests.get(f"{address}/.well-known/openid-configuration", timeout=1).ok
        except requests.RequestException:
            return False

    eventually(answers, within=30)
    yield address
    process.kill()
    process.wait()


@pytest.fixture
def directory(service_of, issuer, tmp_path):
    (tmp_path / "secrets" / "oidc-client-secret").write_text("a secret of the provider's making")
    return service_of("directory", furnish=demo_without_a_past, FOYER_OIDC_ISSUER=issuer)


@pytest.fixture
def web(directory):
    token = directory.anonymous().post(TOKENS, {"grant_type": "client_credentials", **WEB}).json["access_token"]
    return directory.with_token(token)


def go_there(web, subject: str) -> dict[str, str]:
    """A person who goes to the provider, says who they are and is sent back: what the console's page is given."""
    begun = web.get("/api/v1/directory/oidc/authorization").json
    back = requests.post(begun["authorization_url"], data={"sub": subject}, allow_redirects=False, timeout=5)
    given = {name: values[0] for name, values in parse_qs(urlsplit(back.headers["Location"]).query).items()}
    assert given["state"] == begun["state"]
    return {"grant_type": "authorization_code", "code": given["code"], "state": given["state"], **WEB}


def test_a_person_signs_in_at_the_chains_own_provider(directory, web):
    answer = directory.anonymous().post(TOKENS, go_there(web, "1"))
    assert answer.status_code == 200, answer.json
    assert answer.json.keys() == {"access_token", "expires_in", "refresh_token"}
    me = directory.with_token(answer.json["access_token"]).get("/api/v1/directory/me").json
    assert me["id"] == str(demo_id("employee", "Lucía Ortega"))


def test_the_provider_is_asked_with_a_nonce_and_a_challenge(web):
    url = web.get("/api/v1/directory/oidc/authorization").json["authorization_url"]
    asked = parse_qs(urlsplit(url).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert len(asked["nonce"][0]) == 43
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/sign-in/oidc"]


@pytest.mark.parametrize("subject", ["2", "3"])
def test_who_does_not_work_here_is_not_let_in(directory, web, subject):
    answer = directory.anonymous().post(TOKENS, go_there(web, subject))
    assert (answer.status_code, answer.json["code"]) == (401, "wrong_credentials")


def test_who_no_longer_works_here_is_not_let_in(directory, web):
    back = go_there(web, "1")
    with directory.database.transaction() as session:
        from services.directory.employees.models import Employee

        session.get(Employee, demo_id("employee", "Lucía Ortega")).active = False
    assert directory.anonymous().post(TOKENS, back).status_code == 401


def test_one_comes_back_once_and_soon(directory, web, travel_to):
    back = go_there(web, "1")
    assert directory.anonymous().post(TOKENS, back).status_code == 200
    assert directory.anonymous().post(TOKENS, back).status_code == 401
    late = go_there(web, "1")
    travel_to(clock.now() + timedelta(minutes=11))
    assert directory.anonymous().post(TOKENS, late).status_code == 401


def test_a_code_of_another_sign_in_is_refused(directory, web):
    mine, theirs = go_there(web, "1"), go_there(web, "1")
    mixed = mine | {"code": theirs["code"]}
    answer = directory.anonymous().post(TOKENS, mixed)
    assert (answer.status_code, answer.json["code"]) == (401, "wrong_credentials")
    assert directory.anonymous().post(TOKENS, theirs | {"code": "made-up"}).status_code == 401


def test_only_the_machine_that_signs_people_in_begins_and_ends_it(directory, web):
    assert directory.signed_in("directory.read").get("/api/v1/directory/oidc/authorization").status_code == 403
    back = go_there(web, "1")
    assert directory.anonymous().post(TOKENS, back | {"client_secret": "guess"}).status_code == 401
    assert directory.anonymous().post(TOKENS, back).status_code == 200


def test_a_provider_that_does_not_answer_is_said_so_and_passwords_go_on(service_of):
    away = f"http://127.0.0.1:{free_port()}"
    directory = service_of("directory", furnish=demo_without_a_past, FOYER_OIDC_ISSUER=away)
    answer = directory.signed_in("directory.sessions.open").get("/api/v1/directory/oidc/authorization")
    assert answer.status_code == 503
    assert "identity provider" in answer.json["detail"]
    sent = {"grant_type": "password", "username": "reception", "password": "foyer-demo"}
    assert directory.anonymous().post(TOKENS, sent).status_code == 200


def test_a_chain_without_a_provider_says_so(service_of):
    directory = service_of("directory", furnish=demo_without_a_past)
    answer = directory.signed_in("directory.sessions.open").get("/api/v1/directory/oidc/authorization")
    assert (answer.status_code, answer.json["code"]) == (404, "no_identity_provider")


def test_who_signs_in_elsewhere_needs_no_password_here():
    assert not passwords.is_right(None, "anything")
