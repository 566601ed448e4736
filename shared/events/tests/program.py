"""A role in a process of its own: `python -m shared.events.tests.program consumer`."""

from gevent import monkey

monkey.patch_all()  # as every process of the house does before it imports psycopg

import sys  # noqa: E402

from shared import telemetry  # noqa: E402
from shared.config import load  # noqa: E402
from shared.events.tests import salon  # noqa: E402
from shared.roles import run_together  # noqa: E402

if __name__ == "__main__":
    telemetry.configure_logs("info")
    role, service = sys.argv[1:]
    run_together([salon.consumer(load(service)) if role == "consumer" else salon.relay(load(service))])
