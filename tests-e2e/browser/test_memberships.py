"""P21 to P28: a membership is sold, paid, looked at, edited, frozen and cancelled at the desk."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def desk(house, person):
    """A function that seats somebody before a new client who has a card of the sandbox that behaves so."""

    def sit_down(behaves="accepted", who="manager"):
        client = house.new_client()
        someone = person(who).opens(client, "memberships")
        someone.page.locator("#cards").get_by_role("button", name="Add card").click()
        someone.field("Test card").select_option(behaves)
        someone.dialog.locator("[name=agreed]").check()
        someone.presses("Save", within=someone.dialog)
        expect(someone.page.locator("#cards")).to_contain_text("Visa")
        return someone

    return sit_down


def adds(someone, plan="Facial mensual"):
    someone.presses("Add membership")
    chosen = someone.dialog.locator(f"#field-plan_id option:has-text('{plan}')").first.get_attribute("value")
    someone.dialog.locator("#field-plan_id").select_option(chosen)
    someone.field("Note").fill("Comes with her sister")
    someone.presses("Continue")
    expect(someone.dialog).to_contain_text("Nothing has happened yet")
    someone.presses("Save", within=someone.dialog)
    row = someone.page.locator("#tab tbody tr", has_text=plan).first
    expect(row).to_be_visible()
    return row


def chooses(someone, act, plan="Facial mensual"):
    someone.page.locator("#tab").get_by_role("button", name=f"What to do with {plan}").first.click()
    someone.page.locator(".dropdown-menu.show").get_by_role("button", name=act, exact=True).click()
    expect(someone.dialog).to_be_visible()


def reads_soon(someone, act, text):
    """Opens it again until it says so: what the gateway answers comes by itself."""
    for _ in range(20):
        chooses(someone, act)
        if text in someone.dialog.inner_text():
            break
        someone.page.keyboard.press("Escape")
        someone.page.wait_for_timeout(500)
    expect(someone.dialog).to_contain_text(text)


def test_a_membership_is_sold_and_its_first_payment_and_credits_are_seen(desk):
    manager = desk()
    row = adds(manager)
    expect(row).to_contain_text("Active")
    expect(row).to_contain_text("Comes with her sister")
    reads_soon(manager, "Payment activity", "€49.00")
    expect(manager.dialog.locator("tbody")).to_contain_text("4242")
    assert manager.axe() == []
    manager.page.keyboard.press("Escape")
    reads_soon(manager, "Credits", "2 of 2")
    manager.page.keyboard.press("Escape")
    chooses(manager, "Payments to come")
    expect(manager.dialog.locator("tbody tr")).not_to_have_count(0)
    manager.page.keyboard.press("Escape")
    chooses(manager, "Edit")
    manager.field("Note").fill("Comes alone now")
    manager.presses("Save", within=manager.dialog)
    expect(row).to_contain_text("Comes alone now")


def test_a_failed_payment_speaks_plainly_and_is_taken_at_the_desk(desk):
    manager = desk("insufficient_funds")
    adds(manager)
    reads_soon(manager, "Payment activity", "There was not enough money on the card")
    expect(manager.dialog).to_contain_text("unpaid")
    manager.presses("Take it at the desk", within=manager.dialog)
    manager.presses("€49.00 received", within=manager.dialog)
    row = manager.page.locator("#tab tbody tr", has_text="Facial mensual").first
    expect(row).not_to_contain_text("unpaid")
    reads_soon(manager, "Credits", "2 of 2")


def test_process_takes_a_period_once_however_often_it_is_pressed(house, desk):
    manager = desk()
    adds(manager)
    reads_soon(manager, "Payment activity", "€49.00")
    manager.page.keyboard.press("Escape")
    for _ in range(2):
        chooses(manager, "Process")
        manager.presses("Take the payment", within=manager.dialog)
        expect(manager.dialog).to_contain_text("Paid: €49.00", timeout=20_000)
        manager.page.keyboard.press("Escape")
        manager.page.reload()
    client_id = manager.page.url.split("/clients/")[1].split("/")[0]
    (membership,) = house.api().send("GET", f"memberships?client_id={client_id}")["items"]
    dues = house.api().send("GET", f"memberships/dues?membership_id={membership['id']}")["items"]
    assert sorted((due["number"], due["state"]) for due in dues) == [(1, "paid"), (2, "paid"), (3, "paid")]


def test_a_membership_is_frozen_and_cancelled_after_a_look_at_what_it_costs(desk):
    manager = desk()
    row = adds(manager)
    reads_soon(manager, "Payment activity", "€49.00")
    manager.page.keyboard.press("Escape")
    chooses(manager, "Freeze")
    manager.dialog.locator("[name=mode]").first.check()
    manager.field("From").fill("2027-03-01")
    manager.field("First day after it").fill("2027-03-10")
    manager.presses("Continue")
    expect(manager.dialog).to_contain_text("Nothing has happened yet")
    manager.dialog.locator(".actions .btn-primary").click()
    manager.reads("The membership is frozen for those days.")
    manager.page.reload()
    chooses(manager, "Remove membership")
    expect(manager.dialog).to_contain_text("At the end of the period")
    manager.dialog.locator("[name=at]").first.check()
    manager.presses("Continue")
    expect(manager.dialog).to_contain_text("Last day of benefits")
    assert manager.axe() == []
    manager.presses("Cancel the membership", within=manager.dialog)
    expect(row).to_contain_text("Ended")  # within the cooling-off it ends at once
