"""P33 to P36b: how a client wants to be spoken to, at the desk, by a link, and what it does to messages."""

import re

from playwright.sync_api import expect

from shared.testing.eventually import eventually

PHONE = {"number": "+34612340077", "type": "mobile", "primary": True}


def known(house, **values):
    """A new client of whom notifications has heard."""
    client = house.new_client(phones=[PHONE], **values)
    path = f"notifications/preferences/{client['id']}"

    def heard():
        try:
            return len(house.api().send("GET", path)["points"]) > 1
        except AssertionError:
            return False

    eventually(heard, within=30)
    return client


def test_what_is_switched_off_is_not_sent_and_says_who_did_it(house, person):
    client = known(house, emails=[{"address": "una@example.com", "primary": True}])
    someone = person("manager").opens(client, "preferences")
    switches = someone.page.locator("#preferences")
    expect(switches).to_contain_text("una@example.com")
    switches.get_by_role("switch", name="Appointments by SMS").click()
    expect(switches).to_contain_text("Javier Robles")
    expect(switches.get_by_role("switch", name="Appointments by SMS")).not_to_be_checked()

    switches.get_by_role("button", name="Ask for consent: Marketing by E-mail").click()
    expect(someone.dialog).to_contain_text("una@example.com")
    assert someone.axe() == []
    someone.presses("The client agrees", within=someone.dialog)
    expect(switches.get_by_role("switch", name="Marketing by E-mail")).to_be_checked()
    someone.presses("Who changed what")
    expect(someone.dialog).to_contain_text("In person, here")
    expect(someone.dialog).to_contain_text("Javier Robles")
    someone.page.keyboard.press("Escape")

    someone.presses("Write message")
    someone.field("About").select_option("appointment")
    someone.dialog.locator("textarea").fill("Hasta mañana.")
    someone.presses("Send", within=someone.dialog)

    def is_refused():
        someone.page.reload()
        refusal = someone.page.locator("#tab section:nth-of-type(2)")
        expect(refusal).to_contain_text("The client has switched this off.", timeout=1500)

    eventually(is_refused, within=30)


def test_the_link_of_a_message_stops_its_kind_and_staff_see_from_where(house, person):
    client = known(house, emails=[{"address": "otra@example.com", "primary": True}], language="es")
    message = {"client_id": client["id"], "channel": "email", "kind": "service", "title": "Hola", "text": "Ya está."}
    sent = house.api().once("POST", "notifications/messages", message)

    def link():
        html = house.api().send("GET", f"notifications/messages/{sent['id']}")["html"] or ""
        return (re.search(r"/portal/u/[\w-]+", html) or [""])[0]

    someone = person(None, "en").goes_to(eventually(link, within=30))
    someone.reads("¿No quieres más mensajes?")  # the client's language
    assert someone.axe() == []
    someone.presses("Dejar de recibir «Servicios»")
    someone.reads("No recibirás más mensajes del tipo «Servicios»")
    staff = person("manager").opens(client, "preferences")
    switches = staff.page.locator("#preferences")
    expect(switches.get_by_role("switch", name="Services by E-mail")).not_to_be_checked()
    staff.presses("Who changed what")
    expect(staff.dialog).to_contain_text("with the link in a message")
    someone.goes_to("/portal/u/abcdef")
    someone.reads("This link does not work")


def test_a_day_that_ends_before_it_begins_is_refused_and_one_address_is_kept_off(house, person):
    someone = person("admin").goes_to("/settings/message-rules")
    someone.field("The day begins at").fill("22:00")
    someone.presses("Save")
    expect(someone.page.locator("#rules")).to_contain_text("The day must begin before it ends.")
    someone.goes_to("/settings/suppressions")
    someone.presses("Keep one off")
    someone.field("Address or number").fill("nadie@example.com")
    someone.presses("Keep off", within=someone.dialog)
    table = someone.page.locator("#table")
    expect(table).to_contain_text("kept off by us")
    table.get_by_role("button", name="Let in again").first.click()
    someone.dialog.get_by_label("Why").fill("Asked at the desk")
    someone.presses("Let in again", within=someone.dialog)
    expect(table).to_contain_text("Addresses that do not exist")
