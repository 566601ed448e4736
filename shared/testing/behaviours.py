"""The table of transport by behaviour, printed at the end of a run.

A test says `@behaviour("duplicates")`; it is run on each transport, and its outcome is that cell of the table.
"""

from collections import defaultdict
from typing import Any

import pytest

TRANSPORTS = ("embedded", "rabbitmq")

BEHAVIOURS = (
    "redelivery after a kill",
    "retry with growing delay",
    "dead letter with its reason",
    "replay of a dead letter",
    "duplicates",
    "order per subject",
    "fails for ever beside others",
    "a message that kills the process",
    "a broker that restarts",
    "a broker absent at start",
    "a broker that blocks publishers",
    "a broker that refuses (nack)",
    "a relay cut off in mid-batch",
    "two relays for a moment",
    "a lost relay node is replaced",
    "an undecodable message",
    "an unknown type",
    "an upgrade that hears a new type",
    "a late service filled by announce",
    "an old event gone from the log",
)
_CELL = "behaviour"
COLLECTED = pytest.StashKey[list[pytest.Item]]()
"""Every test that was collected."""


def behaviour(name: str) -> pytest.MarkDecorator:
    """Marks a test with its row of the table."""
    if name not in BEHAVIOURS:
        raise ValueError(f"no such behaviour: {name}")
    return pytest.mark.behaviour(name)


def cell_of(item: pytest.Item) -> tuple[str, str] | None:
    """(behaviour, transport) of a test, if it has a cell."""
    mark = item.get_closest_marker("behaviour")
    return (mark.args[0], str(item.callspec.params["transport"])) if mark else None  # type: ignore[attr-defined]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "behaviour(name): a row of the table of transport by behaviour")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Before any is deselected."""
    session.stash[COLLECTED] = list(items)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if cell := cell_of(item):
        item.user_properties.append((_CELL, cell))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    cells: dict[tuple[str, str], list[str]] = defaultdict(list)
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.stats.get(outcome, ()):
            for name, value in getattr(report, "user_properties", ()):
                if name == _CELL:
                    cells[tuple(value)].append(outcome)
    if cells:
        terminalreporter.section("transport by behaviour")
        for row in ("", *BEHAVIOURS):
            words = [_outcome(cells[row, transport]) if row else transport for transport in TRANSPORTS]
            terminalreporter.write_line(f"{row:36}" + "".join(f"{word:12}" for word in words))


def _outcome(outcomes: list[str]) -> str:
    if not outcomes:
        return "-"
    return "ok" if set(outcomes) == {"passed"} else "FAILED"
