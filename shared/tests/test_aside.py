"""Long work that gives way. In a process of its own, since gevent patches all of one."""

import subprocess
import sys

GIVING_WAY = """
from gevent import monkey; monkey.patch_all()
import gevent
from shared.aside import AT_A_TIME, giving_way

turns = []

def others():
    while True:
        turns.append(done)
        gevent.sleep(0)

done = 0
gevent.spawn(others)
for _ in giving_way(range(4 * AT_A_TIME)):
    done += 1
print(turns == [n * AT_A_TIME for n in range(1, 5)])
"""


def test_others_have_their_turn_after_each_fifty_items() -> None:
    said = subprocess.run([sys.executable, "-c", GIVING_WAY], capture_output=True, text=True, timeout=60, check=True)
    assert said.stdout.strip() == "True"
