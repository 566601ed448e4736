"""What clients write back: read under *Marketing*, marked as read, and seen on the client's own page."""

from playwright.sync_api import expect

from shared.testing.eventually import eventually

ASKED = "No puedo ese día, ¿tenéis hueco el jueves por la tarde?"


def test_a_reply_is_read_and_marked_and_stands_with_the_client(house, person):
    someone = person("manager").goes_to("/marketing/replies")
    page = someone.page
    row = page.get_by_role("row").filter(has_text=ASKED)

    def are_there():  # the demo brings them once everybody's consents are there
        page.reload()
        expect(row.get_by_role("button", name="Mark as read")).to_be_visible(timeout=1500)

    eventually(are_there, within=90, every=2)
    assert someone.axe() == []

    page.get_by_label("Show").select_option(label="Unread ones")
    expect(page.locator("#table")).not_to_contain_text("¿Hay aparcamiento cerca?")
    row.get_by_role("button", name="Mark as read").click()
    expect(row).to_have_count(0)

    page.get_by_label("Show").select_option(label="All of them")
    expect(row).to_contain_text("Read by Javier Robles")
    row.get_by_role("link").click()
    replies = page.locator("section, div").filter(has=page.get_by_role("heading", name="Replies")).last
    expect(replies).to_contain_text("What the client has written back by SMS.")
    expect(page.get_by_role("row").filter(has_text=ASKED)).to_contain_text("Read by Javier Robles")
    assert someone.axe() == []
