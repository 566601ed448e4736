"""P29 and P30: gift cards are sold, redeemed and managed, and P42: the balance that pays for them."""

from playwright.sync_api import expect


def acts_on(someone, act):
    """Chooses an act in the menu of the client's only gift card."""

    someone.page.locator("#tab").get_by_role("button", name="What to do with").click()
    someone.page.locator(".dropdown-menu.show").get_by_role("button", name=act, exact=True).click()
    expect(someone.dialog).to_be_visible()


def test_a_gift_card_is_sold_shown_once_redeemed_blocked_and_given_back(house, person):
    client = house.new_client()
    manager = person("manager").opens(client, "gift-cards")
    manager.reads("No gift card yet")
    manager.presses("Sell a gift card")
    manager.field("Amount in EUR").fill("50")
    manager.field("Who it is for").select_option("other")
    manager.field("Their name").fill("Abuela Pepa")
    manager.presses("Sell")
    code = manager.page.locator("#gift-card-code").inner_text()
    assert len(code.replace("-", "")) == 16
    manager.presses("Close")
    table = manager.page.locator("#tab table")
    expect(table).to_contain_text("Abuela Pepa")
    expect(table).not_to_contain_text(code)

    manager.presses("Redeem by code")
    manager.field("Code").fill(code.lower().replace("-", " "))
    manager.presses("Look up")
    manager.field("Amount in EUR").fill("12,50")
    manager.field("Receipt").fill("T-1")
    manager.presses("Redeem", within=manager.dialog)
    manager.reads("€37.50 is left.")
    manager.presses("Close")
    acts_on(manager, "Redeem")
    manager.field("Amount in EUR").fill("37,51")
    manager.field("Receipt").fill("T-2")
    manager.presses("Redeem", within=manager.dialog)
    expect(manager.dialog.get_by_role("alert")).to_contain_text("not that much left")
    expect(manager.field("Receipt")).to_have_value("T-2")
    manager.page.keyboard.press("Escape")

    acts_on(manager, "Block")
    manager.field("Why").fill("Lost")
    manager.presses("Block", within=manager.dialog)
    expect(table).to_contain_text("Blocked")
    manager.presses("Redeem by code")
    manager.field("Code").fill(code)
    manager.presses("Look up")
    manager.field("Amount in EUR").fill("1")
    manager.field("Receipt").fill("T-3")
    manager.presses("Redeem", within=manager.dialog)
    expect(manager.dialog.get_by_role("alert")).to_contain_text("blocked")
    manager.page.keyboard.press("Escape")
    acts_on(manager, "Unblock")
    manager.field("Why").fill("Found")
    manager.presses("Unblock", within=manager.dialog)
    expect(table).to_contain_text("Can be used")

    acts_on(manager, "Give back what is left")
    manager.field("How it is given back").select_option("balance")
    manager.field("Why").fill("Moves away")
    manager.presses("Give back", within=manager.dialog)
    expect(table).to_contain_text("Given back")
    expect(manager.page.locator("#banner")).to_contain_text("€37.50")
    acts_on(manager, "Movements")
    moved = [row.inner_text().split("\t") for row in manager.dialog.locator("tbody tr").all()]
    assert [cells[3] for cells in reversed(moved)] == ["€50.00", "€37.50", "€37.50", "€37.50", "€0.00"]
    assert "Javier Robles" in moved[0][0]


def test_a_menu_stays_under_the_hand_when_its_table_is_changed_meanwhile(house, person):
    client = house.new_client()
    branch_id = house.branch()["id"]
    sale = {"amount": 5000, "branch_id": branch_id, "buyer_id": client["id"], "tender": "cash", "reference": "T-9"}
    sold = house.api().once("POST", "memberships/gift-cards", sale)
    someone = person("manager").opens(client, "gift-cards")
    someone.page.locator("#tab").get_by_role("button", name="What to do with").click()
    menu = someone.page.locator(".dropdown-menu.show")
    redeemed = {"amount": 1250, "reference": "T-10", "branch_id": branch_id}
    house.api().once("POST", f"memberships/gift-cards/{sold['id']}/redemptions", redeemed)
    someone.page.evaluate(
        """() => new Promise((done) => {
            document.addEventListener("htmx:finally:request", () => done(), { once: true });
            document.dispatchEvent(new CustomEvent("gift-cards-changed"));
        })"""
    )
    expect(menu).to_be_visible()
    someone.page.keyboard.press("Escape")
    expect(someone.page.locator("#tab table")).to_contain_text("37.50")


def test_a_balance_is_added_to_and_subtracted_from_never_below_zero_without_the_right(house, person):
    client = house.new_client()
    house.api().send("GET", f"memberships/balances/{client['id']}")
    manager, reception = person("manager").opens(client), person("reception").opens(client)
    manager.page.locator("#banner").get_by_role("button", name="Balance").click()
    for kind, amount, why in (("added", "30", "Gift"), ("subtracted", "12,5", "Shampoo")):
        manager.presses("Add or subtract")
        manager.field("What to do").select_option(kind)
        manager.field("Amount").fill(amount)
        manager.field("Description").fill(why)
        manager.presses("Save", within=manager.page.locator("#dialog"))
        expect(manager.page.locator("#panel")).to_contain_text(why)
    expect(manager.page.locator("#panel .history li").first).to_contain_text("€17.50 after it")

    reception.page.reload()
    reception.page.locator("#banner").get_by_role("button", name="Balance").click()
    expect(reception.page.locator("#panel")).to_contain_text("Javier Robles")
    expect(reception.page.get_by_role("button", name="Add or subtract")).to_have_count(0)
