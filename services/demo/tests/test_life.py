"""Start, stop, and every kind of end in between: nothing that was committed is lost."""

import signal
from contextlib import suppress

import psutil
import pytest

from services.demo.keys import MAKERS
from services.demo.leftovers import is_alive
from shared.testing.eventually import eventually


def gone(processes):
    return not any(is_alive(process) for process in processes)


def test_one_command_on_an_empty_folder_serves_and_says_where_and_for_whom(installation, place):
    foyer = installation(FOYER_DEMO_PASSWORD="a-password").start()
    assert foyer.ask("/notes") == ""
    for word in ("admin", "manager", "reception", "a-password"):
        assert word in foyer.shown
    assert set(foyer.processes) == {"postgres", "site", "background", "sandbox"}


def test_secrets_are_for_their_owner_only_and_stay_the_same(installation, place):
    foyer = installation().start()
    keys = {path: path.read_text() for path in (place / "home/secrets").iterdir()}
    assert {path.name for path in keys} == set(MAKERS)
    assert all(path.stat().st_mode & 0o077 == 0 for path in (place / "home/secrets", *keys))
    foyer.stop()
    foyer.start()
    assert keys == {path: path.read_text() for path in keys}


@pytest.mark.parametrize("farewell", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_stops_cleanly_and_leaves_nothing_running(installation, farewell):
    foyer = installation().start()
    everything = foyer.everything()
    assert foyer.stop(farewell) == 0
    assert gone(everything)
    assert "PostgreSQL ended" not in foyer.shown


def test_a_second_start_finds_what_was_written(installation):
    foyer = installation().start()
    foyer.ask("/notes/kept", "PUT")
    foyer.stop()
    foyer.start()
    assert foyer.ask("/notes") == "kept"


@pytest.mark.parametrize("name", ["postgres", "site", "background", "sandbox"])
def test_a_process_that_is_killed_is_started_again_and_nothing_is_lost(installation, name):
    foyer = installation().start()
    foyer.ask("/notes/kept", "PUT")
    before = foyer.processes
    before[name].kill()

    def replaced():
        """Just the one that was killed has another process now."""
        now = foyer.processes
        return now.keys() == before.keys() and [other for other in now if now[other] != before[other]] == [name]

    eventually(replaced, within=20)
    eventually(lambda: foyer.ask("/notes") == "kept", within=20)  # pages fail for as long as the database is away


def test_while_the_site_is_started_again_requests_wait_and_are_not_refused(installation):
    foyer = installation().start()
    site = foyer.processes["site"]
    for process in (site, *site.children()):
        process.kill()
    assert foyer.ask("/process") != str(site.pid)


def test_when_the_supervisor_is_killed_its_processes_end_too(installation):
    foyer = installation().start()
    everything = foyer.everything()
    foyer.kill_supervisor()
    eventually(lambda: gone(everything), within=20)


def test_a_start_right_after_a_kill_of_the_supervisor_takes_over(installation):
    foyer = installation().start()
    foyer.ask("/notes/kept", "PUT")
    port = foyer.address.rsplit(":", 1)[1]
    foyer.kill_supervisor()
    foyer.settings["PORT"] = port
    assert foyer.start().ask("/notes") == "kept"


def test_a_start_after_a_kill_of_everything_finds_what_was_committed(installation):
    foyer = installation().start()
    for number in range(20):
        foyer.ask(f"/notes/{number:02}", "PUT")
    for process in reversed(foyer.everything()):  # the supervisor last: those that it starts end by themselves with it
        with suppress(psutil.NoSuchProcess):
            process.kill()
    foyer.kill_supervisor()
    assert foyer.start().ask("/notes") == " ".join(f"{number:02}" for number in range(20))
