"""What protects the people who use the console from those who want to use them."""

import pytest

HTMX = {"HX-Request": "true"}


def test_every_page_forbids_inline_scripts_eval_and_frames(console):
    policy = console.get("/sign-in").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy


def test_a_nonce_is_used_once(console):
    first, second = (console.get("/sign-in").headers["Content-Security-Policy"] for _ in range(2))
    assert first != second


def test_a_form_without_the_pages_token_is_refused(console):
    assert console.post("/sign-in", {"username": "a", "password": "b"}, csrf=False).status_code == 400
    assert console.post("/language", {"language": "es"}, csrf=False).status_code == 400


@pytest.mark.parametrize("path", ["/clients", "/settings/roles", "/clients/new"])
def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(console, path):
    answer = console.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/sign-in?next={path}"
    assert console.get(path, headers=HTMX).status_code == 401


def test_a_post_of_who_is_no_longer_signed_in_asks_to_sign_in_and_not_for_a_fresh_page(console):
    assert console.post("/clients/new", {}, csrf=False, headers=HTMX).status_code == 401


@pytest.mark.parametrize("where", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_the_way_back_never_leads_to_another_site(console, where):
    assert "evil" not in console.post("/language", {"language": "es", "next": where}).headers["Location"]
    assert "alert" not in console.post("/language", {"language": "es", "next": where}).headers["Location"]


def test_a_cookie_that_somebody_made_up_is_no_session(console):
    console.client.set_cookie("foyer", "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.BBBB.CCCC")
    assert console.get("/clients").status_code == 302


def test_the_session_cookie_tells_nobody_what_is_in_it_and_scripts_cannot_read_it(console):
    cookie = console.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "csrf" not in cookie


def test_what_is_typed_is_shown_as_text(console):
    answer = console.post("/sign-in", {"username": "<script>alert(1)</script>", "password": "x"})
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text


def test_pages_are_not_kept_and_files_are_for_a_year(console):
    page = console.get("/sign-in")
    assert page.headers["Cache-Control"] == "no-store"
    sheet = next(part for part in page.text.split('"') if part.endswith("css/foyer.css"))
    assert "max-age=31536000" in console.get(sheet).headers["Cache-Control"]
