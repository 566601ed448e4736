"""A PostgreSQL server of our own: initdb, start as a child, wait until it takes connections, stop.

For `make run` and for the tests. It changes the owner and permissions of nothing but the folder it is given.
"""

import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from shared.child_process import start_child
from shared.ports import free_port
from shared.postgres_binaries import ENVIRONMENT, PostgresFailed, find_binaries, run, unprivileged_user

__all__ = ["PostgresFailed", "PostgresServer"]

SUPERUSER = "foyer"
RECOVERY_S = 3600.0
"""How long a start may take: after a crash under load it reads the log of changes again."""
_POLL_S = 0.02


class PostgresServer:
    """One server with its data under `folder`, on 127.0.0.1 and a port that stays the same over restarts.

    `folder` is made when it is missing; it then belongs to who the server runs as (never root), and its parents must
    let that user pass. `settings` are those of postgresql.conf. Everything committed survives `kill` and a restart
    unless `settings` say otherwise (`fsync`).
    """

    def __init__(self, folder: Path, *, port: int | None = None, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder.absolute()
        self.port = port or free_port()
        self.settings = dict(settings or {})
        self.user = unprivileged_user(self.folder)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"

    @property
    def pid(self) -> int | None:
        """The server's process while it runs, else None."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def url(self, database: str = "postgres") -> str:
        """Where clients connect, password included: the port is open to everybody on this machine."""
        password = self._password_file.read_text().strip()
        return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{self.port}/{database}"

    def start(self, within: float = RECOVERY_S) -> None:
        """Return once the server takes connections, recovery after a crash included. Raises PostgresFailed."""
        if self.pid:
            return
        self._make_folder()
        binaries = find_binaries(self.user, self.folder / "program")
        if self.data.exists():
            self._check_version(binaries)
            self._end_predecessors()
        else:
            self._initdb(binaries)
        log_start = self.log.stat().st_size if self.log.exists() else 0
        self._process = start_child(
            [binaries / "postgres", "-D", self.data, *self._options()],
            log=self.log, user=self.user, env=ENVIRONMENT, when_orphaned=signal.SIGINT,
        )  # fmt: skip
        self._await_ready(within, log_start)

    def stop(self, within: float = 30.0) -> None:
        """Shut down cleanly, ending open sessions. Past `within` seconds it is killed."""
        if not self.pid or not self._process:
            return
        self._process.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """kill -9: what a crash of the machine's process does. `start` recovers."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def restart(self) -> None:
        """Stop and start on the same port with the same data."""
        self.stop()
        self.start()

    @property
    def _password_file(self) -> Path:
        return self.folder / "password"

    def _make_folder(self) -> None:
        if not self.folder.exists():
            self.folder.mkdir(parents=True, mode=0o700)
            self._give_to_user(self.folder)
        if run(["test", "-w", self.folder], user=self.user).returncode:
            raise PostgresFailed(
                f"{self.folder} cannot be used by {self.user or 'us'}, whom PostgreSQL runs as:"
                " it or a folder above it is closed."
            )

    def _give_to_user(self, path: Path) -> None:
        if self.user:
            account = pwd.getpwnam(self.user)
            os.chown(path, account.pw_uid, account.pw_gid)

    def _initdb(self, binaries: Path) -> None:
        # Made beside and renamed, so that a folder named `data` is always whole.
        being_made = self.data.with_suffix(".new")
        shutil.rmtree(being_made, ignore_errors=True)
        self._password_file.write_text(secrets.token_urlsafe(24))
        self._password_file.chmod(0o600)
        self._give_to_user(self._password_file)
        command: list[str | Path] = [
            binaries / "initdb", "-D", being_made, "--username", SUPERUSER, "--pwfile", self._password_file,
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8",
        ]  # fmt: skip
        if self.settings.get("fsync") == "off":
            command.append("--no-sync")
        done = run(command, user=self.user)
        if done.returncode:
            raise PostgresFailed(f"initdb failed: {_reason(done.stderr) or _reason(done.stdout)}")
        being_made.rename(self.data)

    def _options(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.folder) if len(str(self.folder)) < 80 else "",  # the kernel takes 107
            **self.settings,
        }
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _check_version(self, binaries: Path) -> None:
        ours = re.search(r"\d+", run([binaries / "postgres", "--version"], user=self.user).stdout)
        theirs = (self.data / "PG_VERSION").read_text().strip()
        if ours and ours.group() != theirs:
            raise PostgresFailed(
                f"The data in {self.data} was written by PostgreSQL {theirs}; the one installed is {ours.group()}."
            )

    def _end_predecessors(self) -> None:
        """Two servers on one folder is what must never be, and PostgreSQL itself refuses it.

        A server whose supervisor was killed may still be on its way out, and so may the sessions of a killed server.
        Where all are gone, a pid file that is left names somebody else by now (after a restart of a container often
        a stranger that lives), and would keep PostgreSQL from starting.
        """
        for farewell, patience in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 10.0)):
            deadline = time.monotonic() + patience
            for pid in self._serving():
                with suppress(ProcessLookupError):
                    os.kill(pid, farewell)
            while left := self._serving():
                if time.monotonic() > deadline:
                    break
                time.sleep(_POLL_S)
            else:
                (self.data / "postmaster.pid").unlink(missing_ok=True)
                return
        raise PostgresFailed(f"A PostgreSQL (process {left[0]}) still uses {self.data} and does not end.")

    def _serving(self) -> list[int]:
        """The processes of a PostgreSQL on our data: it works in that folder, so a pid that was reused is not taken."""
        return [int(process.name) for process in Path("/proc").glob("[0-9]*") if self._is_ours(process)]

    def _is_ours(self, process: Path) -> bool:
        try:
            is_postgres = (process / "comm").read_text().startswith("postgres")
            return is_postgres and (process / "cwd").readlink() == self.data.resolve()
        except OSError:  # gone meanwhile, or somebody else's
            return False

    def _pid_on_file(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n")[0])
        except (OSError, ValueError):
            return None

    def _await_ready(self, within: float, log_start: int) -> None:
        assert self._process
        deadline = time.monotonic() + within
        while not self._is_ready():
            if self._process.poll() is not None:
                raise PostgresFailed(f"PostgreSQL did not start: {self._reason_in_log(log_start)}")
            if time.monotonic() > deadline:
                self.kill()
                raise PostgresFailed(f"PostgreSQL took no connections within {within:.0f} s; see {self.log}.")
            time.sleep(_POLL_S)

    def _is_ready(self) -> bool:
        """The eighth line of postmaster.pid says so; pg_ctl looks there too."""
        try:
            lines = (self.data / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        return self._pid_on_file() == self.pid and len(lines) > 7 and lines[7].strip() == "ready"

    def _reason_in_log(self, start: int) -> str:
        with self.log.open("rb") as log:
            log.seek(start)
            return _reason(log.read().decode(errors="replace"))


def _reason(output: str) -> str:
    """The line of a log that says why: the first fatal one with its cause, not the echo that ends every log."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for mark in ("could not bind", "No space left", "PANIC:", "FATAL:", "error:"):
        for line in lines:
            if mark in line:
                return line.split("  ", 1)[-1]
    return lines[-1] if lines else "it gave no reason"
