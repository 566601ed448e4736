"""`python -m services notifications catalogue`."""

import click

from services.notifications.catalogue.table import table


@click.command("catalogue")
def catalogue() -> None:
    """Prints the table of message types, for the docs."""
    click.echo(table(), nl=False)


COMMANDS = [catalogue]
