"""`import` and `export`: clients from and to a CSV file."""

import sys
from pathlib import Path
from typing import TextIO

import click

from services.clients.imports.exporting import export
from services.clients.imports.lines import BadFile
from services.clients.imports.loading import load, refusals_of
from shared.card import Card
from shared.commands import configured
from shared.db import Database


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Tell what would happen, and change nothing.")
@click.option("--force", is_flag=True, help="Register also who shares a phone or an e-mail with somebody.")
@click.pass_obj
def import_clients(card: Card, file: Path, dry_run: bool, force: bool) -> None:
    """Registers the clients of a CSV FILE. Its first line names the columns, of which first_name must be there.

    A line with an external_id that was imported before changes that client, unless the line is the same; a line
    without one is imported once. So the same file twice changes nothing, and one that was stopped goes on when it is
    run again. Lines that are refused are written to FILE.refused.csv, each with its reason; then the exit status is 1.
    """
    config = configured(card)
    try:
        total = load(file, Database(config), config.chain, dry_run=dry_run, force=force)
    except BadFile as error:
        raise click.ClickException(f"{file}: {error}") from error
    found = f"{total.registered:,} new, {total.changed:,} changed, {total.unchanged:,} there already"
    click.echo(f"{found}, {total.refused_count:,} refused{'; nothing was written' if dry_run else ''}.")
    if total.refused_count:
        click.echo(f"The refused lines and why: {refusals_of(file)}")
        sys.exit(1)


@click.command("export")
@click.argument("file", type=click.File("w", encoding="utf-8", lazy=False))
@click.pass_obj
def export_clients(card: Card, file: TextIO) -> None:
    """Writes every client to a CSV FILE that import reads; - is the standard output."""
    count = export(Database(configured(card)), file)
    click.echo(f"{count:,} clients.", err=True)


COMMANDS = [import_clients, export_clients]
