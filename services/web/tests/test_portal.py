"""The portal's side of the console: a cookie of its own, a demo's page that production lacks, no way in by looking."""

import pytest

HTMX = {"HX-Request": "true"}


def test_a_client_and_staff_have_cookies_of_their_own(console):
    portal, staff = console.get("/portal/sign-in"), console.get("/sign-in")
    assert portal.headers["Set-Cookie"].startswith("foyer_portal=")
    assert "Path=/portal;" in portal.headers["Set-Cookie"]
    assert staff.headers["Set-Cookie"].startswith("foyer=")


def test_a_session_of_staff_is_nobody_in_the_portal_and_the_other_way_round(console):
    sealed = console.app.session_interface._sealed
    person = {"id": "p", "username": "u", "name": "n", "renewal": "r", "branch_ids": []}
    member = {"id": "c", "name": "n", "renewal": "r"}
    for name, kept in (("foyer_portal", {"person": person}), ("foyer", {"member": member})):
        console.client.set_cookie(name, sealed.seal(kept), path="/portal" if name == "foyer_portal" else "/")
    assert console.get("/portal").headers["Location"] == "/portal/sign-in"
    assert console.get("/clients").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("path", ["/portal", "/portal/memberships", "/portal/details", "/portal/gift-cards/list"])
def test_who_is_not_in_is_sent_to_the_portals_own_door(console, path):
    assert console.get(path).headers["Location"] == "/portal/sign-in"
    assert console.get(path, headers=HTMX).status_code == 401


def test_a_form_of_the_portal_without_its_token_is_refused(console):
    assert console.post("/portal/sign-in", {"contact": "a@example.com"}, csrf=False).status_code == 400


def test_the_page_of_the_last_links_is_there_in_the_demo_only(console_with):
    assert console_with().get("/demo/links").status_code == 404
    assert console_with(FOYER_DEMO="1").get("/demo/links").status_code == 200


def test_the_last_fifty_links_are_kept_and_the_newest_come_first():
    from services.web.portal.links import LastLinks

    kept = LastLinks()
    for number in range(60):
        kept.add({"url": f"https://example.com/{number}"})
    assert [link["url"].rpartition("/")[2] for link in kept.all()] == [str(number) for number in range(59, 9, -1)]


def test_the_switch_of_the_portal_changes_its_language_and_leads_back_into_it(console):
    page = console.get("/portal/sign-in").text
    csrf = page.split('name="csrf_token" value="')[1].split('"')[0]
    sent = {"csrf_token": csrf, "language": "es", "next": "https://evil.example"}
    assert console.client.post("/portal/language", data=sent).headers["Location"] == "/portal"
    assert "Te enviamos un enlace" in console.get("/portal/sign-in").text
    assert "Te enviamos" not in console.get("/sign-in").text
