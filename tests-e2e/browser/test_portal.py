"""A client in the portal: comes in by a link, sees what is theirs, corrects a number; staff see that they did."""

from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}}
TABLET = {"viewport": {"width": 820, "height": 1100}}
PAGES = (
    "", "/memberships", "/cards", "/cards/new", "/gift-cards", "/forms", "/documents", "/preferences", "/details",
)  # fmt: skip


def looks_at_every_page(someone):
    """On a telephone and on a tablet."""
    found = []
    for room in PAGES:
        path = f"/portal{room}"
        for screen in (PHONE, TABLET):
            someone.page.set_viewport_size(screen["viewport"])
            someone.goes_to(path)
            expect(someone.page.locator(".waiting")).to_have_count(0)
            wider = someone.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found += [f"{path}: {wider} pixels too wide"] if wider > 0 else []
        found += [f"{path}: {problem}" for problem in someone.axe()]
    assert found == []


def fills_in_a_form(someone, house, client):
    form = {"name": "Del portal", "questions": [{"key": "a", "type": "text", "label": {"es": "¿Qué tal?"}}]}
    made = house.api().send("POST", "documents/forms", form)
    house.api().send("POST", "documents/form-assignments", {"client_id": client["id"], "form_ids": [made["id"]]})
    someone.goes_to("/portal")
    someone.page.get_by_role("link", name="Rellenar · Del portal").click()
    someone.page.get_by_label("¿Qué tal?").fill("Bien")
    assert someone.axe() == []
    someone.presses("Enviar el formulario")
    someone.reads("Gracias. El formulario se ha enviado.")
    rows = house.api().send("GET", f"documents/form-assignments?client_id={client['id']}")["items"]
    row = next(each for each in rows if each["form_name"] == "Del portal")
    assert row["state"] == "completed"


def switches_off_what_she_does_not_want(someone):
    someone.goes_to("/portal/preferences")
    someone.page.locator("#switch-appointment-sms").uncheck()
    someone.presses("Guardar")
    someone.reads("Guardado.")
    expect(someone.page.locator("#switch-appointment-sms")).not_to_be_checked()


def adds_a_card(someone, house, client):
    """Agrees here, chooses the card on the sandbox's own page, and is back."""
    someone.page.set_viewport_size(PHONE["viewport"])
    someone.goes_to("/portal/cards")
    someone.presses("Añadir una tarjeta")
    someone.page.locator("form.portal-card").evaluate("form => { form.noValidate = true }")
    someone.presses("Continuar")
    someone.reads("Lee el texto y marca la casilla")
    assert someone.axe() == []
    someone.page.locator("[name=agreed]").check()
    someone.presses("Continuar")
    someone.page.wait_for_url("**/sandbox/cards/*")
    someone.page.locator("button.first").click()
    someone.page.wait_for_url("**/portal/cards")
    someone.reads("Tu tarjeta está guardada.")
    someone.reads("Visa ···· 4242")
    [card] = house.api().send("GET", f"memberships/cards?client_id={client['id']}")["items"]
    assert card["agreement"].startswith("Acepto que esta tarjeta")


def test_a_client_comes_in_corrects_a_number_and_staff_see_who_did(house, person):
    address = "lola.portal@example.com"
    client = house.new_client(
        first_name="Lola", language="es", emails=[{"address": address, "primary": True}],
        phones=[{"number": "+34612340001", "primary": True}],
    )  # fmt: skip
    someone = person(None, "en", **PHONE)
    link = someone.asks_for_link(address)
    someone.goes_to("/portal/look")
    code = someone.page.locator(".portal-code").inner_text()

    scanner = person(None, "en")
    scanner.page.goto(link)
    expect(scanner.field("Code")).to_be_visible()  # another browser; looking has used nothing up

    someone.page.goto(link)
    someone.presses("Sign in")
    someone.page.wait_for_url("**/portal")
    someone.reads("Hola, Lola")  # her own language
    looks_at_every_page(someone)
    fills_in_a_form(someone, house, client)
    switches_off_what_she_does_not_want(someone)
    adds_a_card(someone, house, client)

    someone.goes_to("/portal/details")
    someone.page.locator("#field-phones-0-number").fill("699 00 11 22")
    someone.presses("Guardar")
    someone.reads("Guardado.")
    entry = house.api().send("GET", f"clients/{client['id']}/changes")["items"][0]
    assert (entry["channel"], entry["actor"], list(entry["changes"])) == (
        "portal",
        f"client:{client['id']}",
        ["phones"],
    )

    scanner.page.goto(link)
    scanner.reads("This link is no longer good")
    assert code.replace(" ", "").isdigit()
    someone.presses("Cerrar sesión")
    someone.goes_to("/portal")
    someone.page.wait_for_url("**/portal/sign-in")


def test_staff_and_a_client_in_one_browser_do_not_disturb_each_other(house, person):
    address = "pepa.portal@example.com"
    house.new_client(first_name="Pepa", emails=[{"address": address, "primary": True}])
    someone = person("reception", "en")
    link = someone.asks_for_link(address)
    someone.page.goto(link)
    someone.presses("Sign in")
    someone.page.wait_for_url("**/portal")
    someone.reads("Hello, Pepa")
    someone.goes_to("/clients")
    expect(someone.page.locator(".topbar")).to_be_visible()
