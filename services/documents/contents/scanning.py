"""Asks a ClamAV whether a file is harmless, where one is set up."""

from pathlib import Path

from clamav_client.clamd import ClamdError, ClamdNetworkSocket

PIECE_SECONDS = 60.0


class ScannerAway(Exception):
    """It does not answer, or cannot tell."""


def scan(scanner: str, path: Path) -> str:
    """`clean` or `infected`. Raises ScannerAway."""
    host, _, port = scanner.partition(":")
    asked = ClamdNetworkSocket(host=host, port=int(port or 3310), timeout=PIECE_SECONDS)
    try:
        with path.open("rb") as file:
            status, reason = asked.instream(file)["stream"]
    except (ClamdError, OSError) as error:
        raise ScannerAway(str(error)) from error
    if status == "ERROR":
        raise ScannerAway(str(reason))
    return "clean" if status == "OK" else "infected"
