"""`python -m services documents verify`: do rows and store agree?"""

import sys

import click
from rich.progress import Progress

from services.documents.contents.verifying import YOUNG_SECONDS, verify
from services.documents.stores.open import store
from shared.card import card
from shared.commands import configured
from shared.db import Database


@click.command("verify")
@click.option("--repair", is_flag=True, help="Remove bytes that belong to no document.")
@click.option("--young", default=YOUNG_SECONDS, show_default=True, help="Seconds for which bytes may await their row.")
def verify_command(repair: bool, young: int) -> None:
    """Compares documents with the store. Exits with 1 when a document lacks its bytes."""
    config = configured(card("documents"))
    with Progress() as bar:
        task = bar.add_task("Comparing", total=None)
        found = verify(Database(config), store(config), repair=repair, young=young, progress=lambda: bar.advance(task))
    click.echo(f"{found.blobs} files, {len(found.missing)} without bytes, {len(found.stray)} left over")
    for key in found.missing:
        click.echo(f"without bytes: {key}")
    for key in found.stray:
        click.echo(f"{'removed' if repair else 'left over'}: {key}")
    sys.exit(1 if found.missing else 0)


COMMANDS = [verify_command]
