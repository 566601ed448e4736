"""The command line: `python -m services demo`, `python -m services <service> <role>`."""

import sys

import click


@click.group()
def main() -> None:
    """Foyer: client profiles for chains of salons, spas and clinics."""


@main.command()
def demo() -> None:
    """All services on this machine, with an embedded PostgreSQL."""
    from services.demo import CannotStart
    from services.demo.run import run
    from shared.config import BadConfiguration, demo_settings

    try:
        run(demo_settings(), say=click.echo)
    except (CannotStart, BadConfiguration) as error:
        click.echo(f"foyer: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
