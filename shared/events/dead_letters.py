"""`dead-letters`: what the reactions of a service gave up on, and what a person does with it, one by one.

Safe while consumers run: a dead letter is a row that no consumer touches.
"""

import sys
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table

from shared.card import Card
from shared.config import load
from shared.db import Database
from shared.events import failures


@click.group("dead-letters")
def dead_letters() -> None:
    """What reactions gave up on: list, show, replay, drop."""


@dead_letters.command("list")
@click.pass_obj
def list_(card: Card) -> None:
    """Every dead letter, oldest first."""
    table = Table("id", "reaction", "type", "attempts", "failed at", "reason")
    with _database(card).transaction() as session:
        for letter in failures.dead_letters(session):
            when = letter.failed_at.isoformat(timespec="seconds")
            table.add_row(str(letter.id), letter.reaction, letter.type, str(letter.attempts), when, letter.reason)
    Console(width=None if sys.stdout.isatty() else 200).print(table)


@dead_letters.command()
@click.argument("letter", type=click.UUID)
@click.pass_obj
def show(card: Card, letter: UUID) -> None:
    """One dead letter with its event, which may hold personal data."""
    with _database(card).transaction() as session:
        found = failures.get(session, letter)
    if found is None or not found.dead:
        raise _no_such_letter()
    click.echo(f"reaction  {found.reaction}\nfailed at {found.failed_at.isoformat()}\nattempts  {found.attempts}")
    click.echo(f"reason    {found.reason}\n{found.body}")


@dead_letters.command()
@click.argument("letter", type=click.UUID)
@click.pass_obj
def replay(card: Card, letter: UUID) -> None:
    """Gives a dead letter all its attempts again; the running consumer takes it up."""
    with _database(card).transaction() as session:
        if not failures.replay(session, letter):
            raise _no_such_letter()


@dead_letters.command()
@click.argument("letter", type=click.UUID)
@click.pass_obj
def drop(card: Card, letter: UUID) -> None:
    """Removes a dead letter for good."""
    with _database(card).transaction() as session:
        if not failures.drop(session, letter):
            raise _no_such_letter()


def _database(card: Card) -> Database:
    return Database(load(card.name))


def _no_such_letter() -> click.ClickException:
    return click.ClickException("there is no such dead letter")
