"""What a person sees while a part of the house is down, and that nothing typed is lost."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from services.web.app import create_app
from shared.config import load, load_web
from shared.ports import free_port


class Console:
    """A console of the test's own before the house's services, which can be cut off from each of them."""

    def __init__(self, house: Any) -> None:
        settings = {"FOYER_BASE_URL": house.address, "FOYER_SECRETS": str(house.home / "secrets")}
        web = load_web(settings)
        self._addresses: dict[str, str] = web.services  # type: ignore[assignment]
        self._there = dict(web.services)
        self.server = make_server("127.0.0.1", 0, create_app(load("web", settings), web), threaded=True)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def cut_off(self, service: str) -> None:
        self._addresses[service] = f"http://127.0.0.1:{free_port()}"

    def join(self, service: str) -> None:
        self._addresses[service] = self._there[service]


@pytest.fixture
def console(house: Any) -> Iterator[Console]:
    console = Console(house)
    Thread(target=console.server.serve_forever, daemon=True).start()
    yield console
    console.server.shutdown()


@pytest.fixture
def someone(console, person):
    one = person(None)
    one.address = console.address
    return one.signs_in("reception")


def test_a_save_while_the_service_is_down_keeps_the_form_and_works_afterwards(house, console, someone):
    client = house.new_client()
    someone.opens(client)
    someone.field("Middle name").fill("Kept")
    console.cut_off("clients")
    someone.saves()
    someone.reads("What you typed is still here")
    expect(someone.field("Middle name")).to_have_value("Kept")
    console.join("clients")
    someone.saves()
    someone.reads("Saved.")
    assert house.api().send("GET", f"clients/{client['id']}")["middle_name"] == "Kept"


def test_without_the_directory_the_profile_works_and_only_its_part_says_so(house, console, someone):
    client = house.new_client()
    console.cut_off("directory")
    someone.opens(client)
    expect(someone.field("First name")).to_have_value(client["first_name"])
    someone.page.get_by_role("link", name="Dislike services").click()
    someone.presses("Add service")
    expect(someone.dialog).to_contain_text("does not answer at the moment")
    console.join("directory")
    someone.presses("Try again", within=someone.dialog)
    expect(someone.dialog.get_by_label("Service")).to_be_visible()


def test_a_page_that_cannot_be_shown_says_which_part_is_away_and_offers_to_try_again(console, someone):
    console.cut_off("clients")
    someone.goes_to("/clients")
    someone.reads("The client profiles do not answer at the moment.")
    console.join("clients")
    someone.presses("Try again")
    expect(someone.page.get_by_role("heading", level=1)).to_have_text("Clients")


def test_a_dialog_whose_service_is_away_keeps_what_was_typed(house, console, someone):
    someone.opens(house.new_client())
    someone.page.locator("#banner").get_by_role("button", name="Status").click()
    someone.dialog.get_by_label("VIP").check()
    someone.dialog.get_by_label("Why").fill("Kept reason")
    console.cut_off("clients")
    someone.presses("Save")
    expect(someone.page.locator("#toasts")).to_contain_text("do not answer")
    expect(someone.dialog.get_by_label("Why")).to_have_value("Kept reason")
    console.join("clients")
    someone.presses("Save")
    expect(someone.page.locator("#banner")).to_contain_text("VIP")


def test_when_the_console_itself_is_gone_the_page_stays_and_says_so(house, console, someone):
    someone.opens(house.new_client())
    someone.field("Middle name").fill("Kept")
    someone.page.route("**/contact-details", lambda route: route.abort())
    someone.saves()
    someone.reads("Foyer cannot be reached")
    expect(someone.field("Middle name")).to_have_value("Kept")
    someone.page.unroute("**/contact-details")
    someone.saves()
    someone.reads("Saved.")
    someone.complaints.clear()  # the browser says that the request failed, as it should
