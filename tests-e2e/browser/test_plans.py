"""Plans and the rules of billing under Configuración, and the page of billing."""

import re

from playwright.sync_api import expect


def test_a_manager_builds_a_plan_reads_what_it_means_and_publishes_new_terms(house, person):
    manager = person("manager").goes_to("/settings/plans")
    manager.presses("Add plan")
    manager.field("Name").fill("Salon club")
    manager.presses("Add credits")
    manager.page.locator("#field-terms-benefits-0-what").select_option("category:Facial")
    manager.presses("Add plan")
    expect(manager.page.locator("#error-terms-price")).to_be_visible()
    expect(manager.field("Name")).to_have_value("Salon club")
    manager.field("Price").fill("39,90")
    words = manager.page.locator("#in-plain-words")
    expect(words).to_contain_text("€39.90 a month.")
    expect(words).to_contain_text("1 credit of Facial each period")
    manager.presses("Add plan")
    expect(manager.page.get_by_role("heading", level=1)).to_have_text("Salon club")

    manager.presses("New terms")
    manager.field("Price").fill("45")
    manager.field("Leaving early costs").select_option("fixed")
    manager.field("Fee").first.fill("20")
    expect(words).to_contain_text("Leaving early costs €20.00.")
    manager.presses("Publish these terms")
    manager.reads("€45.00 a month.")
    expect(manager.page.locator("#plan tbody tr")).to_have_count(2)


def test_members_are_moved_after_a_look_at_whom_it_concerns(house, person):
    manager = person("manager").goes_to("/settings/plans")
    manager.page.get_by_role("link", name="Facial mensual").click()
    manager.presses("New terms")
    manager.field("Price").fill("52")
    manager.presses("Publish these terms")
    manager.presses("Move members to the newest")
    manager.field("From this day on").fill("2030-01-01")
    manager.presses("Look what would happen")
    expect(manager.dialog.locator("tbody tr")).not_to_have_count(0)
    manager.dialog.get_by_role("button", name="Move ").click()
    expect(manager.page.locator("#plan")).to_contain_text("done")


def test_a_branch_has_a_rule_of_its_own_and_reads_what_holds(house, person):
    admin = person("admin").goes_to("/settings/policies")
    admin.field("Whose rules").select_option(label="Gràcia")
    expect(admin.page).to_have_url(re.compile("branch="))
    admin.field("From which hour on").fill("25")
    admin.saves()
    expect(admin.page.locator("#error-charge_hour")).to_be_visible()
    admin.field("From which hour on").fill("10")
    admin.saves()
    admin.reads("What is due is charged from 10:00 on, in the branch's own time.")
    admin.field("Whose rules").select_option("")
    admin.reads("What is due is charged from 08:00 on, in the branch's own time.")


def test_billing_shows_figures_as_plots_with_tables_and_what_waits(house, person):
    manager = person("manager").goes_to("/billing")
    expect(manager.page.locator("[data-plot] canvas")).to_have_count(3)
    expect(manager.page.get_by_role("region", name="Revenue per month")).to_contain_text("€")
    manager.reads("Waits for a person")
    manager.field("Branch").select_option(label="Salamanca")
    expect(manager.page.get_by_text("Owed to clients")).to_be_visible()
    owed = manager.page.get_by_role("region", name="Owed to clients")
    expect(owed).to_contain_text("Salamanca")
    expect(owed).not_to_contain_text("Brickell")
