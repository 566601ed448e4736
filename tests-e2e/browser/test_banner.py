"""P1 to P3: status, weight, the appointment black list."""

from playwright.sync_api import expect


def test_a_status_is_changed_with_a_reason_that_the_history_keeps(house, person):
    someone = person().opens(house.new_client())
    someone.page.locator("#banner").get_by_role("button", name="Status").click()
    someone.dialog.get_by_label("VIP").check()
    someone.dialog.get_by_label("Why").fill("Ten years with us")
    someone.presses("Save")
    expect(someone.page.locator("#banner")).to_contain_text("VIP")
    someone.page.keyboard.press("h")
    history = someone.page.locator("#panel")
    expect(history).to_contain_text("Lucía Ortega")
    expect(history).to_contain_text("Ten years with us")
    expect(history.get_by_role("definition").first).to_have_text("from Active → to VIP")


def test_a_weight_is_recorded_and_shown_in_the_branchs_unit_to_who_may_see_it(house, person):
    client = house.new_client(preferred_branch_id=house.branch("Brickell")["id"])
    manager = person("admin").opens(client)
    manager.page.locator("#banner").get_by_role("button", name="Weight").click()
    manager.dialog.get_by_label("Weight").fill("63,5")
    manager.dialog.get_by_label("Unit").select_option("kg")
    manager.presses("Record weight")
    expect(manager.page.locator("#banner")).to_contain_text("140 lb")
    manager.page.locator("#banner").get_by_role("button", name="Weight").click()
    expect(manager.dialog.get_by_role("table")).to_contain_text("Elena Vidal")
    receptionist = person("reception").opens(client)
    expect(receptionist.page.locator("#banner")).to_contain_text("Status")
    expect(receptionist.page.locator("#banner")).not_to_contain_text("Weight")


def test_a_client_goes_on_the_black_list_and_off_it_again(house, person):
    someone = person().opens(house.new_client())
    banner = someone.page.locator("#banner")
    banner.get_by_role("button", name="Appointment black list").click()
    expect(someone.dialog).to_contain_text("may only join the wait list")
    someone.dialog.get_by_label("Why").fill("Three no-shows")
    someone.presses("Put on the list")
    expect(banner).to_contain_text("Three no-shows")
    expect(banner).to_contain_text("Lucía Ortega")
    banner.get_by_role("button", name="Appointment black list").click()
    someone.dialog.get_by_label("Why").fill("Paid the fee")
    someone.presses("Take off the list")
    expect(banner).not_to_contain_text("Three no-shows")


def test_a_reason_that_is_missing_is_asked_for_and_the_dialog_stays(house, person):
    someone = person().opens(house.new_client())
    someone.page.locator("#banner").get_by_role("button", name="Status").click()
    someone.dialog.get_by_label("Do not serve").check()
    someone.dialog.get_by_label("Why").fill("   ")
    someone.presses("Save")
    expect(someone.dialog.get_by_label("Why")).to_have_attribute("aria-invalid", "true")
    expect(someone.dialog.get_by_label("Do not serve")).to_be_checked()
