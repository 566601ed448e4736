"""`bill`: raises what is due at once, or tells what would be."""

from datetime import date, datetime

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from services.memberships.billing import clock as billing
from services.memberships.billing.outlook import Counts, moment_after, would_raise
from shared import clock
from shared.card import Card
from shared.commands import configured
from shared.db import Database


@click.command("bill")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Raise what is due until this day.")
@click.option("--dry-run", is_flag=True, help="Tell what would be raised, and change nothing.")
@click.pass_obj
def bill(card: Card, as_of: datetime, dry_run: bool) -> None:
    """Raises every period that is due until a day, and begins to charge it; the worker does the rest.

    What the clock does by itself, for an operator who will not wait for it. A membership is charged for one period a
    day: what else it has missed follows on the next days. A day that is yet to come is a dry run only, unless the
    gateway is the sandbox.
    """
    config = configured(card)
    day = as_of.date()
    early = day > clock.now().date()
    if early and not dry_run and config.gateway != "sandbox":
        raise click.ClickException(f"{day} is yet to come: add --dry-run to see what will be due then.")
    database = Database(config)
    until = moment_after(day) if early else min(clock.now(), moment_after(day))
    runs = would_raise(database, until, day) if dry_run else billing.run_until(database, until, day)
    total = Counts()
    with _progress() as progress:
        task = progress.add_task("", periods=0)
        for counts in runs:
            total.add(counts)
            progress.update(task, periods=sum(count.periods for count in total.values()))
    _report(total, day, dry_run)


def _progress() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.fields[periods]:,} periods"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )


def _report(total: Counts, day: date, dry_run: bool) -> None:
    title = f"Would be raised until {day}; nothing was changed" if dry_run else f"Raised until {day}"
    table = Table("Currency", "Memberships", "Periods", "Of these frozen", "Amount in minor units", title=title)
    for currency, count in sorted(total.items()):
        table.add_row(currency, *(f"{n:,}" for n in (count.memberships, count.periods, count.skipped, count.amount)))
    Console().print(table if total else f"Nothing is due until {day}.")


COMMANDS = [bill]
