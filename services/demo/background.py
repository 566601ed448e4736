"""All relays, consumers and workers in one process."""

from gevent import monkey

monkey.patch_all()  # before anything imports psycopg, which would block the whole process otherwise

from services.demo import SERVICES_WITH_ROWS  # noqa: E402
from shared import telemetry  # noqa: E402
from shared.card import card  # noqa: E402
from shared.config import load  # noqa: E402
from shared.roles import LOOPS, Loop, run_together  # noqa: E402


def main() -> None:
    loops: list[Loop] = []
    for name in SERVICES_WITH_ROWS:
        config = load(name)
        telemetry.configure_logs(config.log_level)
        loops += [LOOPS[role](card(name), config) for role in card(name).roles if role in LOOPS]
    run_together(loops)


if __name__ == "__main__":
    main()
