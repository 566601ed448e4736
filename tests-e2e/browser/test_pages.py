"""Every page as a picture and for everybody: axe finds nothing, nothing sticks out, and a contact sheet is kept."""

import base64

import pytest
from playwright.sync_api import expect

from shared.testing.eventually import eventually

PAGES = ("sign-in", "clients", "nothing-found", "find", "new", "contact-details", "dislikes", "no-dislikes", "history",
         "status", "weight", "black-list", "dislike", "remove", "conflict", "errors", "branches", "employees", "employee",
         "services", "service", "roles", "role", "statuses", "referral-methods", "keys", "not-here")  # fmt: skip
SCREENS = {
    "1280": {"viewport": {"width": 1280, "height": 900}},
    "820": {"viewport": {"width": 820, "height": 1100}},
    # At 200 % zoom a screen of 1280 pixels has room for 640.
    "zoom200": {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
}


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("screen", SCREENS)
def test_every_page_is_usable_by_everybody_and_fits(house, person, pictures, screen, language):
    client = full_client(house)
    bare = house.new_client()
    someone = person(None, language, **SCREENS[screen])
    found = {}
    for name in PAGES:
        show(name, someone, house, client, bare)
        pictures(someone, f"{name}-{screen}-{language}")
        found[name] = someone.axe() + sticking_out(someone)
    assert "\n".join(f"{name}: {problem}" for name, problems in found.items() for problem in problems) == ""


def show(name, someone, house, client, bare):
    """Brings the page, or the part of one, onto the screen."""
    page = someone.page
    dialogs = {"status": 0, "weight": 1, "black-list": 2}
    if name == "sign-in":
        someone.goes_to("/sign-in")
    elif name == "clients":
        someone.signs_in("admin")
    elif name == "nothing-found":
        someone.goes_to("/clients?search=zzzzqqqq")
    elif name == "find":
        someone.goes_to("/clients")
        page.keyboard.press("/")
        page.keyboard.type("mar")
        expect(page.get_by_role("option").first).to_be_visible()
    elif name == "new":
        someone.goes_to("/clients/new")
    elif name in ("contact-details", "dislikes"):
        someone.opens(client, name)
    elif name == "no-dislikes":
        someone.opens(bare, "dislikes")
    elif name in dialogs:
        someone.opens(client)
        page.locator(".facts button").nth(dialogs[name]).click()
    elif name == "history":
        someone.opens(client)
        page.locator("[data-history]").click()
    elif name in ("dislike", "remove"):
        someone.opens(client, "dislikes")
        page.locator("#tab td .icon-button").first.click()
        page.locator(".dropdown-menu.show button").nth(int(name == "remove")).click()
    elif name in ("conflict", "errors"):
        provoke(name, someone, house)
    elif name in ("branches", "employees", "services", "roles", "statuses", "referral-methods"):
        someone.goes_to(f"/settings/{name}")
    elif name in ("employee", "service", "role"):
        someone.goes_to(f"/settings/{name}s")
        page.locator(".settings-head button").click()
    elif name == "keys":
        someone.goes_to("/clients")
        page.keyboard.press("?")
    elif name == "not-here":
        someone.goes_to("/clients/00000000-0000-7000-8000-000000000000")
    if name in (*dialogs, "history", "dislike", "remove", "employee", "service", "role", "keys"):
        expect(someone.dialog).to_be_visible()


def provoke(name, someone, house):
    client = house.new_client(phones=[{"number": "+34612999888", "primary": True}])
    someone.opens(client)
    page = someone.page
    if name == "conflict":
        house.api("reception").send("PATCH", f"clients/{client['id']}", {"last_name": "De Lucía", "language": "fr"})
        page.locator("#field-last_name").fill("De Elena")
    else:
        page.locator("#field-first_name").fill("")
        page.locator("#phones input[type=tel]").fill("12")
    someone.saves()
    expect(page.locator("#tab [role=alert]").first).to_be_visible()


def full_client(house):
    """A client with something in every place."""
    client = house.new_client(
        first_name="María",
        middle_name="del Carmen",
        last_name="López de la Fuente",
        birth_date="1988-05-17",
        gender="woman",
        language="es",
        phones=[{"number": "+34612345678", "primary": True}, {"number": "+34915550123", "type": "home"}],
        emails=[{"address": "maria.lopez@example.com", "primary": True}],
        address={"country_code": "ES", "lines": ["Calle de Serrano 12", "3º izda."], "locality": "Madrid",
                 "region": "Madrid", "postal_code": "28001"},
    )  # fmt: skip
    api, path = house.api(), f"clients/{client['id']}"
    statuses = {row["name"]: row["id"] for row in api.send("GET", "clients/statuses")["items"]}
    api.send("PUT", f"{path}/status", {"status_id": statuses["VIP"], "reason": "Viene cada semana"})
    api.send("PUT", f"{path}/booking-block", {"blocked": True, "reason": "Tres citas sin presentarse"})
    for value, taken_on in ((64.2, "2026-03-02"), (63.5, "2026-09-14")):
        api.send("POST", f"{path}/weights", {"value": value, "unit": "kg", "taken_on": taken_on})
    services = api.send("GET", "directory/services")["items"]
    for service, comment in ((services[2], "Alergia al amoníaco del tinte"), (services[7], "No le gustó la presión")):
        api.send("POST", f"{path}/dislikes", {"service_id": service["id"], "comment": comment})
    return client


def sticking_out(someone):
    """Whether one must scroll sideways to read the page."""
    wider = someone.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"the page is {wider} pixels too wide"] if wider > 0 else []


@pytest.fixture(scope="session")
def pictures(browser):
    """Keeps a picture of what somebody sees, and at the end puts all of them on one sheet."""
    from pathlib import Path

    folder = Path(__file__).parents[2] / "test-output"
    folder.mkdir(exist_ok=True)
    taken = []

    def take(someone, name):
        path = folder / f"{name}.png"
        path.write_bytes(someone.page.screenshot())
        taken.append(path)

    yield take
    cells = "".join(
        f"<figure><img src='data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}'>"
        f"<figcaption>{path.stem}</figcaption></figure>"
        for path in taken
    )
    style = "body{display:grid;gap:12px;grid-template-columns:repeat(5,480px);font:13px sans-serif}figure{margin:0}"
    page = browser.new_page(viewport={"width": 2460, "height": 1000})
    page.set_content(f"<style>{style}img{{width:480px;border:1px solid #aaa}}</style>{cells}")
    eventually(lambda: page.evaluate("[...document.images].every(image => image.complete)"))
    page.screenshot(path=folder / "contact-sheet.jpg", type="jpeg", quality=70, full_page=True)
    page.close()
