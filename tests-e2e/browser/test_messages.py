"""P33 to P36b at the desk: what a client was told, a message by hand, the chain's own words, and the outbox."""

import pytest
from playwright.sync_api import expect

from shared.testing.eventually import eventually


@pytest.mark.parametrize("language", ["es", pytest.param("en", marks=pytest.mark.soak)])
def test_a_message_is_written_is_seen_to_go_and_shows_in_the_outbox(house, person, language):
    words = {
        "es": ("Escribir mensaje", "Enviar", "Mensaje a mano", "Entregado"),
        "en": ("Write message", "Send", "Message by hand", "Delivered"),
    }
    write, send, by_hand, delivered = words[language]
    client = house.new_client(phones=[{"number": "+34612345678", "type": "mobile", "primary": True}])
    eventually(lambda: is_known(house, client), within=30)
    someone = person("manager", language=language).opens(client, "preferences")
    someone.presses(write)
    someone.dialog.locator("textarea").fill("Tu crema ha llegado.")
    someone.presses(send, within=someone.dialog)
    table = someone.page.locator("#tab section:nth-of-type(2) table")
    expect(table).to_contain_text(by_hand)

    def has_gone():
        someone.page.reload()
        expect(table).to_contain_text(delivered, timeout=1000)

    eventually(has_gone, within=20)
    table.get_by_role("button", name=by_hand).click()
    expect(someone.dialog).to_contain_text("Tu crema ha llegado.")
    assert someone.axe() == []
    someone.goes_to(f"/settings/outbox?client_id={client['id']}")
    someone.reads("Tu crema ha llegado.")
    assert someone.axe() == []


def test_a_text_of_the_chain_s_own_is_seen_while_it_is_written_and_a_broken_one_is_refused(house, person):
    someone = person("manager").goes_to("/settings/texts/receipt/email/es")
    preview = someone.page.frame_locator("iframe[name=preview]")
    expect(preview.get_by_role("heading", name="Hemos recibido tu pago")).to_be_visible()
    someone.field("Text").fill("<h1>Gracias, {{ first_name }}</h1><p>{{ amount }}</p>")
    expect(preview.get_by_role("heading", name="Gracias, María José")).to_be_visible()
    assert someone.axe() == []
    someone.field("Text").fill("{{ nothing }}")
    expect(preview.get_by_role("alert")).to_contain_text("nothing")
    someone.presses("Save")
    expect(someone.page.locator("#error-body")).to_contain_text("nothing")
    someone.field("Text").fill("<p>Gracias: {{ amount }}</p>")
    someone.presses("Save")
    someone.reads("Saved. It holds from the next message on.")
    someone.presses("Back to the text that came")
    someone.reads("as it came")


def is_known(house, client):
    """Whether notifications has heard of the client: the house's first minute is a busy one."""
    try:
        return house.api().send("GET", f"notifications/messages?client_id={client['id']}") is not None
    except AssertionError:
        return False
