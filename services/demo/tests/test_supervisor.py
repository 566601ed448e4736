import os
import sys
from itertools import pairwise

import psutil
import pytest

from services.demo.home import MEGABYTES_OF_LOG, log_file
from services.demo.leftovers import is_alive
from services.demo.supervisor import Program, Supervisor
from shared import clock
from shared.testing.eventually import eventually


@pytest.fixture
def program(tmp_path):
    made = []

    def make(code):
        made.append(Program([sys.executable, "-c", code], folder=tmp_path, log=tmp_path / "log", env={}))
        return made[-1]

    yield make
    for one in made:
        one.stop(0)


def test_what_keeps_ending_is_started_again_after_ever_longer_pauses(program):
    said = []
    supervisor = Supervisor(lambda line: said.append((clock.monotonic(), line)))
    supervisor.start("The part", program("raise SystemExit(3)"))
    supervisor.watch(until=lambda: len(said) >= 4)
    moments = [moment for moment, _ in said]
    pauses = [later - earlier for earlier, later in pairwise(moments)]
    assert pauses == sorted(pauses) and pauses[-1] > 2 * pauses[0]
    assert "The part ended and is started again." in said[0][1]


def test_parts_stop_in_the_opposite_order_of_their_start(program, tmp_path):
    leave_word = "import signal, sys, time; signal.signal(15, lambda *_: (open('order', 'a').write({!r}), sys.exit()))"
    supervisor = Supervisor(print)
    for name in ("first ", "second "):
        part = program(leave_word.format(name) + f"; open({name!r}, 'w'); signal.pause()")
        supervisor.start(name, part)
        eventually((tmp_path / name).exists)
    supervisor.stop()
    assert (tmp_path / "order").read_text() == "second first "


def test_a_part_that_does_not_listen_is_killed_with_all_that_it_started(program, tmp_path):
    deaf = (
        "import os, signal; signal.signal(15, signal.SIG_IGN); os.fork(); open(str(os.getpid()), 'w'); signal.pause()"
    )
    part = program(deaf)
    part.start()
    eventually(lambda: len(list(tmp_path.glob("[0-9]*"))) == 2)
    processes = [psutil.Process(int(path.name)) for path in tmp_path.glob("[0-9]*")]
    part.stop(within=0.1)
    eventually(lambda: not any(is_alive(process) for process in processes))
    assert part.pid is None


def test_a_ctrl_c_on_the_terminal_does_not_reach_the_parts(program):
    part = program("import signal; signal.pause()")
    part.start()
    assert os.getsid(part.pid) == part.pid != os.getsid(0)


def test_a_log_that_has_grown_long_is_put_aside_once(tmp_path):
    (tmp_path / "logs").mkdir()
    log = log_file(tmp_path, "site")
    with log.open("wb") as file:
        file.truncate(MEGABYTES_OF_LOG * 1_000_000 + 1)
    assert log_file(tmp_path, "site") == log
    assert [path.name for path in (tmp_path / "logs").iterdir()] == ["site.log.old"]
