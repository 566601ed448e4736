"""The secrets of an installation: made where they are missing, kept where they are.

`python -m deploy.make_secrets FOLDER` makes one folder per service, which is mounted as FOYER_SECRETS or becomes a
Secret of Kubernetes, and what PostgreSQL and RabbitMQ are prepared with:

    FOLDER/<service>/database-url, amqp-url, …     FOLDER/postgres/superuser-password, init.sql
    FOLDER/rabbitmq/operator-password, subscriber-<name>, definitions.json

Run it again for a new service or subscriber, and load `init.sql` and `definitions.json` again.
"""

import json
import secrets
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click

from deploy.rabbitmq.definitions import OPERATOR, definitions
from services.demo.keys import make_missing_keys, write_whole
from shared.card import installed

KEYS = {
    "directory": ("directory-signing-key", "web-machine-secret"),
    "memberships": ("gift-card-key", "sandbox-key"),
    "notifications": ("suppression-key",),
    "web": ("web-cookie-key", "web-machine-secret"),
}
"""Which service is given which key; one that two are given is the same for both."""


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--postgres", default="postgres:5432", help="Where the services reach PostgreSQL: HOST:PORT.")
@click.option("--rabbitmq", default="rabbitmq:5672", help="Where the services reach RabbitMQ: HOST:PORT.")
@click.option("--subscriber", "subscribers", multiple=True, help="A program outside that may hear events.")
def main(folder: Path, postgres: str, rabbitmq: str, subscribers: tuple[str, ...]) -> None:
    """Makes the secrets that FOLDER lacks. Readable by its owner only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)  # its files are mounted into containers that run as somebody else; this keeps the host's out
    services = [card.name for card in installed() if "migrate" in card.roles]
    if taken := set(subscribers) & set(services):
        raise click.BadParameter(f"{', '.join(taken)} is a service and no subscriber")
    for name in services:
        _url(folder / name / "database-url", f"postgresql://{name}", f"{postgres}/foyer_{name}")
        _url(folder / name / "amqp-url", f"amqp://{name}", f"{rabbitmq}/%2F")
    _keys(folder)
    _prepare_postgres(folder, services)
    _prepare_rabbitmq(folder, services, subscribers)


def _url(file: Path, before: str, after: str) -> None:
    if not file.exists():
        _write(file, f"{before}:{secrets.token_urlsafe()}@{after}")


def _keys(folder: Path) -> None:
    make_missing_keys(_folder(folder / "keys"))
    for service, names in KEYS.items():
        for name in names:
            _write(folder / service / name, (folder / "keys" / name).read_text())


def _prepare_postgres(folder: Path, services: list[str]) -> None:
    """A user and a database per service, which nobody else can open."""
    _password(folder / "postgres" / "superuser-password")
    lines = [line for name in services for line in _own_database(name, _password_in(folder / name / "database-url"))]
    _write(folder / "postgres" / "init.sql", "\n".join(lines) + "\n")


def _own_database(name: str, password: str) -> list[str]:
    """Statements for psql that may be run again."""
    database = f"foyer_{name}"
    return [
        f"SELECT 'CREATE ROLE {name}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') \\gexec",
        f"ALTER ROLE {name} LOGIN PASSWORD '{password}';",
        f"SELECT 'CREATE DATABASE {database} OWNER {name} TEMPLATE template0 ENCODING ''UTF8'''"
        f" WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{database}') \\gexec",
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC;",
    ]


def _prepare_rabbitmq(folder: Path, services: list[str], subscribers: tuple[str, ...]) -> None:
    place = _folder(folder / "rabbitmq")
    known = {file.name.removeprefix("subscriber-") for file in place.glob("subscriber-*")}
    outside = sorted(known | set(subscribers))
    passwords = {OPERATOR: _password(place / "operator-password")}
    passwords |= {name: _password_in(folder / name / "amqp-url") for name in services}
    passwords |= {name: _password(place / f"subscriber-{name}") for name in outside}
    _write(place / "definitions.json", json.dumps(definitions(passwords, outside), indent=1) + "\n")


def _password(file: Path) -> str:
    if not file.exists():
        _write(file, secrets.token_urlsafe())
    return file.read_text()


def _password_in(url: Path) -> str:
    password = urlsplit(url.read_text()).password
    return password or sys.exit(f"{url} holds no password")


def _write(file: Path, text: str) -> None:
    _folder(file.parent)
    write_whole(file, text)
    file.chmod(0o644)


def _folder(path: Path) -> Path:
    path.mkdir(exist_ok=True)
    path.chmod(0o755)
    return path


if __name__ == "__main__":
    main()
