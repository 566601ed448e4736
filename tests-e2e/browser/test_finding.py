"""P48: finding a client in two seconds, without a mouse."""

import re

from playwright.sync_api import expect


def test_slash_some_letters_and_enter_open_a_client_although_one_letter_is_wrong(house, person):
    house.new_client(first_name="Wilhelmina", last_name="Oyarzábal Quintanilla")
    someone = person()
    someone.page.keyboard.press("/")
    someone.page.keyboard.type("oyarsabal quintan")
    expect(someone.page.get_by_role("option").first).to_contain_text("Oyarzábal")
    someone.page.keyboard.press("Enter")
    expect(someone.page.get_by_role("heading", level=1)).to_have_text("Wilhelmina Oyarzábal Quintanilla")


def test_a_part_of_a_phone_and_an_e_mail_find_too(house, person):
    client = house.new_client(
        phones=[{"number": "+34699887766", "primary": True}],
        emails=[{"address": "x.unica@example.org", "primary": True}],
    )
    someone = person()
    for typed in ("887766", "x.unica@"):
        someone.page.keyboard.press("/")
        someone.field("Find a client by name, phone or e-mail").fill(typed)
        expect(someone.page.get_by_role("option").first).to_contain_text(client["last_name"])
        someone.page.keyboard.press("Escape")
        someone.page.locator("main").focus()


def test_arrow_keys_choose_and_the_clients_opened_last_are_under_the_empty_box(house, person):
    first, second = house.new_client(last_name="Zubizarreta Uno"), house.new_client(last_name="Zubizarreta Dos")
    someone = person().opens(first).opens(second)
    someone.page.keyboard.press("/")
    expect(someone.page.locator("#found")).to_contain_text("Opened last")
    options = someone.page.get_by_role("option")
    expect(options.first).to_contain_text("Zubizarreta Dos")
    someone.page.keyboard.press("ArrowDown")
    someone.page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    someone.page.keyboard.press("Enter")
    expect(someone.page.get_by_role("heading", level=1)).to_contain_text("Zubizarreta Uno")


def test_the_list_filters_by_branch_and_status_and_shows_more(house, person):
    someone = person().goes_to("/clients")
    rows = someone.page.locator("tr[data-opens]")
    expect(rows).to_have_count(25)
    someone.presses("Show more")
    expect(rows).to_have_count(50)
    someone.field("Preferred branch").select_option("Brickell")
    expect(someone.page).to_have_url(re.compile("branch_id="))
    expect(rows.first).to_contain_text("Brickell")
    someone.field("Name, phone or e-mail").fill("zzzzqqq")
    someone.reads("No client found")


def test_a_new_client_who_is_known_already_is_added_only_after_a_warning(house, person):
    known = house.new_client(phones=[{"number": "+34655443322", "primary": True}])
    someone = person()
    someone.page.keyboard.press("n")
    someone.field("First name").fill("Nueva")
    someone.field("Phone").fill("655 44 33 22")
    someone.saves()
    someone.reads("Somebody with this phone or e-mail is a client already")
    expect(someone.page.get_by_role("link", name=f"Prueba {known['last_name']}")).to_be_visible()
    expect(someone.field("First name")).to_have_value("Nueva")
    someone.presses("It is another person: add them")
    expect(someone.page.get_by_role("heading", level=1)).to_have_text("Nueva")
    someone.reads("The client was added.")


def test_the_list_sorts_by_its_headings_with_the_keyboard_and_keeps_the_order_while_it_is_filtered(house, person):
    first = house.new_client(first_name="Aaaa", last_name="La Primera")
    house.new_client(first_name="Ääaa", last_name="La Segunda")
    someone = person().goes_to("/clients")
    rows, sorted_by = someone.page.locator("tr[data-opens]"), someone.page.locator("th[aria-sort]")
    expect(sorted_by).to_contain_text("Registered")
    expect(sorted_by).to_have_attribute("aria-sort", "descending")
    expect(rows.first).to_contain_text("La Segunda")

    someone.page.get_by_role("link", name="Name", exact=True).focus()
    someone.page.keyboard.press("Enter")
    expect(sorted_by).to_contain_text("Name")
    expect(sorted_by).to_have_attribute("aria-sort", "ascending")
    expect(rows.first).to_contain_text("La Primera")
    expect(rows.nth(1)).to_contain_text("La Segunda")
    someone.field("Preferred branch").select_option("Salamanca")
    expect(someone.page).to_have_url(re.compile("branch_id=.+"))
    expect(someone.page).to_have_url(re.compile("sort=name"))
    expect(someone.page.locator("#clients")).not_to_contain_text("Brickell")
    expect(rows.first).to_contain_text("La Primera")
    someone.presses("Show more")
    expect(rows).to_have_count(50)

    house.api().send("PATCH", f"clients/{first['id']}", {"language": "ca"})
    someone.page.get_by_role("link", name="Last change", exact=True).click()
    expect(sorted_by).to_contain_text("Last change")
    expect(rows.first).to_contain_text("La Primera")
    # Who searches wants the best match.
    someone.field("Name, phone or e-mail").fill("segunda aaaa")
    expect(rows.first).to_contain_text("La Segunda")
    expect(sorted_by).to_have_count(0)


def test_where_there_is_no_room_for_headings_a_picker_sorts(house, person):
    house.new_client(first_name="Aaaa", last_name="Pequeña")
    someone = person(viewport={"width": 640, "height": 450}).goes_to("/clients")
    someone.field("Order").select_option("By name, A to Z")
    expect(someone.page.locator("tr[data-opens]").first).to_contain_text("Aaaa")
    expect(someone.field("Order")).to_have_value("name")
