"""The advisory locks of a service's database, all in one place, so that no two uses share a key by mistake."""

MIGRATING = 7000
"""One migration at a time."""
RELAY_ACTIVE = 7001
"""Held by the one active relay for as long as it lives."""
RELAY_ASLEEP = 7002
"""Held by the relay while it sleeps, and shared by each transaction that writes to the outbox."""
CONSUMER_LIVES = 7003
"""The first of two keys; the second is the number of the life."""
IDEMPOTENCY_KEYS = 7004
"""The first of two keys; the second is made of who asks, for what, and under which key."""
LAST_ADMINISTRATOR = 7101
"""In the directory: two who take the right to change roles from each other come one after the other."""
SENDERS_ASLEEP = 7301
"""In notifications: held by a sender while it sleeps, and shared by each transaction that adds a message."""
BUS_DECLARING = 7201
"""In the bus: one declaration at a time."""
BUS_PUBLISHING = 7202
"""In the bus: publishers take turns."""
