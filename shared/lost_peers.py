"""How soon PostgreSQL and its clients notice that the other's node is gone without a word: within 15 seconds.

Keepalives see a silent peer only while nothing is on its way to it. What was sent and never acknowledged is repeated
for a quarter of an hour, which the user timeout ends; a NOTIFY to a lost relay is just that. And a server at work on a
statement does not look whether anybody still wants it, and holds its locks, unless it is told to check.
"""

from typing import Any

SERVER = " ".join(
    f"-c {setting}"
    for setting in (
        "tcp_keepalives_idle=5",
        "tcp_keepalives_interval=3",
        "tcp_keepalives_count=2",
        "tcp_user_timeout=10s",
        "client_connection_check_interval=1s",
    )
)
"""For the `options` of a connection: what the server does for this session."""

CLIENT: dict[str, Any] = {
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
}
"""libpq's own parameters of a connection."""
