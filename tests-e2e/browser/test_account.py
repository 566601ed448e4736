"""P40: a password of one's own."""

from playwright.sync_api import expect

from shared.testing.eventually import eventually

FIRST, SECOND = "the first password", "the second password"


def types(someone, present, new, again):
    for label, text in (("Your present password", present), ("New password", new), ("New password, once more", again)):
        someone.field(label).fill(text)
    someone.presses("Change password")


def test_a_person_changes_their_password_and_is_signed_out_everywhere_else(house, person):
    reception = next(
        role for role in house.api().send("GET", "directory/roles")["items"] if role["name"] == "Recepción"
    )
    rosa = {"name": "Rosa Prueba", "username": "rosa", "password": FIRST, "roles": [{"role_id": reception["id"]}]}
    house.api().send("POST", "directory/employees", rosa)
    here, elsewhere = person(None).signs_in("rosa", FIRST), person(None).signs_in("rosa", FIRST)
    here.presses("Rosa Prueba: language, password, keys, sign out")
    here.presses("Your password")

    types(here, "not it at all", SECOND, SECOND)
    expect(here.page.locator("#error-current_password")).to_have_text("This is not your password.")
    types(here, FIRST, SECOND, "something else")
    expect(here.page.locator("#error-again")).to_contain_text("not the same")
    types(here, FIRST, "short", "short")
    expect(here.page.locator("#error-password")).to_contain_text("8")
    types(here, FIRST, SECOND, SECOND)
    here.reads("Your password was changed. You are signed out everywhere else.")
    expect(here.page.get_by_role("heading", level=1)).to_have_text("Clients")

    def is_signed_out() -> bool:
        """A session that was ended is refused once its event is through, by whichever service is asked first."""
        elsewhere.goes_to("/clients")
        return elsewhere.page.get_by_role("heading", level=1).inner_text() == "Sign in"

    eventually(is_signed_out, within=30, every=0.5)
    elsewhere.signs_in("rosa", SECOND)
