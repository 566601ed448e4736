"""The command that serves HTTP. Its process becomes gunicorn, so it loads only what tells whether that can work."""

import os
import sys
from pathlib import Path

import click

from shared.config import BadConfiguration, Config, load

GUNICORN = (sys.executable, "-m", "gunicorn", "-c", str(Path(__file__).parents[1] / "deploy" / "gunicorn.conf.py"))


def http(service: str) -> click.Command:
    def run() -> None:
        configuration(service)  # what is wrong is told here, once, and not by a worker that is started again and again
        serving = [*GUNICORN, f"shared.serving:app('{service}')"]
        os.execv(sys.executable, serving)  # noqa: S606 -- a fresh process: gunicorn's worker patches before all imports

    return click.Command("http", callback=run, help="Serves HTTP on port 8000 until it is told to stop.")


def configuration(service: str) -> Config:
    """What a service is set to; a bad one ends the process with every problem listed."""
    try:
        return load(service)
    except BadConfiguration as error:
        click.echo(f"foyer: {error}", err=True)
        sys.exit(2)
