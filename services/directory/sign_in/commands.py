"""What an operator runs once, after the first migration."""

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.directory.authority import HOUSE
from services.directory.employees import actions as employees
from services.directory.employees.models import Employee
from services.directory.machines import actions as machines
from services.directory.machines.models import Machine
from services.directory.machines.secrets import digest
from services.directory.roles import actions as roles
from services.directory.roles.models import Role
from services.directory.sign_in.passwords import hashed
from shared.actor import Context, acting
from shared.card import card
from shared.commands import configured
from shared.config import Config
from shared.db import Database

WEB = {"name": "Foyer", "client_id": "web", "permissions": ["directory.sessions.open"], "active": True}


@click.command("set-up")
@click.option("--admin", help="Sign-in name of the first administrator; asked for a password.")
@click.option("--password-secret", help="The secret that holds the administrator's password, in place of asking.")
@click.option("--name", help="The administrator's name.")
@click.option("--role", default="Administrator", show_default=True, help="What the role that may do all is called.")
def set_up(admin: str | None, password_secret: str | None, name: str | None, role: str) -> None:
    """Lets the console in with the secret `web-machine-secret`, and makes a first administrator. Repeatable."""
    config = configured(card("directory"))
    database = Database(config)
    with acting(Context(actor="service:directory", channel="api")):
        with database.transaction() as session:
            let_the_console_in(session, config.secret("web-machine-secret"))
            wanted = admin and not session.scalar(select(Employee.id).where(Employee.username == admin))
        if admin and wanted:
            password_hash = hashed(_password(config, password_secret))
            with database.transaction() as session:
                add_administrator(session, role, admin, name or admin, password_hash)
            click.echo(f"{admin} may sign in and do everything.")


def _password(config: Config, secret: str | None) -> str:
    return config.secret(secret) if secret else click.prompt("Password", hide_input=True, confirmation_prompt=True)


def let_the_console_in(session: Session, secret: str) -> None:
    """The machine `web` with this secret; one that is there takes it in place of its own."""
    web = session.scalar(select(Machine).where(Machine.client_id == "web").with_for_update())
    if web is None:
        machines.add(session, HOUSE, WEB, secret=secret)
    elif web.secret_hash != digest(secret):
        machines.set_secret(session, web, secret)


def add_administrator(session: Session, role: str, username: str, name: str, password_hash: str) -> None:
    found = session.scalar(select(Role).where(Role.everything)) or roles.add(
        session, HOUSE, {"name": role, "permissions": []}, everything=True
    )
    held = [{"role_id": found.id, "branch_id": None}]
    details = {"name": name, "username": username, "branch_ids": [], "roles": held, "active": True}
    employees.add(session, HOUSE, details, password_hash=password_hash)


COMMANDS = [set_up]
