"""The console while everything else is away."""


def test_it_is_alive_ready_and_measured(console):
    assert console.get("/healthz").status_code == 200
    assert console.get("/readyz").status_code == 200
    assert b"foyer_http_request_seconds" in console.get("/metrics").data


def test_signing_in_says_that_the_directory_does_not_answer_and_keeps_the_name(console):
    answer = console.post("/sign-in", {"username": "lucia", "password": "secret"})
    assert answer.status_code == 503
    assert "does not answer" in answer.text
    assert 'value="lucia"' in answer.text
    assert "secret" not in answer.text


def test_the_switch_of_the_language_wins_over_the_browser(console):
    assert "Iniciar sesión" in console.get("/sign-in", headers={"Accept-Language": "es-MX"}).text
    console.post("/language", {"language": "en", "next": "/sign-in"})
    assert "Iniciar sesión" not in console.get("/sign-in", headers={"Accept-Language": "es-MX"}).text


def test_a_language_that_is_not_spoken_is_english(console):
    assert '<html lang="en">' in console.get("/sign-in", headers={"Accept-Language": "fi"}).text


def test_one_id_goes_from_the_browser_on(console):
    assert console.get("/sign-in", headers={"X-Request-ID": "a-browsers-id"}).headers["X-Request-ID"] == "a-browsers-id"
    made_up = console.get("/sign-in", headers={"X-Request-ID": "bad id\u00e9"}).headers["X-Request-ID"]
    assert len(made_up) == 32
