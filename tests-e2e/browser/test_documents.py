"""P18 to P20: documents are added with progress, seen, shown to the client, deleted and brought back."""

import requests
from playwright.sync_api import expect


def test_a_document_is_added_shown_deleted_and_brought_back(house, person, tmp_path):
    client = house.new_client()
    manager = person("manager").opens(client, "files")
    manager.reads("No document yet")
    page = tmp_path / "program.pdf"
    page.write_bytes(b"MZ not a document")
    manager.presses("Add document")
    manager.page.set_input_files("#field-file", page)
    expect(manager.field("Name")).to_have_value("program.pdf")
    manager.presses("Add", within=manager.dialog)
    expect(manager.dialog.get_by_role("alert")).to_contain_text("Files of this kind are not taken")

    page = tmp_path / "Consentimiento láser.pdf"
    page.write_bytes(b"%PDF-1.7\n" + b"0" * 50_000)
    manager.page.set_input_files("#field-file", page)
    manager.field("Name").fill("Consent, laser")
    assert manager.axe() == []
    manager.presses("Add", within=manager.dialog)
    table = manager.page.locator("#tab section:nth-of-type(2) table")
    expect(table).to_contain_text("Consent, laser")
    expect(table).to_contain_text("50 KB")

    table.get_by_role("button", name="Show Consent, laser to the customer").click()
    expect(table).to_contain_text("Yes")
    link = table.get_by_role("link", name="Consent, laser").get_attribute("href")
    cookies = {each["name"]: each["value"] for each in manager.page.context.cookies()}
    answer = requests.get(f"{house.address}{link}", cookies=cookies, headers={"Range": "bytes=0-7"}, timeout=30)
    assert (answer.status_code, answer.content) == (206, b"%PDF-1.7")

    table.get_by_role("button", name="What to do with Consent, laser").click()
    manager.page.locator(".dropdown-menu.show").get_by_role("button", name="Who opened it").click()
    expect(manager.dialog).to_contain_text("Javier Robles")
    manager.page.keyboard.press("Escape")
    table.get_by_role("button", name="What to do with Consent, laser").click()
    manager.page.locator(".dropdown-menu.show").get_by_role("button", name="Delete").click()
    manager.presses("Delete", within=manager.dialog)
    manager.reads("No document yet")
    manager.presses("Deleted ones")
    manager.presses("Bring back")
    manager.presses("Back to the documents")
    expect(table).to_contain_text("Consent, laser")
