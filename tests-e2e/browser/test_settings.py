"""P38: what every picker reads, kept by the chain."""

import pytest
from playwright.sync_api import expect


def test_a_branch_is_added_changed_and_retired(house, person):
    someone = person("admin").goes_to("/settings/branches")
    someone.presses("Add branch")
    someone.dialog.get_by_label("Name").fill("Chueca")
    someone.dialog.get_by_label("Town").fill("Madrid")
    someone.presses("Save")
    table = someone.page.locator("#table")
    expect(table).to_contain_text("Chueca")
    choose(someone, "Chueca", "Edit")
    someone.dialog.get_by_label("Name").fill("Chueca Norte")
    someone.presses("Save")
    expect(table).to_contain_text("Chueca Norte")
    choose(someone, "Chueca Norte", "Retire")
    expect(someone.dialog).to_contain_text("no longer offered")
    someone.presses("Retire", within=someone.dialog)
    expect(table).not_to_contain_text("Chueca Norte")
    someone.field("Show").select_option("Retired")
    expect(table).to_contain_text("Chueca Norte")


def test_an_employee_gets_a_role_at_a_branch_and_signs_in(house, person):
    someone = person("admin").goes_to("/settings/employees")
    someone.presses("Add employee")
    someone.dialog.get_by_label("Name").fill("Marta Soler")
    someone.dialog.get_by_label("Signs in as").fill("marta")
    someone.dialog.get_by_label("Password").fill("a long password")
    someone.presses("Add a role")
    someone.dialog.get_by_label("Role and where").select_option("Recepción · Gràcia")
    someone.presses("Save")
    expect(someone.page.locator("#table")).to_contain_text("Marta Soler")
    marta = person(None).signs_in("marta", "a long password")
    expect(marta.page.get_by_role("heading", level=1)).to_have_text("Clients")


def test_a_service_has_a_price_per_branch_in_its_own_currency(house, person):
    someone = person("admin").goes_to("/settings/services")
    someone.presses("Add service")
    someone.dialog.get_by_label("Name").fill("Masaje de prueba")
    someone.dialog.get_by_label("Category").fill("Masajes")
    someone.dialog.get_by_label("Minutes").fill("50")
    someone.dialog.get_by_label("Salamanca").fill("12x")
    someone.presses("Save")
    expect(someone.dialog.get_by_label("Salamanca")).to_have_attribute("aria-invalid", "true")
    someone.dialog.get_by_label("Salamanca").fill("59,90")
    someone.dialog.get_by_label("Brickell").fill("99.5")
    someone.presses("Save")
    someone.field("Filter").fill("masaje de prueba")
    expect(someone.page.locator("#table")).to_contain_text("€59.90 · $99.50")


@pytest.mark.parametrize(
    ("section", "button", "name"),
    [("statuses", "Add status", "Gold"), ("referral-methods", "Add referral method", "Radio")],
)
def test_the_chains_lists_grow_in_two_languages(house, person, section, button, name):
    someone = person("admin").goes_to(f"/settings/{section}")
    someone.presses(button)
    someone.dialog.get_by_label("Name in English").fill(name)
    someone.dialog.get_by_label("Name in Spanish").fill(f"{name} (es)")
    someone.presses("Save")
    expect(someone.page.locator("#table")).to_contain_text(name)
    expect(person("admin", "es").goes_to(f"/settings/{section}").page.locator("#table")).to_contain_text(f"{name} (es)")


def test_a_role_is_added_and_one_that_somebody_holds_cannot_be_removed(house, person):
    someone = person("admin").goes_to("/settings/roles")
    someone.presses("Add role")
    someone.dialog.get_by_label("Name").fill("Prácticas")
    someone.dialog.get_by_label("See clients").check()
    someone.presses("Save")
    expect(someone.page.locator("#table")).to_contain_text("Prácticas")
    choose(someone, "Recepción", "Remove")
    someone.presses("Remove", within=someone.dialog)
    expect(someone.dialog.get_by_role("alert")).to_contain_text("Somebody holds this role")


def test_a_table_sorts_by_its_columns(house, person):
    someone = person("admin").goes_to("/settings/services")
    someone.page.get_by_role("link", name="Minutes").click()
    expect(someone.page.locator("th[aria-sort=ascending]")).to_contain_text("Minutes")
    expect(someone.page.locator("tbody tr").first).to_contain_text("Cera de cejas")
    someone.page.get_by_role("link", name="Minutes").click()
    expect(someone.page.locator("tbody tr").first).to_contain_text("150")


def test_two_people_who_change_the_same_service_decide_field_by_field(house, person):
    service = house.api().send("POST", "directory/services", {
        "name": "Peinado de prueba", "category": "Peinados", "duration_minutes": 30,
        "prices": [{"branch_id": house.branch()["id"], "amount": 2500, "currency": "EUR"}],
    })  # fmt: skip
    path = f"directory/services/{service['id']}"
    elena = person("admin").goes_to("/settings/services?search=Peinado+de+prueba")
    choose(elena, "Peinado de prueba", "Edit")
    house.api().send("PATCH", path, {
        "name": "Peinado de ellos", "category": "Recogidos", "duration_minutes": 45,
        "prices": [{"branch_id": house.branch()["id"], "amount": 3000, "currency": "EUR"}],
    })  # fmt: skip
    elena.dialog.get_by_label("Name").fill("Peinado mío")
    elena.dialog.get_by_label("Minutes").fill("60")
    elena.dialog.get_by_label("Salamanca").fill("27,50")
    elena.presses("Save")
    elena.reads("saved this while you were editing")
    elena.reads("Taken over from them: Category.")
    questions = {name: elena.page.get_by_role("group", name=name, exact=True).last for name in ("Name", "Minutes")}
    expect(questions["Name"]).to_contain_text("Peinado de ellos")
    expect(elena.dialog.get_by_role("group", name="Price at each branch").first).to_contain_text("Salamanca €30.00")
    questions["Minutes"].get_by_label("Take theirs").check()
    # What was decided outlives a save that fails for another reason.
    elena.dialog.get_by_label("Salamanca").fill("27,5x")
    elena.presses("Save")
    expect(elena.dialog.get_by_label("Salamanca")).to_have_attribute("aria-invalid", "true")
    expect(elena.dialog.get_by_label("Salamanca")).to_have_value("27,5x")
    expect(elena.dialog.get_by_label("Minutes")).to_have_value("45")
    elena.dialog.get_by_label("Salamanca").fill("27,50")
    elena.presses("Save")
    expect(elena.page.locator("#table")).not_to_contain_text("Peinado de prueba")
    saved = house.api().send("GET", path)
    assert (saved["name"], saved["category"], saved["duration_minutes"]) == ("Peinado mío", "Recogidos", 45)
    assert [price["amount"] for price in saved["prices"]] == [2750]


def test_the_order_of_what_is_ticked_is_no_change(house, person):
    """Branches and permissions are sets: who ticks nothing is asked nothing."""
    role = {"name": "Orden de prueba", "permissions": ["directory.read", "clients.read", "clients.write"]}
    role = house.api().send("POST", "directory/roles", role)
    elena = person("admin").goes_to("/settings/roles?search=Orden+de+prueba")
    choose(elena, "Orden de prueba", "Edit")
    theirs = {"permissions": ["clients.write", "audit.read", "directory.read", "clients.read"]}
    house.api("admin").send("PATCH", f"directory/roles/{role['id']}", theirs)
    elena.dialog.get_by_label("Name").fill("Orden mío")
    elena.presses("Save")
    elena.reads("Taken over from them: Who holds it may.")
    elena.presses("Save")
    expect(elena.page.locator("#table")).not_to_contain_text("Orden de prueba")
    saved = house.api().send("GET", f"directory/roles/{role['id']}")
    assert (saved["name"], sorted(saved["permissions"])) == ("Orden mío", sorted(theirs["permissions"]))


def choose(someone, name, act):
    someone.page.get_by_role("button", name=f"What to do with {name}", exact=True).click()
    someone.page.locator("#table .dropdown-menu.show").get_by_role("button", name=act).click()
