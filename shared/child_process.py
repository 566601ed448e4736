"""Starting a server as a child that does not outlive us."""

import ctypes
import os
import pwd
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
# Loaded here and not in the child: between fork and exec nothing may take a lock.
_libc = ctypes.CDLL(None, use_errno=True)


def start_child(
    command: Sequence[str | Path],
    *,
    log: Path,
    user: str | None = None,
    env: Mapping[str, str] | None = None,
    cwd: str | Path = "/",
    pass_fds: Sequence[int] = (),
    when_orphaned: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start `command` with its output appended to `log`, and return at once.

    The child runs in a session of its own, so a Ctrl-C in our terminal reaches it through us only.
    The kernel sends it `when_orphaned` as soon as we are gone, a kill -9 included. To be exact: as soon as the
    *thread* that called this ends, so call it from one that lives as long as the process.

    `user` (root only) is who it runs as. Raises OSError where the command cannot be started.
    """
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - the commands are ours
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            pass_fds=pass_fds,
            start_new_session=True,
            preexec_fn=_die_with_parent(when_orphaned),
            **as_user(user),
        )


def as_user(name: str | None) -> dict:
    """The arguments of `subprocess` that run a command as `name`; none of them for None."""
    if name is None:
        return {}
    account = pwd.getpwnam(name)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _die_with_parent(when_orphaned: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def ask_the_kernel() -> None:
        # A change of user clears the request; subprocess changes it before it calls this.
        _libc.prctl(_PR_SET_PDEATHSIG, int(when_orphaned))
        if os.getppid() != parent:  # we died before the request was made
            os.kill(os.getpid(), when_orphaned)

    return ask_the_kernel
