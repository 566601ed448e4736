"""The table of what a gateway promises, by gateway, printed at the end of a run. A pytest plugin.

A test says `@promise("a lost answer is found")`, and runs at each gateway. What one's stand-in cannot do is in
`EXCUSED` with its reason and is not run; no cell is empty.
"""

from collections import defaultdict
from typing import Any

import pytest

GATEWAYS = ("sandbox", "stripe")
PROMISES = (
    "a card is saved without its number",
    "an unfinished setup saves nothing",
    "creating takes nothing",
    "confirming takes the amount",
    "confirming twice takes it once",
    "one key creates one payment",
    "a plain decline",
    "decline codes are told apart",
    "the bank asks for the client",
    "the client confirms",
    "the client refuses",
    "a cancelled payment takes nothing any more",
    "a cancellation that comes too late says so",
    "a lost answer is found",
    "an answer that is too slow is found later",
    "a gateway that is down did nothing",
    "a wrong name is refused",
    "a refund is found by its name and by ours",
    "no more is refunded than was taken",
    "a refund that fails later",
    "a dispute",
    "a removed card is not charged",
    "a card that the network renews",
    "a signed webhook says where to look",
    "an unsigned webhook is refused",
)
RECORDED = "test_stripe_recorded.py, by recorded objects"
EXCUSED = {
    ("one key creates one payment", "stripe"): "localstripe ignores keys; that it is sent is tested",
    ("decline codes are told apart", "stripe"): f"localstripe knows none; {RECORDED}",
    ("no more is refunded than was taken", "stripe"): "localstripe does not check the sum; our database does",
    ("a refund that fails later", "stripe"): f"localstripe's never do; {RECORDED}",
    ("a dispute", "stripe"): f"localstripe has none; {RECORDED}",
    ("a removed card is not charged", "stripe"): "localstripe charges it all the same",
    ("a card that the network renews", "stripe"): f"localstripe has no network; {RECORDED}",
}
_CELL = "promise"


def promise(name: str) -> pytest.MarkDecorator:
    """Marks a test with its row of the table."""
    if name not in PROMISES:
        raise ValueError(f"no such promise: {name}")
    return pytest.mark.promise(name)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "promise(name): a row of the table of what a gateway promises")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    mark = next(metafunc.definition.iter_markers("promise"), None)
    if mark:
        run = [gateway for gateway in GATEWAYS if (mark.args[0], gateway) not in EXCUSED]
        metafunc.parametrize("peer", run, indirect=True)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if mark := item.get_closest_marker("promise"):
        item.user_properties.append((_CELL, [mark.args[0], item.callspec.params["peer"]]))  # type: ignore[attr-defined]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    cells: dict[tuple[str, str], list[str]] = defaultdict(list)
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.stats.get(outcome, ()):
            for name, value in getattr(report, "user_properties", ()):
                if name == _CELL:
                    cells[tuple(value)].append(outcome)
    if cells:
        terminalreporter.section("what a gateway promises")
        for row in ("", *PROMISES):
            words = [_outcome(cells, row, gateway) if row else gateway for gateway in GATEWAYS]
            terminalreporter.write_line(f"{row:45}{words[0]:12}{words[1]}")


def _outcome(cells: dict[tuple[str, str], list[str]], row: str, gateway: str) -> str:
    if reason := EXCUSED.get((row, gateway)):
        return reason
    outcomes = cells[row, gateway]
    return "-" if not outcomes else "ok" if set(outcomes) == {"passed"} else "FAILED"
