"""P13 to P17: a manager builds a form, reception hands it over, the client signs, and who may reads the answers."""

import pytest
import requests
from playwright.sync_api import Error, expect

from shared.testing.eventually import eventually

ASKED = [
    {"key": "pregnant", "type": "yes_no", "label": {"en": "Are you pregnant?", "es": "¿Embarazada?"}, "required": True},
    {
        "key": "weeks", "type": "number", "label": {"en": "Of how many weeks?"}, "required": True,
        "shown_if": {"question": "pregnant", "answer": "yes"},
    },
    {"key": "sign", "type": "signature", "label": {"en": "Signature"}, "required": True},
]  # fmt: skip


@pytest.fixture(scope="module")
def consent(house):
    return house.api().send("POST", "documents/forms", {"name": "Consent of the tests", "questions": ASKED})


def draws(page):
    """A line on the canvas of the signature."""
    canvas = page.locator(".signature canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(box["x"] + 30 + step * 20, box["y"] + 60 + (step % 2) * 40)
    page.mouse.up()


def test_a_manager_builds_a_form_with_a_condition_and_a_rule(house, person):
    someone = person("manager").goes_to("/settings/forms/new")
    page = someone.page
    someone.field("Name in Spanish").fill("Antes del peeling")
    someone.presses("Add a question")
    first = page.locator(".build").nth(0)
    first.get_by_label("Kind").select_option("yes_no")
    first.locator("[data-label]").first.fill("¿Usa retinol?")
    someone.presses("Add a question")
    second = page.locator(".build").nth(1)
    second.locator("[data-label]").first.fill("¿Cuál?")
    second.locator("summary").click()
    second.get_by_label("Shown only if").select_option(label="¿Usa retinol?")
    second.get_by_label("is answered with").select_option("yes")
    assert someone.axe() == []
    someone.presses("See it as the client does")
    expect(someone.dialog.get_by_text("¿Cuál?")).to_be_hidden()
    someone.dialog.get_by_label("Yes").check()
    expect(someone.dialog.get_by_text("¿Cuál?")).to_be_visible()
    someone.presses("Close", within=someone.dialog)
    someone.presses("Save")
    page.wait_for_url("**/settings/forms/*-*")
    someone.presses("Add a rule")
    someone.field("Assign it on").select_option("booked_service")
    someone.dialog.get_by_label("Only with the client's first visit").check()
    someone.field("Branch").select_option(label="Salamanca")
    someone.presses("Add", within=someone.dialog)
    expect(page.locator("main")).to_contain_text("first visit only")


def test_a_client_signs_on_a_screen_from_which_nothing_else_is_reached(house, person, consent):
    client = house.new_client()
    someone = person("reception").opens(client, "files")
    someone.presses("Assign forms")
    someone.dialog.get_by_label("Find a form").fill("of the te")
    someone.dialog.get_by_label("Consent of the tests").check()
    someone.presses("Assign", within=someone.dialog)
    page = someone.page
    row = page.locator("#tab tr", has_text="Consent of the tests")
    row.get_by_role("button").click()
    somebody_elses = {"name": "foyer_portal", "value": "x", "domain": "127.0.0.1", "path": "/portal"}
    page.context.add_cookies([somebody_elses])
    page.locator(".dropdown-menu.show").get_by_role("button", name="Hand over on this screen").click()
    page.wait_for_url("**/tablet")
    assert "foyer_portal" not in [each["name"] for each in page.context.cookies(f"{house.address}/portal")]
    someone.goes_to("/clients")
    assert page.url.endswith("/tablet")
    assert someone.axe() == []

    someone.presses("Send the form")
    expect(page.locator("[data-question=pregnant] .error")).to_contain_text("Please answer this.")
    page.get_by_label("Yes").check()
    page.get_by_label("Of how many weeks?").fill("12")
    expect(page.locator("[data-state]")).to_contain_text("Saved so far")
    page.reload()
    expect(page.get_by_label("Of how many weeks?")).to_have_value("12")
    draws(page)
    someone.presses("Send the form")
    page.wait_for_url("**/tablet/done")
    page.locator("summary").click()
    someone.field("Your password").fill("not it")
    someone.presses("Go on")
    expect(page.get_by_role("alert")).to_be_visible()
    someone.field("Your password").fill("foyer-demo")
    someone.presses("Go on")
    page.wait_for_url(f"**/clients/{client['id']}/files")
    expect(row).to_contain_text("Completed")

    def printed():
        page.reload()
        row.get_by_role("button").click()
        return page.get_by_role("link", name="Open the PDF").get_attribute("href", timeout=1500)

    link = eventually(lambda: attempt(printed), within=30)
    cookies = {each["name"]: each["value"] for each in page.context.cookies()}
    paper = requests.get(f"{house.address}{link}", cookies=cookies, timeout=30)
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
    page.reload()
    row.get_by_role("button").click()
    page.locator(".dropdown-menu.show").get_by_role("button", name="Read the answers").click()
    expect(someone.dialog).to_contain_text("12")
    assert someone.axe() == []
    page.keyboard.press("Escape")
    row.get_by_role("button").click()
    page.locator(".dropdown-menu.show").get_by_role("button", name="Who read it").click()
    expect(someone.dialog).to_contain_text("Lucía Ortega")


def test_a_client_who_cannot_draw_signs_with_the_keyboard(house, person, consent):
    client = house.new_client()
    api = house.api()
    given = {"client_id": client["id"], "form_ids": [consent["id"]]}
    (assigned,) = api.send("POST", "documents/form-assignments", given)["items"]
    someone = person("reception").opens(client, "files")
    page = someone.page
    page.locator("#tab tr", has_text="Consent of the tests").get_by_role("button").click()
    page.locator(".dropdown-menu.show").get_by_role("button", name="Hand over on this screen").click()
    page.wait_for_url("**/tablet")
    page.get_by_label("No", exact=True).check()
    written = page.get_by_label("Or write your name")
    written.focus()
    page.keyboard.type("María Lópex")
    page.keyboard.press("Backspace")
    page.keyboard.type("z")
    assert someone.axe() == []
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tablet/done")
    answers = api.send("GET", f"documents/form-assignments/{assigned['id']}/answers")["answers"]
    assert answers["sign"].startswith("data:image/png;base64,")
    assert len(answers["sign"]) > 4000, "there is a name on it"


def attempt(check):
    try:
        return check()
    except Error as error:  # the menu is there, the link not yet
        raise AssertionError(str(error)) from error


def test_a_form_is_taken_back_only_before_it_is_completed(house, person, consent):
    client = house.new_client()
    house.api().send("POST", "documents/form-assignments", {"client_id": client["id"], "form_ids": [consent["id"]]})
    someone = person("reception").opens(client, "files")
    row = someone.page.locator("#tab tr", has_text="Consent of the tests")
    row.get_by_role("button").click()
    someone.page.locator(".dropdown-menu.show").get_by_role("button", name="Take back").click()
    someone.presses("Take back", within=someone.dialog)
    expect(row).to_have_count(0)
