"""gunicorn in a container: one gevent worker, which ends without cutting anybody off.

One worker, so that /metrics tells of the whole container and two scrapes of it compare; a service is scaled by more
containers, which the cluster can also move. (`make run` has two workers and is not scraped.)
"""

import signal
from typing import Any

import structlog

bind = "0.0.0.0:8000"
worker_class = "gevent"
workers = 1
worker_connections = 1000
worker_tmp_dir = "/dev/shm"  # noqa: S108 -- the root is read-only, and a disk may stall the heartbeat
control_socket_disable = True
keepalive = 75  # longer than a proxy keeps an idle connection, so that it is never we who close it under a request
timeout = 60
graceful_timeout = 25  # requests under way get this long; Kubernetes waits for 40 seconds before it kills

_marks = [
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
_json = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()]
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": structlog.stdlib.ProcessorFormatter, "foreign_pre_chain": _marks, "processors": _json}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["stderr"], "propagate": False}},
}


def post_fork(arbiter: Any, worker: Any) -> None:
    """A worker that is told to end while it starts, ends. Until it has its own way to hear signals it would pass them
    over by the one that it inherits, and be waited for in vain, `graceful_timeout` long."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
