"""People in front of the console: each in a Chromium of their own, watched for what a browser complains about."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as NotInTime

from shared.testing.eventually import eventually

HERE = Path(__file__).parent
AXE = HERE.parents[1] / "services/web/assets/node_modules/axe-core/axe.min.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
EXPECTED = re.compile(r"status of (400|401|403|404|409|412|422|503)")
"""What the console answers on purpose; the browser logs it as an error all the same."""


class Person:
    """Somebody at the console, who does what people do: reads labels, presses what they see."""

    def __init__(self, page: Page, address: str, language: str) -> None:
        self.page = page
        self.address = address
        self.language = language
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning") and not EXPECTED.search(message.text):
            self.complaints.append(message.text)

    def goes_to(self, path: str) -> "Person":
        self.page.goto(self.address + path)
        return self

    def signs_in(self, username: str, password: str = "foyer-demo") -> "Person":
        self.goes_to("/sign-in")
        self.page.locator("#field-username").fill(username)
        self.page.locator("#field-password").fill(password)
        self.page.keyboard.press("Enter")
        try:
            self.page.wait_for_url("**/clients")
        except NotInTime as error:
            raise AssertionError(f"not let in, at {self.page.url}: {self.page.inner_text('main')}") from error
        return self

    def asks_for_link(self, address: str) -> str:
        """The newest link into the portal that the demo shows for it, once the directory has heard of the client."""

        def asked() -> str | None:
            self.goes_to("/portal/sign-in")
            self.page.locator("#field-contact").fill(address)
            self.page.keyboard.press("Enter")
            self.page.wait_for_url("**/portal/look")
            self.goes_to("/demo/links")
            found = self.page.locator("tr", has_text=address).get_by_role("link")
            return found.first.get_attribute("href") if found.count() else None

        return str(eventually(asked, within=39, every=10))  # five tries: a sixth would have to wait

    def opens(self, client: dict[str, Any], tab: str = "contact-details") -> "Person":
        self.goes_to(f"/clients/{client['id']}/{tab}")
        expect(self.page.locator("#tab .waiting")).to_have_count(0)
        return self

    def presses(self, name: str, within: Locator | None = None) -> None:
        """The button or link of that name, once the page's scripts are there to hear it."""
        self.page.wait_for_load_state()
        place = within or self.page.locator("dialog[open]").or_(self.page.locator("body")).last
        place.get_by_role("button", name=name, exact=True).or_(
            place.get_by_role("link", name=name, exact=True)
        ).first.click()

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True).and_(self.page.locator("input, select, textarea"))

    def saves(self) -> None:
        self.page.keyboard.press("Control+s")

    def reads(self, text: str) -> None:
        """The text is on the page, or will be in a moment."""
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()

    @property
    def dialog(self) -> Locator:
        return self.page.locator("dialog[open]")

    def axe(self) -> list[str]:
        """What keeps people with a disability from using what is shown now."""
        self.page.evaluate(AXE.read_text())
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        # The frames are of others, such as an e-mail; they are sandboxed, and no script of ours can look into them.
        found = self.page.evaluate("tags => axe.run(document, {runOnly: tags, iframes: false})", tags)
        return [
            f"{violation['id']}: {violation['help']} at {[node['target'] for node in violation['nodes']]}"
            f" {violation['nodes'][0]['failureSummary']}"
            for violation in found["violations"]
        ]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = os.environ.get("FOYER_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        if browser.is_connected():
            browser.close()


HELD: list[Any] = []
"""The houses and the browser that this worker has in use."""


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Both end with the last test that needs them: idle, they take a third of a processor from all others."""
    if nextitem is None or HERE not in nextitem.path.parents:
        while HELD:
            house, browser = HELD.pop()
            if browser.is_connected():
                browser.close()
            house.stop()


@pytest.fixture
def person(house: Any, browser: Browser) -> Iterator[Callable[..., Person]]:
    """A function that seats somebody at a screen of their own. After the test nothing may have been complained of."""
    people: list[Person] = []
    if all(house is not held for held, _ in HELD):
        HELD.append((house, browser))

    def sit_down(username: str | None = "reception", language: str = "en", **screen: Any) -> Person:
        locale = {"en": "en-US", "es": "es-ES"}[language]
        options: dict[str, Any] = {
            "viewport": {"width": 1280, "height": 900},
            "locale": locale,
            "reduced_motion": "reduce",
            **screen,
        }
        context = browser.new_context(**options, extra_http_headers={"Accept-Language": language})
        context.set_default_timeout(15_000)
        one = Person(context.new_page(), house.address, language)
        people.append(one)
        return one.signs_in(username) if username else one

    expect.set_options(timeout=15_000)
    yield sit_down
    for one in people:
        one.page.context.close()
    assert [complaint for one in people for complaint in one.complaints] == []
