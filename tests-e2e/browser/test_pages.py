"""Every page as a picture and for everybody: axe finds nothing, nothing sticks out, and a contact sheet is kept."""

import base64
from pathlib import Path

import pytest
import requests
from playwright.sync_api import expect

from shared.testing.eventually import eventually

SETTINGS = ("branches", "employees", "services", "roles", "statuses", "tags", "referral-methods", "document-types")
SCREENS = {
    "1280": {"viewport": {"width": 1280, "height": 900}},
    "820": {"viewport": {"width": 820, "height": 1100}},
    # At 200 % zoom a screen of 1280 pixels has room for 640.
    "zoom200": {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
}


CONSENT = "00000000-0000-7000-8000-000000000d01"
AT_ONCE = {("zoom200", "es")}
"""The rest waits for `make soak`: what it would find is as a rule found on one of these."""
LOOKED_AT = [
    pytest.param(screen, language, marks=() if (screen, language) in AT_ONCE else pytest.mark.soak)
    for screen in SCREENS
    for language in ("es", "en")
]


@pytest.mark.parametrize(("screen", "language"), LOOKED_AT)
def test_every_page_is_usable_by_everybody_and_fits(house, person, pictures, screen, language):
    full, bare = full_client(house), house.new_client()
    someone = person(None, language, **SCREENS[screen])
    found = []
    for name, show in pages(someone, house, full, bare).items():
        show()
        pictures(someone, f"{name}-{screen}-{language}")
        # What axe finds does not hang on the language, but for what is not translated.
        problems = someone.axe() if language == "es" else []
        found += [f"{name}: {problem}" for problem in problems + sticking_out(someone)]
    assert "\n".join(found) == ""


def pages(someone, house, full, bare):
    """What brings each page, or part of one, onto the screen, in an order in which one can follow another."""
    page = someone.page

    def at(path):
        return lambda: someone.goes_to(path)

    def of(client, tab="contact-details"):
        return lambda: someone.opens(client, tab)

    def at_billing():
        someone.goes_to("/billing")
        expect(page.locator("[data-plot] canvas")).to_have_count(3)

    def dialog(show, selector, nth=0):
        def press():
            show()
            page.locator(selector).nth(nth).click()
            expect(someone.dialog.last).to_be_visible()

        return press

    settings = {name: at(f"/settings/{name}") for name in SETTINGS}
    adding = {f"add-{name}": dialog(show, ".settings-head button") for name, show in settings.items()}
    return {
        "sign-in": at("/sign-in"),
        "clients": lambda: someone.signs_in("admin"),
        "nothing-found": at("/clients?search=zzzzqqqq"),
        "find": lambda: find(someone),
        "new": at("/clients/new"),
        "contact-details": of(full),
        "gift-cards": of(full, "gift-cards"),
        "no-gift-cards": of(bare, "gift-cards"),
        "sell-gift-card": dialog(of(bare, "gift-cards"), "#tab .btn-primary"),
        "gift-card-code": dialog(of(bare, "gift-cards"), "#tab .btn-outline-secondary"),
        "gift-card-movements": lambda: of_first(someone, full, "gift-cards", 0),
        "redeem-gift-card": lambda: of_first(someone, full, "gift-cards", 1),
        "extend-gift-card": lambda: of_first(someone, full, "gift-cards", 2),
        "balance": dialog(of(full), ".facts .slot button"),
        "move-balance": dialog(dialog(of(full), ".facts .slot button"), "#panel .btn-outline-secondary"),
        "files": of(full, "files"),
        "no-files": of(bare, "files"),
        "add-document": dialog(of(bare, "files"), "#tab .btn-primary"),
        "preferences": of(full, "preferences"),
        "consent": dialog(of(full, "preferences"), "#switch-marketing-sms"),
        "rules-of-messages": at("/settings/message-rules"),
        "never-written-to": at("/settings/suppressions"),
        "keep-one-off": dialog(at("/settings/suppressions"), ".settings-head button"),
        "billing": at_billing,
        "plans": at("/settings/plans"),
        "plan": lambda: (at("/settings/plans")(), page.locator(".row-link").first.click()),
        "new-plan": at("/settings/plans/new"),
        "rules-of-billing": at("/settings/policies"),
        "memberships": of(full, "memberships"),
        "add-membership": dialog(of(full, "memberships"), "#tab .btn-primary"),
        "dislikes": of(full, "dislikes"),
        "no-dislikes": of(bare, "dislikes"),
        "history": dialog(of(full), "[data-history]"),
        "tags": dialog(of(full), "[data-tags]"),
        "status": dialog(of(full), ".facts button", 0),
        "weight": dialog(of(full), ".facts button", 1),
        "black-list": dialog(of(full), ".facts button", 2),
        "edit-dislike": lambda: of_first(someone, full, "dislikes", 0),
        "remove-dislike": lambda: of_first(someone, full, "dislikes", 1),
        "conflict": lambda: collide(someone, house),
        "settings-conflict": lambda: collide_in_settings(someone, house),
        "errors": lambda: err(someone, house),
        **settings,
        **adding,
        "password": at("/account/password"),
        "password-errors": lambda: err_password(someone),
        "keys": lambda: at("/clients")().page.keyboard.press("?"),
        "not-here": at("/clients/00000000-0000-7000-8000-000000000000"),
    }


def of_first(someone, client, tab, nth):
    """The nth act in the menu of a tab's first row."""
    someone.opens(client, tab)
    someone.page.locator("#tab td .icon-button").first.click()
    someone.page.locator(".dropdown-menu.show button").nth(nth).click()
    expect(someone.dialog).to_be_visible()


def find(someone):
    someone.goes_to("/clients").page.keyboard.press("/")
    someone.page.keyboard.type("mar")
    expect(someone.page.get_by_role("option").first).to_be_visible()


def collide(someone, house):
    client = house.new_client()
    someone.opens(client)
    house.api("reception").send("PATCH", f"clients/{client['id']}", {"last_name": "De Lucía", "language": "fr"})
    someone.page.locator("#field-last_name").fill("De Elena")
    someone.saves()
    expect(someone.page.locator("[data-conflict]")).to_be_visible()


def collide_in_settings(someone, house):
    api = house.api()
    found = api.send("GET", "directory/services?search=Manicura")["items"][0]
    someone.goes_to(f"/settings/services?search={found['name']}")
    someone.page.locator("#table td .icon-button").first.click()
    someone.page.locator(".dropdown-menu.show button").first.click()
    expect(someone.dialog).to_be_visible()
    theirs = {"duration_minutes": found["duration_minutes"] + 5, "category": f"{found['category']} y más"}
    api.send("PATCH", f"directory/services/{found['id']}", theirs)
    someone.page.locator("#field-duration_minutes").fill("95")
    someone.saves()
    expect(someone.page.locator("[data-conflict]")).to_be_visible()
    api.send("PATCH", f"directory/services/{found['id']}", {name: found[name] for name in theirs})


def err(someone, house):
    someone.opens(house.new_client(phones=[{"number": "+34612999888", "primary": True}]))
    someone.page.locator("#phones input[type=tel]").fill("12")
    someone.saves()
    expect(someone.page.locator("[aria-invalid=true]")).to_be_visible()


def err_password(someone):
    someone.goes_to("/account/password")
    for name, typed in (("current_password", "not mine"), ("password", "a long one"), ("again", "another one")):
        someone.page.locator(f"#field-{name}").fill(typed)
    someone.saves()
    expect(someone.page.locator("[aria-invalid=true]")).to_be_visible()


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
    tags = [row["id"] for row in api.send("GET", "clients/tags?active=true")["items"]]
    api.send("PUT", f"{path}/tags", {"tag_ids": tags})
    api.send("PUT", f"{path}/booking-block", {"blocked": True, "reason": "Tres citas sin presentarse"})
    for value, taken_on in ((64.2, "2026-03-02"), (63.5, "2026-09-14")):
        api.send("POST", f"{path}/weights", {"value": value, "unit": "kg", "taken_on": taken_on})
    services = api.send("GET", "directory/services")["items"]
    for service, comment in ((services[2], "Alergia al amoníaco del tinte"), (services[7], "No le gustó la presión")):
        api.send("POST", f"{path}/dislikes", {"service_id": service["id"], "comment": comment})
    branch_id = house.branch()["id"]
    sale = {"amount": 5000, "branch_id": branch_id, "buyer_id": client["id"], "tender": "cash", "reference": "T-1"}
    sold = api.once("POST", "memberships/gift-cards", sale)
    redeemed = {"amount": 1250, "reference": "T-2", "branch_id": branch_id}
    api.once("POST", f"memberships/gift-cards/{sold['id']}/redemptions", redeemed)
    moved = {
        "kind": "added",
        "amount": 2000,
        "currency": "EUR",
        "branch_id": branch_id,
        "description": "Por las molestias",
    }
    api.once("POST", f"memberships/balances/{client['id']}/movements", moved | {"branch_id": branch_id})
    announced = {"client_id": client["id"], "branch_id": branch_id, "type_id": CONSENT, "name": "Consentimiento.pdf"}
    content = b"%PDF-1.7 " + b"0" * 20_000
    upload = api.send("POST", "documents", announced | {"size": len(content), "visible_to_client": True})
    path = f"{house.address}/api/v1/documents/{upload['document']['id']}/content"
    assert requests.put(path, data=content, headers={"Upload-Ticket": upload["ticket"]}, timeout=30).ok
    return client


def sticking_out(someone):
    """Whether one must scroll sideways to read the page."""
    wider = someone.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"the page is {wider} pixels too wide"] if wider > 0 else []


@pytest.fixture(scope="module")
def pictures(browser):
    """Keeps a picture of what somebody sees, and at the end puts all of them on one sheet."""
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
