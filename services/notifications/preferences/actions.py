"""Changes how clients are spoken to. Every switch that moves leaves a row that stays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.catalogue.types import TYPES
from services.notifications.checks.rules import can_be_off
from services.notifications.consents.models import Consent
from services.notifications.consents.reading import current_wordings
from services.notifications.contact_points.addresses import masked
from services.notifications.copies.models import Client
from services.notifications.messages.actions import queue
from services.notifications.preferences.matrix import Matrix, matrix_of
from services.notifications.preferences.models import Change, Preference, Sheet
from shared import audit, clock
from shared.actor import current
from shared.api.changes import shown
from shared.contracts.notifications import PREFERENCES_CHANGED
from shared.errors import Invalid, NotFound, Stale
from shared.ids import new_id
from shared.people import names_of
from shared.rows import NOT_FOUND, STALE
from shared.words import Words

CANNOT_BE_OFF = Words("What concerns contracts and security always goes by e-mail.")
NOWHERE = Words("The client has no address or number for this, so they cannot agree to it yet.")
NEEDS_WORDING = Words("Say to which words the client has agreed, and how.")
OLD_WORDING = Words("These words are not asked with any more. Load the page again.")
BLOCKED = Words("Nothing is sent to this address or number, so it cannot be switched on: see why beside it.")


@dataclass(frozen=True, slots=True)
class Switch:
    kind: str
    channel: str
    on: bool
    wording_id: UUID | None = None
    given: str | None = None
    """How the consent was given; the two are needed to switch marketing on, and only then."""

    @property
    def where(self) -> tuple[str, str]:
        return self.kind, self.channel


def change(
    session: Session,
    client_id: UUID,
    switches: Sequence[Switch],
    expected: int | None = None,
    *,
    source: str | None = None,
) -> Sheet:
    """Moves these switches; the others stay. Raises NotFound, Stale, and Invalid by the switch's place.

    `source` is where it is done from, when that is not plain from who does it.
    """
    client, sheet = locked(session, client_id)
    if expected is not None and sheet.version != expected:
        unseen = audit.since(session, client_id, "preferences", expected)
        raise Stale(STALE, version=sheet.version, changes=shown(session, unseen, names_of))
    before = matrix_of(session, client_id, client.preferred_branch_id)
    _check(session, switches, before)
    moved = [each for each in switches if before.is_on(*each.where) != each.on or _settles(each, before)]
    for each in moved:
        _move(session, client_id, each, before)
    tell(session, sheet, before, moved, source or current().channel)
    if moved and current().channel == "console":
        _tell_client(session, client)
    return sheet


def _tell_client(session: Session, client: Client) -> None:
    """Once a day, however many switches staff have moved: who did not ask for it can put it right."""
    day = clock.now().date().isoformat()
    data = {"client_id": str(client.id), "day": day}
    kind = TYPES["preferences_changed"]
    branch_id = client.preferred_branch_id
    queue(session, kind, client, channels=kind.channels, data=data, happened_at=clock.now(), branch_id=branch_id)


def _settles(switch: Switch, before: Matrix) -> bool:
    """It shows as off already, but that was a default, or a STOP that a START takes back; now somebody says no."""
    choice = before.choices.get(switch.where)
    return not switch.on and (choice.before_stop is not None if choice else switch.kind == "marketing")


def locked(session: Session, client_id: UUID) -> tuple[Client, Sheet]:
    """The client, whom nobody is asked about meanwhile, and their sheet. Raises NotFound for one who is erased."""
    client = session.get(Client, client_id, with_for_update={"key_share": True}, populate_existing=True)
    if client is None or client.erased_at is not None:
        raise NotFound(NOT_FOUND)
    if client.merged_into is not None:
        return locked(session, client.merged_into)
    session.execute(insert(Sheet).values(client_id=client_id, version=0).on_conflict_do_nothing())
    sheet = session.get(Sheet, client_id, with_for_update=True, populate_existing=True)
    assert sheet is not None
    return client, sheet


def _check(session: Session, switches: Sequence[Switch], before: Matrix) -> None:
    wordings = _current_wordings(session, {each.wording_id for each in switches} - {None})
    problems = {}
    for place, each in enumerate(switches):
        if (words := _fault(each, before, wordings)) is not None:
            problems[str(place)] = {"on": [words.format()]}
    if problems:
        first = next(iter(problems.values()))["on"][0]
        raise Invalid(first, fields={"switches": problems})


def _fault(switch: Switch, before: Matrix, wordings: dict[Any, str]) -> Words | None:
    if not switch.on:
        return None if can_be_off(*switch.where) else CANNOT_BE_OFF
    if switch.kind != "marketing" or before.is_on(*switch.where):
        return None
    point = before.points.get(switch.channel)
    if point is None:
        return NOWHERE
    if point.suppressed is not None:
        return BLOCKED
    if switch.wording_id is None or switch.given is None:
        return NEEDS_WORDING
    return None if wordings.get(switch.wording_id) == switch.channel else OLD_WORDING


def _current_wordings(session: Session, ids: Iterable[UUID | None]) -> dict[Any, str]:
    """The channel of each of these that is the newest of its channel and language."""
    wanted = set(ids)
    return {each["id"]: each["channel"] for each in current_wordings(session) if each["id"] in wanted} if wanted else {}


def _move(session: Session, client_id: UUID, switch: Switch, before: Matrix) -> None:
    keep(session, client_id, switch.kind, switch.channel, switch.on, None)
    if switch.kind != "marketing":
        return
    if not switch.on:
        withdraw(session, client_id, switch.channel)
        return
    row = {
        "client_id": client_id,
        "channel": switch.channel,
        "address_hash": before.points[switch.channel].address_hash,
        "given_at": clock.now(),
        "given": switch.given,
        "wording_id": switch.wording_id,
    }
    made = insert(Consent).values(row)
    held = {name: row[name] for name in ("given_at", "given", "wording_id")}
    session.execute(made.on_conflict_do_update(index_elements=["client_id", "channel", "address_hash"], set_=held))


def keep(session: Session, client_id: UUID, kind: str, channel: str, on: bool, before_stop: bool | None) -> None:
    """The choice of one switch, in place of the one before."""
    row = {"client_id": client_id, "kind": kind, "channel": channel, "is_on": on, "before_stop": before_stop}
    made = insert(Preference).values(row)
    held = {"is_on": on, "before_stop": before_stop}
    session.execute(made.on_conflict_do_update(index_elements=["client_id", "kind", "channel"], set_=held))


def withdraw(session: Session, client_id: UUID, channel: str) -> None:
    """Of every address that the client ever agreed for."""
    session.execute(delete(Consent).where(Consent.client_id == client_id, Consent.channel == channel))


def tell(session: Session, sheet: Sheet, before: Matrix, moved: Sequence[Switch], source: str) -> None:
    """Keeps a row of each switch that moved, and says so once."""
    if not moved:
        return
    now = clock.now()
    session.execute(insert(Change), [_row(sheet.client_id, each, before, source, now) for each in moved])
    sheet.version += 1
    session.flush()
    audit.record(
        session,
        about=sheet.client_id,
        kind="preferences",
        version=sheet.version,
        changes={f"{each.kind}.{each.channel}": (before.is_on(*each.where), each.on) for each in moved},
        says=[audit.Saying(PREFERENCES_CHANGED, _said(sheet, moved, source))],
    )


def _row(client_id: UUID, switch: Switch, before: Matrix, source: str, now: Any) -> dict[str, Any]:
    point = before.points.get(switch.channel)
    address = point.address if point is not None and switch.channel != "push" else None
    return {
        "id": new_id(),
        "client_id": client_id,
        "kind": switch.kind,
        "channel": switch.channel,
        "at": now,
        "by": current().actor,
        "source": source,
        "was": before.is_on(*switch.where),
        "now": switch.on,
        "address": address,
        "address_hash": point.address_hash if point is not None else None,
        "address_masked": masked(switch.channel, address) if address else None,
        "wording_id": switch.wording_id if switch.on else None,
        "given": switch.given if switch.on else None,
    }


def _said(sheet: Sheet, moved: Sequence[Switch], source: str) -> dict[str, Any]:
    switches = [{"kind": each.kind, "channel": each.channel, "on": each.on} for each in moved]
    return {"client_id": sheet.client_id, "switches": switches, "source": source}
