"""P36a on the console: a campaign is planned with an estimate, started, and its progress is seen."""

from playwright.sync_api import expect

from shared.testing.eventually import eventually


def test_a_campaign_is_planned_started_and_its_progress_is_seen(house, person):
    someone = person("admin").goes_to("/marketing/new")
    page = someone.page
    someone.field("Name").fill("Láser nuevo")
    page.get_by_label("Gràcia").check()
    estimate = page.locator("#estimate")
    expect(estimate).to_contain_text("clients whom it is for now")
    expect(estimate).to_contain_text("The client has not agreed to marketing here.")
    someone.presses("Save")
    expect(page.locator("#campaign .error").first).to_be_visible()
    page.locator("#field-steps-0-title").fill("Novedades")
    page.locator("#field-steps-0-text").fill("Tenemos láser nuevo.")
    someone.presses("Add a step")
    page.locator("#field-steps-1-do").select_option("until")
    expect(page.locator("#field-steps-1-text")).to_be_hidden()
    page.locator("#field-steps-1-event").select_option(label="They book an appointment")
    page.locator("#field-steps-1-days").fill("7")
    someone.presses("Add a step")
    page.locator("#field-steps-2-title").fill("¿Te guardamos sitio?")
    page.locator("#field-steps-2-text").fill("Aún quedan huecos.")
    someone.presses("Add a step")
    page.locator("#steps [data-row='3'] [data-remove-row]").click()
    assert someone.axe() == []
    someone.presses("Save")
    page.wait_for_url("**/marketing/*-*")
    someone.presses("Start")
    someone.presses("Start", within=someone.dialog)
    expect(page.locator("h1")).to_contain_text("Under way")

    def has_come_far():
        page.reload()
        progress = page.locator("#progress")
        expect(progress).to_contain_text("waiting until something happens", timeout=1000)
        expect(progress).to_contain_text("The client has not agreed to marketing here.", timeout=1000)

    eventually(has_come_far, within=90, every=2)
    assert someone.axe() == []
