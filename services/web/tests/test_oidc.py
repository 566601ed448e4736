"""The button of the chain's own identity provider, while everything that it needs is away."""

import pytest

from shared.ports import free_port


@pytest.fixture
def with_provider(console_with):
    issuer = f"http://127.0.0.1:{free_port()}"
    return console_with(FOYER_OIDC_ISSUER=issuer, FOYER_OIDC_NAME="Serena ID")


def test_the_button_is_there_only_when_the_chain_has_a_provider(console, with_provider):
    assert "Sign in with" not in console.get("/sign-in").text
    assert "Sign in with Serena ID" in with_provider.get("/sign-in").text
    assert "Entrar con Serena ID" in with_provider.get("/sign-in", headers={"Accept-Language": "es"}).text


def test_a_provider_is_called_by_its_host_until_the_chain_names_it(console_with):
    assert (
        "Sign in with login.example" in console_with(FOYER_OIDC_ISSUER="https://login.example/x").get("/sign-in").text
    )


def test_a_way_that_cannot_be_reached_leaves_the_password(with_provider):
    answer = with_provider.get("/sign-in/oidc/begin?next=/settings/roles")
    assert answer.status_code == 503
    assert "Serena ID cannot be reached at the moment" in answer.text
    assert 'name="password"' in answer.text
    assert 'value="/settings/roles"' in answer.text


@pytest.mark.parametrize("query", ["", "?code=c", "?code=c&state=", "?code=c&state=made-up", "?code=c&state=%C3%A9"])
def test_who_brings_a_state_that_this_browser_did_not_get_is_refused(with_provider, query):
    answer = with_provider.get(f"/sign-in/oidc{query}")
    assert answer.status_code == 400
    assert "did not begin in this browser" in answer.text
