"""The whole of Foyer on one machine with one command: the same services as on Kubernetes, folded into three processes,
and the sandbox gateway as a fourth.

Owns: the folder FOYER_HOME with an embedded PostgreSQL, the keys and the logs. Emits and reacts to nothing.
Knows only the names of the services; what runs inside the processes is `site.py` (all pages and APIs) and
`background.py` (all relays, consumers and workers).
"""

SERVICES = ("directory", "clients", "memberships", "documents", "notifications", "web")
"""Every service of the installation."""

SERVICES_WITH_ROWS = tuple(name for name in SERVICES if name != "web")
"""Those with a database of their own, in the order in which they are migrated."""


class CannotStart(Exception):
    """Why the demo cannot start: the one line that is shown to the person who started it."""
