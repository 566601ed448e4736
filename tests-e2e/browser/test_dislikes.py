"""P31 and P32: services that a client must never be booked for."""

from playwright.sync_api import expect


def test_a_service_is_added_edited_removed_and_blocks_bookings_meanwhile(house, person):
    client = house.new_client()
    someone = person().opens(client, "dislikes")
    someone.reads("No service is unwanted")
    someone.presses("Add service")
    someone.dialog.get_by_label("Service").select_option("Peeling químico")
    someone.dialog.get_by_label("Comment").fill("Allergy")
    someone.presses("Save")
    table = someone.page.locator("#tab table")
    expect(table).to_contain_text("Peeling químico")
    assert decision(house, client) == "deny"

    table.get_by_role("button", name="What to do with Peeling químico").click()
    table.get_by_role("button", name="Edit").click()
    someone.dialog.get_by_label("Comment").fill("Allergy to glycolic acid")
    someone.presses("Save")
    expect(table).to_contain_text("glycolic")

    table.get_by_role("button", name="What to do with Peeling químico").click()
    table.get_by_role("button", name="Remove").click()
    expect(someone.dialog).to_contain_text("can then be booked for this client again")
    someone.presses("Remove", within=someone.dialog)
    someone.reads("No service is unwanted")
    assert decision(house, client) == "allow"


def test_the_same_service_twice_is_refused_at_its_field(house, person):
    client = house.new_client()
    service = peeling(house)
    house.api().send("POST", f"clients/{client['id']}/dislikes", {"service_id": service["id"], "comment": ""})
    someone = person().opens(client, "dislikes")
    someone.presses("Add service")
    someone.dialog.get_by_label("Service").select_option("Peeling químico")
    someone.dialog.get_by_label("Comment").fill("Kept")
    someone.presses("Save")
    expect(someone.dialog.get_by_role("alert")).to_be_visible()
    expect(someone.dialog.get_by_label("Comment")).to_have_value("Kept")


def peeling(house):
    return house.api().send("GET", "directory/services?search=peeling")["items"][0]


def decision(house, client):
    asked = {"client_id": client["id"], "service_ids": [peeling(house)["id"]], "channel": "staff"}
    branch_id = house.branch()["id"]
    return house.api().send("POST", "clients/booking-checks", asked | {"branch_id": branch_id})["decision"]
