"""Prices are in the currency of their branch, and a branch's own to change."""

from typing import Any
from uuid import UUID

from shared.auth.permissions import PERMISSIONS
from shared.contracts.directory import SERVICE_CHANGED
from shared.demo_ids import BRICKELL, GRACIA, SALAMANCA, demo_id

CUT = f"/api/v1/directory/services/{demo_id('service', 'Corte y peinado')}"


def price(branch: UUID, amount: Any, currency: str) -> dict[str, object]:
    return {"branch_id": str(branch), "amount": amount, "currency": currency}


def prices(caller) -> dict[str, int]:
    return {one["branch_id"]: one["amount"] for one in caller.get(CUT).json["prices"]}


def test_a_price_is_in_the_currency_of_its_branch(directory):
    admin = directory.signed_in(*PERMISSIONS)
    refused = admin.patch(CUT, {"prices": [price(SALAMANCA, 3500, "EUR"), price(BRICKELL, 5500, "EUR")]})
    assert refused.status_code == 422
    assert refused.json["errors"]["prices"]["1"]["currency"] == ["This branch has its prices in USD."]
    twice = admin.patch(CUT, {"prices": [price(SALAMANCA, 3500, "EUR"), price(SALAMANCA, 3600, "EUR")]})
    assert twice.status_code == 422
    for wrong in (-1, 3.5, "12", 10**12, True):
        assert admin.patch(CUT, {"prices": [price(SALAMANCA, wrong, "EUR")]}).status_code == 422
    assert prices(admin)[str(BRICKELL)] == 5500
    assert directory.emitted() == []


def test_a_branch_with_prices_keeps_its_currency(directory):
    admin = directory.signed_in(*PERMISSIONS)
    refused = admin.patch(f"/api/v1/directory/branches/{BRICKELL}", {"currency": "EUR"})
    assert refused.status_code == 409
    assert "currency" in refused.json["errors"]


def test_who_keeps_the_menu_of_a_branch_changes_its_prices_only(directory):
    keeper = directory.signed_in("directory.menu.write", "directory.read", branches=[SALAMANCA])
    theirs = [price(SALAMANCA, 3900, "EUR"), price(GRACIA, 3500, "EUR"), price(BRICKELL, 5500, "USD")]
    assert keeper.patch(CUT, {"prices": theirs}).status_code == 200
    assert prices(keeper)[str(SALAMANCA)] == 3900
    assert keeper.patch(CUT, {"prices": theirs[:2]}).status_code == 403
    assert keeper.patch(CUT, {"prices": [theirs[0], price(GRACIA, 1, "EUR"), theirs[2]]}).status_code == 403
    assert keeper.patch(CUT, {"name": "Corte"}).status_code == 403
    [event] = directory.emitted(SERVICE_CHANGED)
    assert event.data["changed"] == ["prices"]


def test_who_keeps_one_branch_changes_that_one_and_adds_none(directory):
    keeper = directory.signed_in("directory.branches.write", branches=[SALAMANCA])
    assert keeper.patch(f"/api/v1/directory/branches/{SALAMANCA}", {"name": "Serrano"}).status_code == 200
    assert keeper.patch(f"/api/v1/directory/branches/{GRACIA}", {"name": "Verdi"}).status_code == 403
