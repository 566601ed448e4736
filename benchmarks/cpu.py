"""How much CPU a server spends: on a small machine what one takes, another lacks."""

from contextlib import suppress
from urllib.parse import urlsplit

import psutil


def server_behind(url: str) -> psutil.Process:
    """The process that listens at the port of an address on this machine. Raises LookupError when there is none."""
    port = urlsplit(url).port
    for socket in psutil.net_connections("tcp"):
        if socket.status == psutil.CONN_LISTEN and socket.laddr.port == port and socket.pid:
            return psutil.Process(socket.pid)
    raise LookupError(f"nothing listens at port {port}")


def seconds(process: psutil.Process) -> float:
    """Spent since its start, with those of its children, the ended ones among them."""
    total = 0.0
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            times = each.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total
