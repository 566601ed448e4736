"""P40: signing in at the chain's own identity provider, a real one in a process of its own."""

import json
import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import expect

from shared.testing.eventually import eventually

PEOPLE = {"lucia": "reception", "elsewhere": "stranger"}
"""Whom the provider knows, and the sign-in name that it says they have."""


@pytest.fixture
def provider(house):
    people = [
        f"--user-claims={json.dumps({'sub': subject, 'preferred_username': name})}" for subject, name in PEOPLE.items()
    ]
    command = [
        sys.executable,
        "-m",
        "oidc_provider_mock",
        "--port",
        str(house.provider_port),
        "--require-nonce",
        "true",
    ]
    process = subprocess.Popen([*command, *people], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{house.provider_port}"

    def answers() -> bool:
        try:
            return requests.get(f"{address}/.well-known/openid-configuration", timeout=1).ok
        except requests.RequestException:
            return False

    eventually(answers, within=30)
    yield address
    process.kill()
    process.wait()


def styles_stay_away(someone):
    """The provider's pages are dressed from afar."""
    someone.page.context.route(re.compile("^https://"), lambda route: route.fulfill(body=""))


def goes_there(someone, path="/clients"):
    """To the provider's own page, by the button, on the way to a page of ours."""
    styles_stay_away(someone)
    someone.goes_to(path)
    someone.presses("Sign in with Serena ID")
    expect(someone.page.get_by_role("heading", level=1)).to_have_text("Authorize Client")
    return someone


def test_a_person_signs_in_there_and_arrives_where_they_were_going(house, person, provider):
    client = house.new_client()
    someone = goes_there(person(None), f"/clients/{client['id']}")
    someone.presses("lucia")
    expect(someone.page.get_by_role("heading", level=1)).to_contain_text(client["last_name"])
    expect(someone.page.get_by_role("button", name="Lucía Ortega")).to_be_visible()


def test_who_does_not_work_here_is_told_so_and_can_take_the_other_way(house, person, provider):
    someone = goes_there(person(None))
    someone.presses("elsewhere")
    expect(someone.page.get_by_role("alert")).to_contain_text("Nobody works here under the name")
    someone.field("Name").fill("reception")
    someone.field("Password").fill("foyer-demo")
    someone.page.keyboard.press("Enter")
    expect(someone.page.get_by_role("heading", level=1)).to_have_text("Clients")


def test_who_turns_back_there_is_no_further_than_before(house, person, provider):
    someone = goes_there(person(None))
    someone.presses("Deny")
    expect(someone.page.get_by_role("alert")).to_contain_text("You did not sign in at Serena ID")


def test_an_answer_that_another_browser_was_given_signs_nobody_in(house, person, provider):
    """Whoever could do that would have people type their clients' secrets into an account that is not theirs."""
    theirs = goes_there(person(None))
    answer = requests.post(theirs.page.url, data={"sub": "lucia"}, allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["Location"])
    mine = goes_there(person(None))
    mine.goes_to(f"{back.path}?{back.query}")
    expect(mine.page.get_by_role("alert")).to_contain_text("did not begin in this browser")
    mine.goes_to("/clients")
    expect(mine.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    theirs.goes_to(f"{back.path}?{back.query}")
    expect(theirs.page.get_by_role("heading", level=1)).to_have_text("Clients")
    theirs.goes_to(f"{back.path}?{back.query}")
    expect(theirs.page.get_by_role("alert")).to_contain_text("did not begin in this browser")


def test_a_session_that_ended_is_renewed_on_a_new_tab_and_the_save_goes_on(house, person, provider):
    client = house.new_client()
    someone = person().opens(client)
    someone.field("Middle name").fill("Typed before")
    someone.page.context.clear_cookies()
    someone.saves()
    expect(someone.dialog).to_contain_text("Please sign in again")
    someone.presses("I have signed in: go on")
    expect(someone.dialog.get_by_role("alert")).to_contain_text("not signed in yet")
    styles_stay_away(someone)
    with someone.page.context.expect_page() as opened:
        someone.presses("Sign in with Serena ID")
    opened.value.get_by_role("button", name="lucia").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Clients")
    opened.value.close()
    someone.presses("I have signed in: go on")
    someone.reads("Saved.")
    assert house.api().send("GET", f"clients/{client['id']}")["middle_name"] == "Typed before"
