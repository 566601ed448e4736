"""Takes lines of a file in: new clients, changes of clients who came the same way before, and refusals.

Safe to stop and to run again: what was taken in is remembered with the clients, in the same transaction.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.clients.imports.bulk import copy_rows, register_many
from services.clients.imports.columns import BadLine, References, details_of, in_words, plain, status_of, tags_of
from services.clients.imports.lines import TOO_MANY_CELLS, Facts, Record
from services.clients.lists.models import INITIAL_STATUS
from services.clients.profiles import actions as profiles
from services.clients.profiles.client import new_client
from services.clients.profiles.duplicates import contact_keys
from services.clients.standing.actions import give_status
from services.clients.tags.actions import add_tags
from shared.errors import FoyerError, Invalid
from shared.ids import new_id

TWICE = "external_id: this one is in the file twice, with different lines"
IMPORTED = "import"
"""The reason of a status that a line changes."""

KNOWN = text("SELECT key, client_id, digest, file, line FROM imported_lines WHERE key = ANY(CAST(:keys AS text[]))")
OURS = text("SELECT id FROM clients WHERE id = ANY(CAST(:ids AS uuid[]))")
TAKEN = text(
    """
    SELECT DISTINCT ON (k.key) k.key, c.id FROM search_keys k JOIN clients c ON c.id = k.client_id
    WHERE k.key = ANY(CAST(:keys AS text[])) AND c.archived_at IS NULL ORDER BY k.key, c.id
    """
)
REMEMBER = text(
    """
    INSERT INTO imported_lines (key, client_id, digest, file, line) VALUES (:key, :client_id, :digest, :file, :line)
    ON CONFLICT (key) DO UPDATE SET digest = excluded.digest, file = excluded.file, line = excluded.line
    """
)
REMEMBERED = ("key", "client_id", "digest", "file", "line")


@dataclass(frozen=True, slots=True)
class Line:
    """A record with what identifies it."""

    record: Record
    values: dict[str, str]
    key: str
    digest: bytes


@dataclass
class Outcome:
    registered: int = 0
    changed: int = 0
    unchanged: int = 0
    refused_count: int = 0
    refused: list[tuple[Record, str]] = field(default_factory=list)

    def refuse(self, record: Record, reason: str) -> None:
        self.refused.append((record, reason))
        self.refused_count += 1

    def add(self, other: "Outcome") -> None:
        """Counts another one in; what was refused is counted and not kept."""
        self.registered += other.registered
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.refused_count += other.refused_count


@dataclass(frozen=True)
class Job:
    """One run over one file."""

    facts: Facts
    columns: Sequence[str]
    references: References
    force: bool = False
    """Register although a telephone number or e-mail address is known already."""


def take_in(session: Session, job: Job, records: Sequence[Record]) -> Outcome:
    """One batch, in the caller's transaction."""
    outcome = Outcome()
    lines = list(_lines(job, records, outcome))
    known = _known(session, lines)
    fresh: list[Line] = []
    for line in lines:
        seen = known.get(line.key)
        if seen is None:
            known[line.key] = (None, line.digest, job.facts.digest, line.record.line)
            fresh.append(line)
        elif seen[1] == line.digest:
            outcome.unchanged += 1
        elif seen[2] == job.facts.digest and seen[3] != line.record.line:
            outcome.refuse(line.record, TWICE)
        else:
            _change(session, job, line, seen[0], outcome)
    _register(session, job, fresh, outcome)
    return outcome


def _lines(job: Job, records: Iterable[Record], outcome: Outcome) -> Iterable[Line]:
    for record in records:
        problem = record.problem or (TOO_MANY_CELLS if len(record.cells) > len(job.columns) else None)
        if problem:
            outcome.refuse(record, problem)
            continue
        values = {name: plain(cell) for name, cell in zip(job.columns, record.cells, strict=False)}
        digest = hashlib.blake2b("\x1f".join(record.cells).encode(errors="replace"), digest_size=16).digest()
        external_id = values.get("external_id", "")[:200]
        yield Line(record, values, f"x{external_id}" if external_id else f"c{digest.hex()}", digest)


def _known(session: Session, lines: Sequence[Line]) -> dict[str, Any]:
    """By key, the client that a line with it became, and that line's digest, file and number.

    An external id may also be one of ours: so it is in a file that we exported.
    """
    keys = [line.key for line in lines]
    known = {key: tuple(rest) for key, *rest in session.execute(KNOWN, {"keys": keys})}
    ours = {client_id: key for key in keys if key not in known and (client_id := _id(key[1:]))}
    for client_id in session.execute(OURS, {"ids": list(ours)}).scalars() if ours else ():
        known[ours[client_id]] = (client_id, b"", b"", 0)
    return known


def _id(text_: str) -> UUID | None:
    try:
        return UUID(text_) if len(text_) == 36 else None
    except ValueError:
        return None


def _change(session: Session, job: Job, line: Line, client_id: UUID, outcome: Outcome) -> None:
    try:
        given, status_id = details_of(line.values, job.references), status_of(line.values, job.references)
        tag_ids = tags_of(line.values, job.references)
        with session.begin_nested():
            client = profiles.update(session, client_id, given, chain=job.references.chain)
            if status_id:
                client = give_status(session, client, status_id, IMPORTED)
            add_tags(session, client, tag_ids)
    except BadLine as error:
        outcome.refuse(line.record, str(error))
    except FoyerError as error:
        outcome.refuse(line.record, in_words(error.fields) if isinstance(error, Invalid) else error.message)
    else:
        session.execute(REMEMBER, dict(zip(REMEMBERED, _remembered(job, line, client_id), strict=True)))
        outcome.changed += 1


def _register(session: Session, job: Job, lines: Sequence[Line], outcome: Outcome) -> None:
    checked: list[tuple[Line, dict[str, Any]]] = []
    for line in lines:
        try:
            given, status_id = details_of(line.values, job.references), status_of(line.values, job.references)
            client = new_client(new_id(), given, status_id or INITIAL_STATUS)
            client["tag_ids"] = tags_of(line.values, job.references)
            checked.append((line, client))
        except BadLine as error:
            outcome.refuse(line.record, str(error))
    checked = _with_referrers(session, checked, outcome)
    if not job.force:
        checked = _without_duplicates(session, checked, outcome)
    register_many(session, [client for _, client in checked])
    copy_rows(session, "imported_lines", REMEMBERED, (_remembered(job, line, client["id"]) for line, client in checked))
    outcome.registered += len(checked)


def _remembered(job: Job, line: Line, client_id: UUID) -> tuple[Any, ...]:
    return line.key, client_id, line.digest, job.facts.digest, line.record.line


def _with_referrers(session: Session, checked: list[Any], outcome: Outcome) -> list[Any]:
    """Those whose referring client is there; the others are refused."""
    ids = {client["referred_by_client_id"] for _, client in checked} - {None}
    there = set(session.execute(OURS, {"ids": list(ids)}).scalars()) if ids else set()
    kept = []
    for line, client in checked:
        if client["referred_by_client_id"] in there | {None}:
            kept.append((line, client))
        else:
            outcome.refuse(line.record, "referred_by: there is no such client")
    return kept


def _without_duplicates(session: Session, checked: list[Any], outcome: Outcome) -> list[Any]:
    """Those who share no number and no address with a client who is there, or with an earlier line."""
    own_keys = [contact_keys(client) for _, client in checked]
    keys = [key for own in own_keys for key in own]
    taken = {key: client_id for key, client_id in session.execute(TAKEN, {"keys": keys})} if keys else {}
    kept = []
    for (line, client), own in zip(checked, own_keys, strict=True):
        if other := next((taken[key] for key in own if key in taken), None):
            outcome.refuse(line.record, f"the telephone number or e-mail address is known already, of client {other}")
        else:
            taken.update(dict.fromkeys(own, client["id"]))
            kept.append((line, client))
    return kept
