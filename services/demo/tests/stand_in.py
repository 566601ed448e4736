"""The demo with small programs of the tests' own in place of the services: what is tested is how they are kept.

`python -m services.demo.tests.stand_in` runs it; its settings come from the environment, as those of the real one do.
"""

import os
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from services.demo.programs import Programs
from services.demo.run import from_the_command_line
from shared.config import load


class StandIns(Programs):
    MIGRATE = "services.demo.tests.stand_in_migrate"
    BACKGROUND = "services.demo.tests.stand_in_background"
    SITE = "services.demo.tests.stand_in:site"


def site(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """GET /notes lists what was committed, PUT /notes/<note> commits one more, GET /process is who answers."""
    import psycopg

    path = environ["PATH_INFO"]
    start_response("200 OK", [("Content-Type", "text/plain")])
    if path == "/process":
        return [str(os.getppid()).encode()]
    with psycopg.connect(load("clients").database_url) as session:
        if environ["REQUEST_METHOD"] == "PUT":
            session.execute("insert into notes values (%s)", [path.removeprefix("/notes/")])
        notes = session.execute("select note from notes order by note").fetchall()
    return [" ".join(note for (note,) in notes).encode()]


if __name__ == "__main__":
    from_the_command_line(StandIns)
