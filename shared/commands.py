"""The commands of a service: its roles, its dead letters, its announcements, and what its rooms add (`commands.py`)."""

from dataclasses import replace
from types import ModuleType

import click
import psycopg
from sqlalchemy.exc import DBAPIError

from shared import telemetry
from shared.card import NAMES, Card, demo_of
from shared.config import Config
from shared.db import Database
from shared.events.dead_letters import dead_letters
from shared.events.history import events
from shared.events.transport import Unreachable
from shared.http_command import configuration, http


class Commands(click.Group):
    """Says in one line that a server is not there, or lets nobody in; all else that fails is ours to explain."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (DBAPIError, psycopg.Error, Unreachable) as error:
            if (missing := _missing(error)) is None:
                raise
            raise click.ClickException(f"{self.name}: {missing} Please try again when it does.") from None


def _missing(error: Exception) -> str | None:
    if isinstance(error, Unreachable):
        return f"The broker does not answer: {error}."
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None:
        return f"The database does not let us in: {str(cause).strip().splitlines()[0]}."
    return None


def commands_of(card: Card) -> click.Group:
    group = Commands(card.name, help=card.owns, context_settings={"obj": card})
    group.add_command(http(card.name))
    for role in card.roles:
        if role in ("relay", "consumer", "worker"):
            group.add_command(_loop(card, role))
    if "migrate" in card.roles:
        group.add_command(_migrate(card))
        group.add_command(dead_letters)
        group.add_command(events)
        group.add_command(_announce(card))
    if demo := demo_of(card):
        group.add_command(_demo_data(card, demo))
    for module in card.modules("commands"):
        for command in module.COMMANDS:
            group.add_command(command)
    return group


def configured(card: Card) -> Config:
    """The configuration, with logs set up; a bad one ends the process with every problem listed."""
    config = configuration(card.name)
    telemetry.configure_logs(config.log_level)
    return config


def _loop(card: Card, role: str) -> click.Command:
    def run() -> None:
        from shared.roles import LOOPS, run_together

        config = configured(card)
        loops = [LOOPS[role](card, config)]
        if config.metrics_port:
            from shared.vitals import Vitals

            Vitals(card.name, loops, Database(replace(config, pool_size=2))).serve(config.metrics_port)
        run_together(loops)

    return click.Command(role, callback=run, help=f"Runs the {role} until it is told to stop.")


def _migrate(card: Card) -> click.Command:
    def run() -> None:
        from shared.roles import migrate

        migrate(card, configured(card))

    return click.Command("migrate", callback=run, help="Brings the database up to date and declares the queue.")


def _demo_data(card: Card, demo: ModuleType) -> click.Command:
    def run() -> None:
        demo.load(configured(card))

    return click.Command("demo-data", callback=run, help="Loads rows to try Foyer with, and people to sign in as.")


def _announce(card: Card) -> click.Command:
    @click.command("announce")
    @click.argument("subject")
    @click.option("--to", "queue", type=click.Choice(NAMES), help="Only this service; without it, all.")
    def announce(subject: str, queue: str | None) -> None:
        """States every row of SUBJECT as an event, so that copies can be filled again. Goes on where it was stopped."""
        from shared.events.announce import announce as state

        state(card, Database(configured(card)), subject, queue)

    return announce
