"""Takes a whole file in, batch by batch, with a progress bar and a file of what was refused."""

import csv
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from sqlalchemy.orm import Session

from services.clients.imports.actions import Job, Outcome, take_in
from services.clients.imports.columns import References, header
from services.clients.imports.lines import look_at, records
from shared.actor import Context, acting
from shared.config import Chain
from shared.db import Database
from shared.planner_statistics import count_grown

BATCH = 5000


def refusals_of(file: Path) -> Path:
    """Where the refused lines of a file are written to."""
    return file.with_name(f"{file.name}.refused.csv")


def load(file: Path, database: Database, chain: Chain, *, dry_run: bool = False, force: bool = False) -> Outcome:
    """Takes the file in; a batch is committed whole or not at all. A dry run does the same and rolls all of it back.

    The outcome counts what was refused; the lines are in `refusals_of(file)`. Raises BadFile.
    """
    facts, total = look_at(file), Outcome()
    console = Console(stderr=True)
    with file.open("rb") as opened, Progress(console=console) as progress:
        lines = records(opened, facts)
        columns = header(next(lines).cells)
        with database.reading() as connection:
            job = Job(facts, columns, References.known(connection, chain), force)
        bar = progress.add_task(file.name, total=file.stat().st_size)
        with _transactions(database, dry_run) as transaction, _refusals(file, columns) as refuse:
            while batch := list(islice(lines, BATCH)):
                with transaction() as session, acting(Context(actor="service:clients", channel="import")):
                    outcome = take_in(session, job, batch)
                refuse(outcome)
                total.add(outcome)
                progress.update(bar, completed=opened.tell())
                if not dry_run:
                    count_grown(database, "clients", "search_keys", "imported_lines")
    return total


@contextmanager
def _transactions(database: Database, dry_run: bool) -> Iterator[Callable[[], AbstractContextManager[Session]]]:
    """One for each batch; in a dry run the same one for all, so that a line meets those before it."""
    if not dry_run:
        yield database.transaction
        return
    with Session(database.engine) as session:
        yield lambda: nullcontext(session)
        session.rollback()


@contextmanager
def _refusals(file: Path, columns: list[str]) -> Iterator[Callable[[Outcome], None]]:
    """Writes what is refused, with its line and its reason; the file is not there when nothing is."""
    path = refusals_of(file)
    path.unlink(missing_ok=True)

    def write(outcome: Outcome) -> None:
        if not outcome.refused:
            return
        is_new = not path.exists()
        with path.open("a", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened)
            if is_new:
                writer.writerow(["line", "reason", *columns])
            writer.writerows([record.line, reason, *record.cells] for record, reason in outcome.refused)

    yield write
