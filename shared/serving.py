"""What gunicorn serves: `shared.serving:app('clients')`. Called in the worker, after gevent has patched."""

from importlib import import_module

from flask import Flask

from shared import loaded
from shared.config import load
from shared.telemetry import configure_logs


def app(service: str) -> Flask:
    config = load(service)
    configure_logs(config.log_level)
    made = import_module(f"services.{service}.app").create_app(config)
    assert isinstance(made, Flask)
    loaded.keep()
    return made
