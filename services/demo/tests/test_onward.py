"""The sandbox's pages behind the one door."""

from werkzeug.test import Client

from services.demo.onward import Onward
from services.memberships.gateways.tests.sandbox_process import SandboxProcess
from shared.ids import new_id


def test_a_person_finds_the_sandbox_behind_the_same_door_in_their_language(tmp_path):
    sandbox = SandboxProcess(tmp_path).start()
    try:
        gateway = sandbox.gateway()
        setup = gateway.begin_setup(gateway.add_customer(new_id()), "http://127.0.0.1:8000/back")
        page = f"/sandbox/cards/{setup.client_secret}"
        browser = Client(Onward(sandbox.url))
        shown = browser.get(page, headers={"Accept-Language": "es"})
        assert "¿Qué tarjeta quieres guardar?" in shown.text
        assert "frame-ancestors 'none'" in shown.headers["Content-Security-Policy"]
        answer = browser.post(page, data={"card": "accepted"})
        assert (answer.status_code, answer.headers["Location"]) == (303, "http://127.0.0.1:8000/back")
    finally:
        sandbox.stop()
    assert browser.get(page).status_code == 503
