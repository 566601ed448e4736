"""The command line: `python -m services demo`, `python -m services <service> <role>`."""

from importlib.util import find_spec

import click

from shared.card import NAMES, card


class Services(click.Group):
    """The demo, and a group of commands for each service that this image holds."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return ["demo", *(name for name in NAMES if find_spec(f"services.{name}"))]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in NAMES or not find_spec(f"services.{name}"):
            return super().get_command(ctx, name)
        from gevent import monkey

        monkey.patch_all()  # before anything imports psycopg, which would block the whole process otherwise
        from shared.commands import commands_of

        return commands_of(card(name))


@click.group(cls=Services)
def main() -> None:
    """Foyer: client profiles for chains of salons, spas and clinics."""


@main.command()
def demo() -> None:
    """All services on this machine, with an embedded PostgreSQL."""
    from services.demo.run import from_the_command_line

    from_the_command_line()


if __name__ == "__main__":
    main()
