"""All relays, consumers and workers in one process."""

from gevent import monkey

monkey.patch_all()  # before anything imports psycopg, which would block the whole process otherwise

from services.demo import SERVICES_WITH_ROWS  # noqa: E402
from shared import telemetry  # noqa: E402
from shared.card import card, demo_of  # noqa: E402
from shared.config import load  # noqa: E402
from shared.db import Database  # noqa: E402
from shared.roles import LOOPS, Loop, Worker, run_together  # noqa: E402


def main() -> None:
    loops: list[Loop] = []
    for name in SERVICES_WITH_ROWS:
        config = load(name)
        telemetry.configure_logs(config.log_level)
        loops += [LOOPS[role](card(name), config) for role in card(name).roles if role in LOOPS]
        if duties := getattr(demo_of(card(name)), "DUTIES", None):  # rows that need what other services say first
            loops.append(Worker(name, Database(config), duties))
    run_together(loops)


if __name__ == "__main__":
    main()
