"""`python -m services documents verify`: do rows and store agree, and is what was signed still what was signed?"""

import sys

import click
from rich.progress import Progress

from services.documents.contents.verifying import YOUNG_SECONDS, verify
from services.documents.papers.verifying import prove
from services.documents.stores.open import store
from shared.card import card
from shared.commands import configured
from shared.db import Database


@click.command("verify")
@click.option("--repair", is_flag=True, help="Remove bytes that belong to no document.")
@click.option("--young", default=YOUNG_SECONDS, show_default=True, help="Seconds for which bytes may await their row.")
def verify_command(repair: bool, young: int) -> None:
    """Compares files with the store, and signed forms with their hashes. Exits with 1 when one is not as it was."""
    config = configured(card("documents"))
    with Progress() as bar:
        task = bar.add_task("Comparing", total=None)
        found = verify(Database(config), store(config), repair=repair, young=young, progress=lambda: bar.advance(task))
    proofs = prove(Database(config), store(config))
    click.echo(f"{found.blobs} files, {len(found.missing)} without bytes, {len(found.stray)} left over")
    for key in found.missing:
        click.echo(f"without bytes: {key}")
    for key in found.stray:
        click.echo(f"{'removed' if repair else 'left over'}: {key}")
    click.echo(
        f"{proofs.signed} signed forms, {len(proofs.changed)} changed, {len(proofs.papers_changed)} with another PDF"
    )
    for name, ids in (("changed", proofs.changed), ("another PDF", proofs.papers_changed)):
        for assignment_id in ids:
            click.echo(f"{name}: form {assignment_id}")
    sys.exit(1 if found.missing or proofs.changed or proofs.papers_changed else 0)


COMMANDS = [verify_command]
