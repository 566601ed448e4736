"""P44 and P48: tags of the chain's list, put on clients and found by."""

from playwright.sync_api import expect


def test_a_new_tag_is_put_on_a_client_by_keyboard_seen_at_once_and_found_by(house, person):
    client = house.new_client(last_name="Etiquetada Primera")
    someone = person("admin").goes_to("/settings/tags")
    someone.presses("Add tag")
    someone.dialog.get_by_label("Name in English").fill("Guest of honour")
    someone.dialog.get_by_label("Name in Spanish").fill("Invitada de honor")
    someone.dialog.get_by_label("Purple").check()
    assert someone.axe() == []
    someone.presses("Save")
    expect(someone.page.locator("#table .tag-purple")).to_contain_text(["Guest of honour"])

    press = next(row["id"] for row in house.api().send("GET", "clients/tags")["items"] if row["name"] == "Press")
    house.api().send("PUT", f"clients/{client['id']}/tags", {"tag_ids": [press]})
    someone = person(language="es").opens(client)
    banner, keyboard = someone.page.locator("#banner"), someone.page.keyboard
    expect(banner).to_contain_text("Prensa")
    keyboard.press("t")
    expect(someone.dialog.get_by_label("Buscar una etiqueta")).to_be_focused()
    assert someone.axe() == []
    # Somebody else takes a tag away meanwhile, which stays away.
    house.api().send("PUT", f"clients/{client['id']}/tags", {"tag_ids": []})
    keyboard.type("HONÓR")
    expect(someone.dialog.get_by_label("Puntual")).to_be_hidden()
    keyboard.press("Enter")
    expect(someone.dialog.get_by_label("Invitada de honor")).to_be_checked()
    keyboard.press("Enter")
    someone.reads("Etiquetas guardadas.")
    expect(banner.locator(".tag")).to_have_text(["Invitada de honor"])
    assert someone.axe() == []
    keyboard.press("h")
    expect(someone.page.locator("#panel").get_by_role("definition").first).to_contain_text("Invitada de honor")

    someone.goes_to("/clients")
    someone.field("Etiqueta").select_option("Invitada de honor")
    rows = someone.page.locator("tr[data-opens]")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Etiquetada Primera")
    assert someone.axe() == []
    keyboard.press("/")
    keyboard.type("#invitada")
    expect(someone.page.locator("#found").get_by_role("option")).to_have_count(1)
    keyboard.press("Enter")
    expect(someone.page.get_by_role("heading", level=1)).to_contain_text("Etiquetada Primera")

    someone.presses("Editar etiquetas")
    someone.dialog.get_by_label("Invitada de honor").uncheck()
    someone.saves()
    expect(banner.locator(".tag")).to_have_count(0)
