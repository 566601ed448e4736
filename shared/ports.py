"""Free TCP ports of this machine."""

import random
import socket

# Below the range that the kernel takes for outgoing connections (32768 and up). A client that keeps trying a port of
# that range while its server is down can in the end be given that very port, and then talks to itself.
_FIRST, _LAST = 15_000, 32_000


def free_port() -> int:
    """A port of 127.0.0.1 that nothing uses now. It is not reserved: somebody else may take it before you do."""
    while True:
        port = random.randint(_FIRST, _LAST)  # noqa: S311 - not a secret
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
