"""What gunicorn serves while a service is fuzzed: `served:app('clients')`, the real application.

Its tokens are verified with the key among its secrets, so that no directory has to run beside it.
"""

import json
from dataclasses import replace
from importlib import import_module

from flask import Flask
from joserfc.jwk import OKPKey

from shared import telemetry
from shared.auth.tokens import Keys, Verifier
from shared.config import load


def app(name: str) -> Flask:
    config = load(name)
    telemetry.configure_logs(config.log_level)
    made: Flask = import_module(f"services.{name}.app").create_app(config)
    key = OKPKey.import_key(json.loads(config.secret("directory-signing-key"))).as_dict(private=False)
    verifier = Verifier(Keys(lambda: {"keys": [key]}))
    made.extensions["foyer"] = replace(made.extensions["foyer"], verifier=verifier)
    return made
