"""P4 to P12, as a person at reception does them."""

from playwright.sync_api import expect


def test_names_birth_gender_branch_and_language_are_saved_with_one_save(house, person):
    client = house.new_client()
    someone = person().opens(client)
    someone.field("Middle name").fill("de la Cruz")
    someone.field("Last name").fill("Ñáñez Ōta")
    someone.field("Date of birth").fill("1990-05-17")
    someone.field("Gender").select_option("Non-binary")
    someone.field("In their own words").fill("genderfluid")
    someone.field("Preferred branch").select_option("Gràcia")
    someone.field("Language preference").select_option("Catalan")
    someone.reads("Unsaved changes")
    someone.saves()
    someone.reads("Saved.")
    expect(someone.page.get_by_role("heading", level=1)).to_have_text("Prueba de la Cruz Ñáñez Ōta")
    saved = house.api().send("GET", f"clients/{client['id']}")
    assert (saved["birth_date"], saved["gender"], saved["gender_description"]) == (
        "1990-05-17", "non_binary", "genderfluid",
    )  # fmt: skip
    assert (saved["language"], saved["preferred_branch_id"]) == ("ca", house.branch("Gràcia")["id"])


def test_phones_are_added_removed_and_one_is_primary(house, person):
    client = house.new_client(phones=[{"number": "+34612000111", "type": "mobile", "primary": True}])
    someone = person().opens(client)
    someone.presses("Add a phone")
    rows = someone.page.locator("#phones [data-row]")
    rows.last.get_by_role("textbox").fill("915 550 123")
    rows.last.get_by_label("Type").select_option("Work")
    rows.last.get_by_label("Primary").check()
    someone.saves()
    someone.reads("Saved.")
    expect(rows.last.get_by_role("textbox")).to_have_value("+34 915 55 01 23")
    saved = house.api().send("GET", f"clients/{client['id']}")["phones"]
    assert saved == [
        {"number": "+34612000111", "type": "mobile", "primary": False},
        {"number": "+34915550123", "type": "work", "primary": True},
    ]
    rows.last.get_by_label("Remove this number").click()
    expect(rows.first.get_by_label("Primary")).to_be_checked()
    someone.presses("Save")
    expect(rows).to_have_count(1)
    expect(someone.page.locator(".save-bar [data-unsaved]")).to_have_text("")
    assert len(house.api().send("GET", f"clients/{client['id']}")["phones"]) == 1


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(house, person):
    client = house.new_client()
    someone = person().opens(client)
    someone.field("Last name").fill("Kept")
    someone.presses("Add a phone")
    someone.page.locator("#phones [data-row]").get_by_role("textbox").fill("12")
    someone.presses("Add an e-mail")
    someone.page.locator("#emails [data-row]").get_by_role("textbox").fill("nobody@")
    someone.saves()
    number = someone.page.locator("#phones [data-row]").get_by_role("textbox")
    expect(number).to_have_attribute("aria-invalid", "true")
    expect(number).to_be_focused()
    expect(number).to_have_value("12")
    expect(someone.field("Last name")).to_have_value("Kept")
    expect(someone.page.locator("#emails .error")).to_contain_text("not an e-mail address")
    number.fill("+1 305 555 0123")
    someone.page.locator("#emails [data-row]").get_by_role("textbox").fill("somebody@example.com")
    someone.saves()
    someone.reads("Saved.")


def test_an_address_asks_for_what_its_country_needs(house, person):
    client = house.new_client()
    someone = person().opens(client)
    someone.field("Country").select_option("United States")
    expect(someone.field("State")).to_be_visible()
    someone.field("Street and number").fill("901 S Miami Ave")
    someone.field("ZIP code").fill("33130")
    someone.field("Town").fill("Miami")
    someone.field("State").select_option("Florida")
    someone.saves()
    someone.reads("Saved.")
    assert house.api().send("GET", f"clients/{client['id']}")["address"]["country_code"] == "US"


def test_a_friend_as_referral_method_asks_which_client(house, person):
    friend = house.new_client(first_name="Amparo", last_name="Remitente Única")
    client = house.new_client()
    someone = person().opens(client)
    expect(someone.field("Referred by")).to_be_hidden()
    someone.field("Referral method").select_option("A friend")
    someone.field("Referred by").press_sequentially("amparo remit")
    someone.page.get_by_role("option", name="Amparo Remitente Única").click()
    someone.saves()
    someone.reads("Saved.")
    expect(someone.field("Referred by")).to_have_value("Amparo Remitente Única")
    assert house.api().send("GET", f"clients/{client['id']}")["referred_by_client_id"] == friend["id"]


def test_who_leaves_with_unsaved_changes_is_asked_first(house, person):
    someone = person().opens(house.new_client())
    someone.field("Middle name").fill("Typed")
    someone.page.get_by_role("link", name="Dislike services").click()
    expect(someone.dialog).to_contain_text("There are unsaved changes")
    someone.presses("Stay here")
    expect(someone.field("Middle name")).to_have_value("Typed")
    someone.page.get_by_role("link", name="Dislike services").click()
    someone.presses("Go on without saving")
    someone.reads("No service is unwanted")


def test_a_minor_is_marked(house, person):
    someone = person().opens(house.new_client(birth_date="2015-03-01"))
    expect(someone.page.locator("#banner")).to_contain_text("Minor")
