"""What the worker does for what was signed: makes its PDF, once, from the frozen answers."""

import base64
import hashlib
import json
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.documents.assignments.models import Assignment
from services.documents.contents.actions import keep
from services.documents.contents.pictures import CODE, SECONDS, limit
from services.documents.contents.receiving import Received
from services.documents.copies.models import Branch, Client
from services.documents.filling.answers import PNG
from services.documents.filling.models import Submission
from services.documents.forms.actions import questions_of
from services.documents.forms.models import Form, FormImage
from services.documents.papers.content import paper_of, said
from services.documents.papers.erasing import remove_papers
from services.documents.stores.open import store
from services.documents.stores.port import StoreAway
from shared import clock
from shared.db import Database
from shared.ids import new_id
from shared.roles import Duty

log = structlog.get_logger()

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 5


class NotPrinted(Exception):
    """The program that prints has failed."""


def print_papers(database: Database) -> bool:
    """Makes the PDF of one signed form; whether there was one."""
    taken = _take(database)
    if taken is None:
        return False
    signed, paper, pictures, client_id = taken
    try:
        content = printed(paper, pictures)
        received = Received(new_id(), client_id, hashlib.sha256(content).hexdigest(), len(content), "application/pdf")
        store(database.config).put(received.key, [content])
    except (StoreAway, NotPrinted) as error:
        log.warning("paper_waits", assignment=str(signed.assignment_id), reason=str(error)[:200])
        _put_off(database, signed)
        return True
    with database.transaction() as session:
        row = session.get(Submission, signed.assignment_id, with_for_update=True)
        if row is not None and row.paper == "waiting":
            row.blob_id = keep(session, received, database.config.files).id
            row.paper, row.due_at = "made", None
    return True


def _take(database: Database) -> tuple[Submission, dict[str, Any], dict[str, bytes], Any] | None:
    """One that is due, with a lease on it, and all that stands on its paper."""
    due = select(Submission).where(Submission.due_at <= clock.now()).order_by(Submission.due_at).limit(1)
    with database.transaction() as session:
        signed = session.scalar(due.with_for_update(skip_locked=True))
        if signed is None:
            return None
        signed.attempts += 1
        signed.due_at = clock.now() + LEASE
        assignment = session.get_one(Assignment, signed.assignment_id)
        form = session.get_one(Form, assignment.form_id)
        client = session.get_one(Client, assignment.client_id)
        branch = session.get(Branch, assignment.branch_id) if assignment.branch_id else None
        chain = database.config.chain
        questions = questions_of(session, form.id, assignment.number)
        paper = paper_of(
            chain=branch.name if branch else "",
            title=said(form.names, signed.language, form.name),
            client=client.name,
            questions=questions,
            signed=signed,
            number=assignment.number,
            zone=ZoneInfo(branch.time_zone if branch else chain.time_zone),
        )
        return signed, paper, _pictures(session, paper, signed), assignment.client_id


def _pictures(session: Session, paper: dict[str, Any], signed: Submission) -> dict[str, bytes]:
    """The files that the paper names: signatures, and pictures of the form."""
    found = {}
    for part in paper["parts"]:
        if part["kind"] == "signature":
            key = part["file"].removeprefix("signature-").removesuffix(".png")
            found[part["file"]] = base64.b64decode(signed.answers[key].removeprefix(PNG))
        elif part["kind"] == "image":
            name = part["file"].removeprefix("image-")
            part["file"] = f"{name}.png"
            found[part["file"]] = session.get_one(FormImage, name).content
    return found


def printed(paper: dict[str, Any], pictures: dict[str, bytes]) -> bytes:
    """The PDF, made by a process of its own with limits on memory and time. Raises NotPrinted."""
    with tempfile.TemporaryDirectory(prefix="foyer-paper-") as folder:
        place = Path(folder)
        (place / "paper.json").write_text(json.dumps(paper))
        for name, content in pictures.items():
            (place / name).write_bytes(content)
        command = [sys.executable, "-m", "services.documents.papers.print", folder]
        try:
            done = subprocess.run(  # noqa: S603 -- our own program
                command, cwd=CODE, capture_output=True, timeout=SECONDS, preexec_fn=limit, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise NotPrinted("it took too long") from error
        if done.returncode:
            raise NotPrinted(done.stderr.decode(errors="replace").strip()[-500:] or f"ended with {done.returncode}")
        return (place / "paper.pdf").read_bytes()


def _put_off(database: Database, signed: Submission) -> None:
    """Tried again later; after a few times a person has to look at the log."""
    given_up = signed.attempts >= MOST_ATTEMPTS
    wait = clock.now() + timedelta(seconds=5 * 2**signed.attempts)
    values = {"paper": "failed", "due_at": None} if given_up else {"due_at": wait}
    with database.transaction() as session:
        session.execute(update(Submission).where(Submission.assignment_id == signed.assignment_id).values(**values))


DUTIES = [Duty("papers.print", 1.0, print_papers), Duty("papers.remove", 300.0, remove_papers)]
