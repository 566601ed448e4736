"""`events tail`, as a process of its own on each transport."""

import subprocess
import sys

from shared.contracts.directory import EMPLOYEE_ADDED
from shared.events.envelope import decode
from shared.events.history import masked
from shared.testing.eventually import eventually
from shared.testing.processes import HOUSE


def tail(house, *options: str):
    """Starts it; answers what it has printed so far."""
    printed = house.folder / "tail.txt"
    with printed.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "services", "clients", "events", "tail", *options],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={"PATH": "/usr/bin:/bin", **house.environment()},
            cwd=HOUSE,
        )
    house.at_the_end(process.wait)
    house.at_the_end(process.kill)
    return printed.read_text


def test_it_prints_what_was_said_and_what_is_said_and_masks_names(house):
    house.say("Lucía Ortega", contract=EMPLOYEE_ADDED)
    house.say("Salamanca")
    house.carry()
    printed = tail(house, "--from-start")
    eventually(lambda: "directory.branch.changed.v1" in printed(), within=30)
    house.say("Chamberí")
    house.carry()
    eventually(lambda: "Chamberí" in printed())
    assert "Salamanca" in printed()
    assert '"name":"•••"' in printed().splitlines()[0]
    assert "Lucía" not in printed()


def test_it_shows_persons_and_one_kind_only_when_asked(house):
    house.say("Lucía Ortega", contract=EMPLOYEE_ADDED)
    house.say("Salamanca")
    house.say("Nora Vidal", contract=EMPLOYEE_ADDED)
    house.carry()
    printed = tail(house, "--from-start", "--personal", "--type", "directory.employee.*")
    eventually(lambda: "Nora Vidal" in printed(), within=30)
    assert "Lucía Ortega" in printed()
    assert "Salamanca" not in printed()


def test_what_no_contract_describes_is_masked_whole():
    event = decode(b'{"id": "1", "type": "weather.sky.cleared.v1", "data": {"seen_by": {"name": "Nora"}}}')
    assert masked(event) == {"seen_by": "•••"}
