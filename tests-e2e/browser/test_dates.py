"""A date is read in the page's language, whatever the browser's is."""

from playwright.sync_api import expect


def test_a_spanish_reader_of_an_english_browser_reads_the_day_in_words(house, person):
    """Their browser writes 04/03/1988 for the third of April."""
    client = house.new_client(birth_date="1988-04-03")
    someone = person()
    someone.page.get_by_role("button", name="Lucía Ortega").click()
    someone.presses("Español")
    expect(someone.page.get_by_role("heading", level=1)).to_have_text("Clientes")
    someone.opens(client)
    said = someone.page.locator("#said-birth_date")
    expect(said).to_have_text("domingo, 3 de abril de 1988")
    field = someone.page.locator("#field-birth_date")
    field.press_sequentially("12011990")
    expect(field).to_have_value("1990-12-01")
    expect(said).to_have_text("sábado, 1 de diciembre de 1990")
    expect(field).to_have_attribute("aria-describedby", "said-birth_date")
    field.fill("")
    expect(said).to_have_text("")
