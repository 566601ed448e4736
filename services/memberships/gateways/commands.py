"""The sandbox as a process: `python -m services memberships sandbox`."""

import signal
import socket
import threading
from pathlib import Path

import click

from shared.card import card
from shared.commands import configured


@click.command("sandbox")
@click.option("--bind", default="0.0.0.0:8000", show_default=True, help="Where it serves: HOST:PORT, or fd://NUMBER.")
@click.option(
    "--book", type=click.Path(dir_okay=False, path_type=Path), default="/var/lib/foyer/sandbox.db", show_default=True,
    help="The SQLite file with all that it knows.",
)  # fmt: skip
@click.option("--ignore-keys", is_flag=True, help="Two requests with one idempotency key are two.")
@click.option("--delay", default=0.0, show_default=True, help="Seconds that every bank takes.")
@click.option("--slow", default=30.0, show_default=True, help="Seconds that the slow card's bank takes.")
@click.option("--later", default=3.0, show_default=True, help="Seconds until a refund fails, or a dispute comes.")
def sandbox(bind: str, book: Path, ignore_keys: bool, delay: float, slow: float, later: float) -> None:
    """Runs the sandbox gateway until it is told to stop: for demos and tests, never for real money."""
    from services.memberships.gateways.sandbox.book import Book
    from services.memberships.gateways.sandbox.server import Sandbox, serve
    from services.memberships.gateways.sandbox.teller import Teller

    config = configured(card("memberships"))
    key = config.secret("sandbox-key")
    kept = Book(book, honours_keys=not ignore_keys, later=later)
    server = serve(Sandbox(kept, key, delay=delay, slow=slow), _listener(bind))
    teller = Teller(kept, config.sandbox_webhook_url, key)
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    threading.Thread(target=teller.run, daemon=True).start()
    over.wait()
    teller.stop.set()
    server.stop(timeout=5)
    kept.close()


def _listener(bind: str) -> socket.socket:
    if bind.startswith("fd://"):
        return socket.socket(fileno=int(bind.removeprefix("fd://")))
    host, _, port = bind.rpartition(":")
    door = socket.create_server((host, int(port)), backlog=1024)
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or every answer waits for an acknowledgement
    return door


COMMANDS = [sandbox]
