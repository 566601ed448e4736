"""What keeps Foyer from starting is told in one line, and harms nothing."""

import os
import socket
import subprocess

import pytest

from services.demo import home

STRANGER = "nobody"

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")


def told_in_one_line(shown, *words):
    assert shown.count("\n") == 1 and shown.startswith("foyer: "), shown
    for word in words:
        assert word in shown
    return True


def test_a_taken_port(installation):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert told_in_one_line(installation(PORT=str(port)).fail(), f"Port {port} is taken", f"process {os.getpid()}")


def test_a_second_one_on_the_same_home(installation):
    installation().start()
    assert told_in_one_line(installation().fail(), "already runs")


def test_data_of_another_version(installation, place):
    foyer = installation().start()
    foyer.stop()
    version = place / "home/postgres/data/PG_VERSION"
    ours = version.read_text()
    version.write_text("9\n")
    assert told_in_one_line(foyer.fail(), "written by PostgreSQL 9")
    version.write_text(ours)
    foyer.start()


@as_root
def test_a_folder_that_may_not_be_written(installation, place):
    (place / "home").mkdir(mode=0o755)
    assert told_in_one_line(installation(user=STRANGER).fail(), "cannot be used: Permission denied", "FOYER_HOME")


@as_root
def test_a_home_that_postgresqls_user_cannot_reach(installation, place):
    (place / "closed").mkdir(mode=0o700)
    shown = installation(place / "closed/home").fail().splitlines()
    assert "cannot be used by" in shown[-1]
    assert (place / "closed").stat().st_mode & 0o777 == 0o700


@as_root
def test_a_disk_that_is_full(installation, place):
    (place / "small").mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "none", place / "small"], check=False)
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a file system")
    try:
        assert told_in_one_line(installation(place / "small").fail(), "The disk is full", str(home.MEGABYTES_NEEDED))
    finally:
        subprocess.run(["umount", place / "small"], check=True)


@pytest.mark.parametrize(("name", "value"), [("PORT", "eighty"), ("PORT", "70000")])
def test_a_setting_that_makes_no_sense(installation, name, value):
    shown = installation(**{name: value}).fail()
    assert shown.startswith("foyer: the configuration cannot be used") and name in shown


def test_a_host_that_is_not_of_this_machine(installation):
    assert told_in_one_line(installation(HOST="203.0.113.1").fail(), "HOST=203.0.113.1")


def test_a_server_of_ones_own_that_does_not_answer(installation):
    shown = installation(FOYER_DATABASE_URL="postgresql://me:secret@127.0.0.1:1/postgres").fail()
    assert told_in_one_line(shown, "127.0.0.1:1")
    assert "secret" not in shown
