"""Providers as real servers on this machine: a mail server, an SMS company that speaks Twilio's API, a push service."""

import asyncio
import base64
import os
import socket
import subprocess
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import orjson
import requests
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from shared.child_process import start_child
from shared.ids import new_id
from shared.ports import free_port
from shared.testing.eventually import eventually

PUSH = Path(__file__).parents[3] / "web/assets/node_modules/web-push-testing/src/bin/cli.js"


class MailServer:
    """Keeps what it gets. Who is written to says how it answers: gone@, later@, full@, policy@, dropped@."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.tries: list[str] = []
        self.busy = 0
        """How often it will say that it takes nothing now."""
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    def start(self) -> "MailServer":
        self._controller.start()
        return self

    def stop(self) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        return int(self._controller.port)

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if address in mail["To"]]

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.busy > 0:
            self.busy -= 1
            return "421 4.3.2 Not now"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tries.append(address)
        name = address.partition("@")[0]
        if name == "later" and self.tries.count(address) < 3:
            return "451 4.3.0 Try again later"
        refused = {"gone": "550 5.1.1 No such user", "policy": "550 5.7.1 We do not like this"}
        if name in refused:
            return refused[name]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.content
        assert isinstance(raw, bytes)
        self.raw.append(raw)
        self.mails.append(message_from_bytes(raw, policy=policy.default))
        if envelope.rcpt_tos[0].startswith("dropped@") and self.tries.count(envelope.rcpt_tos[0]) == 1:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()  # it has the message, and the sender never hears of it
        return "250 OK"


class SmsCompany:
    """What Twilio's API does with messages. `trouble` says what goes wrong with the next requests, one each."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.trouble: list[str] = []
        """`lost`: taken, and the answer is lost. `unheard`: not even taken. Or a status, with a code after a colon."""
        self.seconds = 0.0
        """That it takes before it answers."""
        self._server = Patient(("127.0.0.1", 0), _sms_handler(self))

    def start(self) -> "SmsCompany":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def take(self, form: dict[str, str]) -> dict[str, Any]:
        made = {
            "sid": f"SM{new_id().hex}", "to": form["To"], "from": form["From"], "body": form["Body"],
            "status": "queued", "direction": "outbound-api", "error_code": None, "callback": form["StatusCallback"],
        }  # fmt: skip
        self.messages.append(made)
        return made


class Patient(ThreadingHTTPServer):
    """Says nothing of a sender that was killed."""

    def handle_error(self, request: Any, client_address: Any) -> None: ...


def _sms_handler(company: SmsCompany) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            trouble = company.trouble.pop(0) if company.trouble else ""
            if trouble in ("lost", "unheard"):
                if trouble == "lost":
                    company.take(form)
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
            elif trouble:
                status, _, code = trouble.partition(":")
                self._answer(int(status), {"code": int(code or 0), "message": "No"})
            else:
                made = company.take(form)
                threading.Event().wait(company.seconds)
                self._answer(201, made)

        def do_GET(self) -> None:
            wanted = parse_qs(urlsplit(self.path).query)["To"][0]
            self._answer(200, {"messages": [each for each in company.messages if each["to"] == wanted]})

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            content = orjson.dumps(body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            if status == 429:
                self.send_header("Retry-After", "7")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None: ...

    return Handler


class PushService:
    """`web-push-testing` as a process: it decrypts what it gets, as a browser does."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, free_port()
        self._process: subprocess.Popen[bytes]
        self.url = f"http://localhost:{self._port}"

    def start(self) -> "PushService":
        command: list[str | Path] = ["node", PUSH, "--port", str(self._port), "start"]
        env = {"PATH": os.defpath}
        self._process = start_child(command, log=self._folder / "push.log", env=env, cwd=self._folder)
        eventually(self._answers, within=20)
        return self

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)

    def subscribe(self, key: str) -> dict[str, Any]:
        """A browser's subscription, for the server that has this key."""
        raw = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
        assert len(raw) == 65
        return dict(self._post("/subscribe", {"userVisibleOnly": "true", "applicationServerKey": key})["data"])

    def shown(self, subscription: dict[str, Any]) -> list[dict[str, Any]]:
        got = self._post("/get-notifications", {"clientHash": subscription["clientHash"]})["data"]["messages"]
        return [orjson.loads(each) for each in got]

    def expire(self, subscription: dict[str, Any]) -> None:
        requests.post(f"{self.url}/expire-subscription/{subscription['clientHash']}", timeout=5)

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = requests.post(self.url + path, json=body, timeout=5)
        assert answer.ok, answer.text
        return dict(answer.json())

    def _answers(self) -> bool:
        try:
            return requests.post(f"{self.url}/status", timeout=2).ok
        except requests.ConnectionError:
            return False
