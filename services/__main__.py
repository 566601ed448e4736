"""The command line: `python -m services demo`, `python -m services <service> <role>`."""

from importlib.util import find_spec

import click

from shared.card import NAMES, card
from shared.http_command import http


class Services(click.Group):
    """The demo, and a group of commands for each service that this image holds."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return ["demo", *(name for name in NAMES if find_spec(f"services.{name}"))]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """`http` apart from the others: what they need takes longer to load than the configuration to look at."""
        if args[1:2] == ["http"] and args[0] in self.list_commands(ctx):
            return f"{args[0]} http", http(args[0]), args[2:]
        return super().resolve_command(ctx, args)

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
