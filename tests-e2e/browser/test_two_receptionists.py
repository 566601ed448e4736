"""P12: two people edit the same client, each in a browser of their own."""

from playwright.sync_api import expect


def test_the_second_one_sees_whose_change_it_is_and_decides_field_by_field(house, person):
    client = house.new_client(middle_name="Antes")
    lucia, elena = person("reception").opens(client), person("admin").opens(client)
    lucia.field("Middle name").fill("De Lucía")
    lucia.field("Last name").fill("De Lucía también")
    lucia.field("Language preference").select_option("French")
    lucia.saves()
    lucia.reads("Saved.")

    elena.field("First name").fill("De Elena")
    elena.field("Middle name").fill("De Elena")
    elena.field("Last name").fill("De Elena también")
    elena.saves()
    elena.reads("Lucía Ortega saved this client while you were editing.")
    elena.reads("Taken over from them: Language preference.")
    expect(elena.field("First name")).to_have_value("De Elena")
    expect(elena.field("Middle name")).to_have_value("De Elena")
    middle, last = (
        elena.page.get_by_role("group", name="Middle name"),
        elena.page.get_by_role("group", name="Last name"),
    )
    expect(middle).to_contain_text("Lucía Ortega changed")
    expect(middle).to_contain_text("De Lucía")
    middle.get_by_label("Take theirs").check()
    last.get_by_label("Keep mine").check()
    elena.saves()
    elena.reads("Saved.")

    saved = house.api().send("GET", f"clients/{client['id']}")
    assert saved["first_name"] == "De Elena"
    assert saved["middle_name"] == "De Lucía"
    assert saved["last_name"] == "De Elena también"
    assert saved["language"] == "fr"


def test_changes_that_do_not_collide_are_kept_by_saving_once_more(house, person):
    client = house.new_client()
    lucia, elena = person("reception").opens(client), person("admin").opens(client)
    lucia.field("Middle name").fill("Una")
    lucia.saves()
    lucia.reads("Saved.")
    elena.field("Date of birth").fill("1980-01-02")
    elena.saves()
    elena.reads("does not collide")
    expect(elena.field("Middle name")).to_have_value("Una")
    elena.saves()
    elena.reads("Saved.")
    saved = house.api().send("GET", f"clients/{client['id']}")
    assert (saved["middle_name"], saved["birth_date"]) == ("Una", "1980-01-02")


def test_phones_that_both_changed_are_shown_side_by_side(house, person):
    client = house.new_client(phones=[{"number": "+34612000222", "primary": True}])
    lucia, elena = person("reception").opens(client), person("admin").opens(client)
    for someone, number in ((lucia, "+34 612 00 03 33"), (elena, "+34 612 00 04 44")):
        someone.page.locator("#phones [data-row]").first.get_by_role("textbox").fill(number)
        someone.saves()
    phones = elena.page.get_by_role("group", name="Phones").last
    expect(phones).to_contain_text("+34 612 00 03 33")
    expect(elena.page.locator("#phones [data-row]").first.get_by_role("textbox")).to_have_value("+34 612 00 04 44")
