"""A RabbitMQ of this machine's own programs, as a child process with everything it writes in one folder."""

import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

from shared.child_process import start_child
from shared.ports import free_port
from shared.testing.eventually import eventually
from shared.testing.servers.broker import ERLANG_ARGUMENTS, START_WITHIN_S, BrokerAddress, OwnBroker
from shared.testing.servers.folders import temporary_folder

# Not the wrappers in /usr/sbin: those switch to the user of the system's own broker.
PROGRAMS = Path("/usr/lib/rabbitmq/bin")

CONFIGURATION = """\
default_user = {user}
default_pass = {password}
listeners.tcp.1 = {host}:{amqp_port}
management.tcp.ip = {host}
management.tcp.port = {api_port}
log.console = true
log.file = false
"""


class LocalBroker(OwnBroker):
    """A RabbitMQ as our child: it ends when we do. It shares nothing with the system's broker nor with another one."""

    def __init__(self) -> None:
        super().__init__(BrokerAddress(free_port(), free_port(), "foyer", secrets.token_hex(12)))
        self.folder = temporary_folder("rabbitmq")
        self._env = self._environment()
        self._write_files()
        self._process: subprocess.Popen[bytes] | None = None
        self._name_server: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The server's process while it runs, else None."""
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def log(self) -> Path:
        return self.folder / "rabbitmq.log"

    def start(self) -> None:
        if self.pid:
            return
        self._start_name_server()
        command = [PROGRAMS / "rabbitmq-server"]
        self._process = start_child(command, log=self.log, env=self._env, when_orphaned=signal.SIGKILL)
        eventually(self._is_up, within=START_WITHIN_S, every=0.1)

    def stop(self) -> None:
        if self.pid and self._process:
            self._process.terminate()
            self._process.wait(60)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()

    def ctl(self, *args: str) -> str:
        command = [str(PROGRAMS / "rabbitmqctl"), "-q", *args]
        return subprocess.run(command, env=self._env, check=True, capture_output=True, text=True, timeout=60).stdout

    def remove(self) -> None:
        self.kill()
        if self._name_server:
            self._name_server.kill()
            self._name_server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _is_up(self) -> bool:
        if not self.pid:
            raise RuntimeError(f"RabbitMQ ended while it started:\n{self.log.read_text(errors='replace')[-2000:]}")
        return self.takes_connections()

    def _start_name_server(self) -> None:
        """Erlang would start one by itself: a daemon that nobody ends, and that all nodes of the machine share."""
        if not self._name_server:
            command = ["epmd", "-address", "127.0.0.1", "-port", self._env["ERL_EPMD_PORT"]]
            self._name_server = start_child(command, log=self.log, env=self._env, when_orphaned=signal.SIGKILL)

    def _write_files(self) -> None:
        (self.folder / "rabbitmq.conf").write_text(CONFIGURATION.format(**vars(self.address)))
        (self.folder / "rabbitmq.conf").chmod(0o600)
        (self.folder / "enabled_plugins").write_text("[rabbitmq_management].\n")
        cookie = self.folder / ".erlang.cookie"
        cookie.write_text(secrets.token_hex(20))
        cookie.chmod(0o400)

    def _environment(self) -> dict[str, str]:
        own = str(self.folder)
        return {
            "PATH": os.defpath,
            "LC_ALL": "C.UTF-8",
            "HOME": own,
            "ERL_EPMD_PORT": str(free_port()),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"foyer-{self.address.amqp_port}@localhost",
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"-kernel inet_dist_use_interface {{127,0,0,1}} {ERLANG_ARGUMENTS}",
            "RABBITMQ_MNESIA_BASE": f"{own}/data",
            "RABBITMQ_LOG_BASE": f"{own}/log",
            "RABBITMQ_PID_FILE": f"{own}/pid",
            "RABBITMQ_CONFIG_FILE": f"{own}/rabbitmq.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{own}/enabled_plugins",
            # Neither of these exists; without them the machine's own in /etc/rabbitmq would be read.
            "RABBITMQ_CONF_ENV_FILE": f"{own}/rabbitmq-env.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{own}/advanced.config",
            # The start script then becomes the server instead of waiting for it, and its process id is the server's.
            "detached": "true",
        }
