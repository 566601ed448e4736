"""`python -m shared.contracts build | check`: publishes the contracts, or tells what a change would break."""

import sys

import click

from shared.contracts import all_contracts
from shared.contracts.published import broken, differences, write


@click.group()
def main() -> None:
    """The contracts of Foyer's events."""


@main.command()
def check() -> None:
    """Fails when the code breaks what is published, or differs from it."""
    _refuse_breaks()
    if names := differences(all_contracts()):
        click.echo(f"not published yet: {', '.join(names)}. Run `python -m shared.contracts build`.", err=True)
        sys.exit(1)


@main.command()
def build() -> None:
    """Writes what has been added. A break is refused: it takes a new version, beside the old one."""
    _refuse_breaks()
    write(all_contracts())


def _refuse_breaks() -> None:
    if lines := list(broken(all_contracts())):
        click.echo("\n".join(lines), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
