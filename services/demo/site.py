"""All pages and APIs behind one door: each service's own application, chosen by the path, and the sandbox's pages.

gunicorn (see `gunicorn_settings`) has patched the standard library before it imports this.
"""

from collections.abc import Iterable
from importlib import import_module
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from services.demo import SERVICES
from services.demo.onward import Onward
from shared import loaded, telemetry
from shared.config import load


class Site:
    """Hands a request to the service whose path it names; everything else belongs to the console."""

    def __init__(self) -> None:
        configs = {name: load(name) for name in SERVICES}
        telemetry.configure_logs(configs[SERVICES[0]].log_level)
        self._apps: dict[str, WSGIApplication] = {
            name: import_module(f"services.{name}.app").create_app(config) for name, config in configs.items()
        }
        self._sandbox = Onward(configs[SERVICES[0]].sandbox_url)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/readyz":
            return self._readyz(environ, start_response)
        if path.startswith("/sandbox/"):
            return self._sandbox(environ, start_response)
        name = path.split("/", 4)[3] if path.startswith("/api/v1/") else "web"
        return self._apps.get(name, self._apps["web"])(environ, start_response)

    def _readyz(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Ready when every service is; else what the first one that is not says."""
        answer: Iterable[bytes] = ()
        for app in self._apps.values():
            said: list[tuple[Any, ...]] = []
            answer = app(environ, lambda *args, said=said: said.append(args))
            if not said[0][0].startswith("200"):
                break
        start_response(*said[0])
        return answer


app = Site()
loaded.keep()
