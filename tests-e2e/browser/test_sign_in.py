"""P40: signing in and out, and what a session that ends does to what was typed."""

from playwright.sync_api import expect


def test_a_wrong_password_says_so_in_place_and_keeps_the_name(house, person):
    someone = person(None).goes_to("/sign-in")
    someone.field("Name").fill("reception")
    someone.field("Password").fill("wrong")
    someone.page.keyboard.press("Enter")
    expect(someone.page.get_by_role("alert")).to_be_visible()
    expect(someone.field("Name")).to_have_value("reception")


def test_who_was_on_the_way_to_a_page_arrives_there(house, person):
    client = house.new_client()
    someone = person(None).goes_to(f"/clients/{client['id']}")
    someone.field("Name").fill("reception")
    someone.field("Password").fill("foyer-demo")
    someone.page.keyboard.press("Enter")
    expect(someone.page.get_by_role("heading", level=1)).to_contain_text(client["last_name"])


def test_a_session_that_ended_is_renewed_in_place_and_the_save_goes_on(house, person):
    client = house.new_client()
    someone = person().opens(client)
    someone.field("Middle name").fill("Typed before")
    # On another page of the same browser they sign out: the session is over at the directory, the cookie is gone.
    other = someone.page.context.new_page()
    other.goto(f"{house.address}/clients")
    other.get_by_role("button", name="Lucía Ortega").click()
    other.get_by_role("button", name="Sign out", exact=True).click()
    other.wait_for_url("**/sign-in")
    someone.saves()
    expect(someone.dialog).to_contain_text("Please sign in again")
    someone.dialog.get_by_label("Name").fill("reception")
    someone.dialog.get_by_label("Password").fill("foyer-demo")
    someone.page.keyboard.press("Enter")
    someone.reads("Saved.")
    assert house.api().send("GET", f"clients/{client['id']}")["middle_name"] == "Typed before"


def test_the_language_is_the_browsers_until_the_switch_says_another(house, person):
    someone = person(language="es").goes_to("/clients")
    expect(someone.page.get_by_role("heading", level=1)).to_have_text("Clientes")
    someone.page.get_by_role("button", name="Lucía Ortega").click()
    someone.page.get_by_role("button", name="English").click()
    expect(someone.page.get_by_role("heading", level=1)).to_have_text("Clients")


def test_a_receptionist_sees_no_button_for_what_she_may_not_do(house, person):
    someone = person("reception").goes_to("/settings/employees")
    someone.reads("Lucía Ortega")
    expect(someone.page.get_by_role("button", name="Add employee")).to_have_count(0)
    expect(someone.page.locator("td .icon-button")).to_have_count(0)
