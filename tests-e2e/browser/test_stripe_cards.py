"""P28 at Stripe: a card goes from Stripe's own field to Stripe, and what is kept of it is what Stripe says.

Stripe itself is not reached from a test. Its stand-in is `localstripe`, which nobody here wrote: the server that the
other tests charge, and its script in the place of Stripe's, under Stripe's addresses. What it draws is not Stripe's.
"""

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
import requests
from playwright.sync_api import Route, expect

from services.memberships.gateways.tests.local_stripe import KEY, NUMBERS, SECRET, LocalStripe
from shared.testing.places import open_place

pytestmark = pytest.mark.soak  # a second house, of another gateway; what memberships does with Stripe is always tested

SCRIPT, API = "https://js.stripe.com", "https://api.stripe.com"
ADDRESS = re.compile(r"const LOCALSTRIPE_BASE_API = .*?\}\)\(\);", re.DOTALL)
"""Where its script finds the address of its server: the one that it was loaded from."""


@pytest.fixture(scope="module")
def stripe() -> Iterator[LocalStripe]:
    with open_place() as place:
        server = LocalStripe(place).start()
        yield server
        server.stop()


@pytest.fixture(scope="module")
def house(stripe: LocalStripe, new_house: Any) -> Iterator[Any]:
    secrets = {
        "stripe-key-main": KEY,
        "stripe-webhook-main": SECRET,
        "stripe-publishable-key-main": "pk_test_of_nobody",
    }
    yield from new_house(secrets, FOYER_GATEWAY="stripe", FOYER_STRIPE_URL=stripe.url)


def reaches_the_stand_in(someone: Any, stripe: LocalStripe) -> None:
    """In this browser Stripe's addresses lead there."""
    script = ADDRESS.sub(
        f"const LOCALSTRIPE_BASE_API = '{API}';", (files("localstripe") / "localstripe-v3.js").read_text()
    )

    def answer(route: Route) -> None:
        sent = route.request
        found = requests.request(
            sent.method, stripe.direct + sent.url.removeprefix(API), data=sent.post_data, timeout=10
        )
        if found.ok and "payment_method" in found.json():
            stripe.attach(found.json())
        route.fulfill(status=found.status_code, body=found.content, headers={"Access-Control-Allow-Origin": "*"})

    context = someone.page.context
    context.route(f"{SCRIPT}/**", lambda route: route.fulfill(body=script, content_type="text/javascript"))
    context.route(f"{API}/**", answer)


@pytest.fixture
def manager(house, person, stripe):
    """A manager before a new client."""
    someone = person("manager")
    reaches_the_stand_in(someone, stripe)
    someone.opens(house.new_client(), "memberships")
    return someone


def types_a_card(manager, number):
    manager.page.locator("#cards").get_by_role("button", name="Add card").click()
    manager.presses("Continue", within=manager.dialog)
    fills_in_the_field(manager, number)


def fills_in_the_field(someone, number):
    someone.field("First choice from now on").check()
    someone.page.locator("[name=agreed]").check()
    for name, value in {"number": number, "exp_month": "12", "exp_year": "40", "cvc": "123"}.items():
        someone.page.get_by_placeholder(name).fill(value)
    someone.presses("Save")


def test_a_card_is_typed_into_stripes_field_and_kept_as_stripe_says(manager):
    types_a_card(manager, NUMBERS["accepted"])
    expect(manager.page.locator("#cards")).to_contain_text("Visa ···· 4242")


def test_the_bank_may_ask_the_client_and_without_an_answer_no_card_is_kept(manager):
    types_a_card(manager, NUMBERS["needs_client"])
    manager.presses("Fail authentication")
    manager.reads("authentication failed")
    assert manager.axe() == []
    manager.presses("Cancel")
    expect(manager.page.locator("#cards")).to_contain_text("None.")


def test_a_client_types_a_card_in_the_portal(house, person, stripe):
    address = "eva.stripe@example.com"
    house.new_client(first_name="Eva", language="en", emails=[{"address": address, "primary": True}])
    someone = person(None, "en", viewport={"width": 390, "height": 844})
    reaches_the_stand_in(someone, stripe)
    someone.page.goto(someone.asks_for_link(address))
    someone.presses("Sign in")
    someone.page.wait_for_url("**/portal")
    someone.goes_to("/portal/cards")
    someone.presses("Add a card")
    expect(someone.page.locator("[data-card-field]")).to_have_attribute("aria-busy", "false")
    assert someone.axe() == []
    assert someone.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    fills_in_the_field(someone, NUMBERS["accepted"])
    someone.page.wait_for_url("**/portal/cards")
    someone.reads("Your card is on file.")
    someone.reads("Visa ···· 4242")


def test_only_the_page_of_the_card_loads_anything_of_stripes(manager, house):
    before = manager.page.goto(manager.page.url)
    assert "stripe.com" not in before.headers["content-security-policy"]
    branch = house.branch()["id"]
    entry = manager.page.goto(manager.page.url.replace("/memberships", f"/cards/entry?branch_id={branch}"))
    policy = dict(part.split(" ", 1) for part in entry.headers["content-security-policy"].split("; "))
    assert re.fullmatch(rf"'self' 'nonce-\S+' {SCRIPT}", policy["script-src"])
    assert (policy["frame-src"], policy["connect-src"]) == (f"{SCRIPT} https://hooks.stripe.com", f"'self' {API}")
    assert "unsafe" not in str(policy)
