"""Stripe's stand-in: `localstripe` as a process, and before it a proxy that takes out what it does not understand.

The proxy also plays the network: it may lose the answer to the next confirmation, or be slow with it.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

import requests

from services.memberships.gateways.port import SavedCard
from services.memberships.gateways.stripe_gateway import StripeGateway
from shared.child_process import start_child
from shared.ids import new_id
from shared.ports import free_port
from shared.testing.eventually import eventually

KEY = "sk_test_of_nobody"
SECRET = "whsec_of_nobody"
NUMBERS = {
    "accepted": "4242424242424242",
    "soft_decline": "4000000000000341",
    "needs_client": "4000002500003155",
    "answer_lost": "4242424242424242",
    "slow": "4242424242424242",
}
NOT_UNDERSTOOD = ("off_session", "return_url", "allowed_payment_method_types[0]")
"""By localstripe 1.15, which knows an older API. A setup's `usage=off_session` is another field, and stays."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SERVE = """
import sys
from aiohttp import web
from localstripe import resources, server
resources.store.dump_to_disk = lambda: None  # it would write all it has at each request
web.run_app(server.app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""


class LocalStripe:
    """Both, for the tests of a session."""

    def __init__(self, folder: Path) -> None:
        self._port = free_port()
        self._log = folder / "localstripe.log"
        self._process: subprocess.Popen[bytes]
        self.trouble: Literal["", "lost", "slow"] = ""
        self.headers: list[Mapping[str, str]] = []
        """Of the requests so far."""

    def start(self) -> "LocalStripe":
        command = [sys.executable, "-c", SERVE, str(self._port)]
        self._process = start_child(command, log=self._log, env={"PATH": os.defpath})
        eventually(self._answers, within=30)
        self._proxy = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._proxy.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._proxy.server_port}"
        return self

    def stop(self) -> None:
        self._proxy.shutdown()
        self._process.terminate()
        self._process.wait(20)

    def gateway(self) -> StripeGateway:
        return StripeGateway("main", KEY, SECRET, self.url)

    def card(self, behaves: str = "accepted") -> SavedCard:
        """A card of a new customer, as Stripe's script saves it in the client's browser."""
        gateway = self.gateway()
        customer = gateway.add_customer(new_id())
        setup = gateway.begin_setup(customer, "")
        self.finish(setup.id, behaves)
        saved = gateway.save_card(customer, setup.id)
        self.trouble = {"answer_lost": "lost", "slow": "slow"}.get(behaves, "")  # type: ignore[assignment]
        return saved

    def finish(self, setup: str, behaves: str) -> None:
        """What the client does: enters the number, and confirms with the bank where it asks."""
        card = {"number": NUMBERS[behaves], "exp_month": "12", "exp_year": "2040", "cvc": "123"}
        data = {f"payment_method_data[card][{name}]": value for name, value in card.items()}
        found = self.ask(f"/v1/setup_intents/{setup}/confirm", data | {"payment_method_data[type]": "card"})
        if found["status"] == "requires_action":
            self.ask(f"/v1/setup_intents/{setup}/confirm", {"use_stripe_sdk": "true"})
        self.attach(found)

    def attach(self, setup: dict[str, Any]) -> None:
        """The card of a finished setup to its customer: Stripe does it by itself, localstripe does not."""
        self.ask(f"/v1/payment_methods/{setup['payment_method']}/attach", {"customer": setup["customer"]})

    def answer_bank(self, payment: str, yes: bool) -> None:
        """What the client says to their bank."""
        found = requests.get(f"{self.direct}/v1/payment_intents/{payment}", auth=(KEY, ""), timeout=10).json()
        data = {"client_secret": found["client_secret"], "success": str(yes).lower()}
        self.ask(f"/v1/payment_intents/{payment}/_authenticate", data)

    def ask(self, path: str, data: dict[str, str]) -> dict[str, Any]:
        answer = requests.post(self.direct + path, data=data, auth=(KEY, ""), timeout=10)
        assert answer.ok, answer.text
        return dict(answer.json())

    @property
    def direct(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def _answers(self) -> bool:
        try:
            requests.get(self.direct, timeout=5)
            return True
        except requests.ConnectionError:
            return False


def _handler(peer: LocalStripe) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _hand_on(self) -> None:
            peer.headers.append(dict(self.headers))
            sent = parse_qsl(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())
            kept = [(name, value) for name, value in sent if name not in NOT_UNDERSTOOD]
            headers = {"Authorization": self.headers["Authorization"]}
            url = peer.direct + self.path
            answer = requests.request(
                self.command, url, data=urlencode(kept) or None, timeout=10, headers=headers | FORM
            )
            if peer.trouble and self.path.endswith("/confirm"):
                trouble, peer.trouble = peer.trouble, ""
                if trouble == "slow":
                    threading.Event().wait(3)
                self.close_connection = True
                return
            self.send_response(answer.status_code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_DELETE = _hand_on

        def log_message(self, *_: Any) -> None: ...

    return Handler
