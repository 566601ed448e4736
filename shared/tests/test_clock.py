"""The clock of the house."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

PRINT_NOW = "from shared import clock, config; config.load('directory'); print(clock.now().isoformat())"


def test_an_offset_moves_the_clock_of_a_process():
    environ = {"FOYER_CLOCK_OFFSET": "864000", "FOYER_DATABASE_URL": "postgresql://127.0.0.1/none"}
    said = subprocess.run([sys.executable, "-c", PRINT_NOW], env=environ, capture_output=True, text=True, check=True)
    moved = datetime.fromisoformat(said.stdout.strip()) - datetime.now(UTC)
    assert abs(moved - timedelta(days=10)) < timedelta(minutes=1)
