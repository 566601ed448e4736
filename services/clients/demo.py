"""Two thousand clients to try Foyer with, the same at every run: Spanish ones and American ones, believable.

Loaded as an import loads them, so that their events go out. Numbers are of ranges that are valid; addresses are of
streets that exist; nobody of them does.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.clients.copies.models import Branch, Employee, Service
from services.clients.demo_names import AMERICAN, SPANISH, STREETS, Names
from services.clients.dislikes import actions as dislikes
from services.clients.imports.bulk import register_many
from services.clients.lists.actions import add_tag
from services.clients.lists.models import INITIAL_STATUS
from services.clients.profiles.actions import lock
from services.clients.profiles.client import Client, new_client
from services.clients.standing import actions as standing
from services.clients.tags.actions import add_tags
from services.clients.weights.actions import record_weight
from shared import clock
from shared.actor import Context, acting
from shared.config import Chain, Config
from shared.db import Database
from shared.demo_ids import BRICKELL, CLIENTS, branch_of_client, demo_client, demo_id
from shared.folding import fold

SEED = 20261122

SPAIN = {"country": "ES", "time_zone": "Europe/Madrid", "language": "es", "weight_unit": "kg"}
FLORIDA = {"country": "US", "time_zone": "America/New_York", "language": "en", "weight_unit": "lb"}
BRANCHES = {"Salamanca": SPAIN, "Gràcia": SPAIN, "Brickell": FLORIDA}
DISLIKED = {
    "Peeling químico": "Piel muy sensible: le dejó rojeces la última vez.",
    "Presoterapia": "Tiene un marcapasos.",
    "Masaje descontracturante": "Hernia discal; su médico lo desaconseja.",
    "Coloración completa": "Alergia a los tintes con amoníaco.",
    "Depilación láser de piernas": "",
    "Drenaje linfático": "Embarazada.",
}
TAGS = (
    ("Regular", "De toda la vida", "green", 45),
    ("On time", "Puntual", "teal", 40),
    ("Bride 2026", "Novia 2026", "pink", 22),
    ("Influencer", "Influencer", "purple", 12),
    ("Press", "Prensa", "blue", 8),
    ("Employee", "Empleada", "grey", 6),
)
"""In English, in Spanish, in which colour, and of how many."""
WHY_BLOCKED = ("Tres citas seguidas sin avisar.", "No se presentó dos veces.", "Canceló el mismo día cuatro veces.")
VIP, INACTIVE, DO_NOT_SERVE = (UUID(f"00000000-0000-7000-8000-000000000a0{number}") for number in (2, 3, 4))
WALK_IN, WEB = (UUID(f"00000000-0000-7000-8000-000000000b0{number}") for number in (1, 2))


def load(config: Config) -> None:
    """Loads the demo where it is not there yet."""
    database = Database(config)
    with database.transaction() as session:
        fill(session, config.chain)
    database.close()


def fill(session: Session, chain: Chain) -> bool:
    """Loads the demo, all in the caller's transaction; False when there are clients, and then nothing changes."""
    if session.execute(text("SELECT EXISTS (SELECT FROM clients)")).scalar():
        return False
    random = Random(SEED)  # noqa: S311 (no secret)
    with acting(Context(actor="service:clients", channel="import")):
        _copy_the_directory(session)
        clients = [_client(random, number) for number in range(1, CLIENTS + 1)]
        register_many(session, clients)
    with acting(Context(actor=f"staff:{demo_id('employee', 'Lucía Ortega')}", channel="console")):
        _live(session, random, clients, chain)
    return True


def _copy_the_directory(session: Session) -> None:
    """What the directory will say in a moment, as of version 0: any event of it is newer."""
    rows: list[Branch | Service | Employee] = [
        Branch(id=demo_id("branch", name), name=name, **where) for name, where in BRANCHES.items()
    ]
    rows += [Service(id=demo_id("service", name), name=name) for name in DISLIKED]
    rows.append(Employee(id=demo_id("employee", "Lucía Ortega"), name="Lucía Ortega"))
    for row in rows:
        if session.get(type(row), row.id) is None:  # the directory may have said it already
            row.version, row.active = 0, True
            session.add(row)
    session.flush()


def _client(random: Random, number: int) -> Client:
    branch = branch_of_client(number)
    american = branch == BRICKELL and random.random() < 0.6
    names = AMERICAN if american else SPANISH
    gender = random.choices(("woman", "man", None), (70, 25, 5))[0]
    first, last = random.choice(names.of(gender, random)), _last_name(random, names)
    given = {
        "first_name": first,
        "middle_name": random.choice(names.of(gender, random)) if random.random() < names.with_middle_name else "",
        "last_name": last,
        "birth_date": _birth_date(random),
        "gender": gender,
        "phones": _phones(random, number, branch == BRICKELL),
        "address": _address(random, branch) if random.random() < 0.6 else None,
        "referral_method_id": random.choice((WALK_IN, WEB, None)),
        "preferred_branch_id": branch,
        "language": "en" if american else "es",
    }
    given["emails"] = _emails(random, first, last, number)
    return new_client(demo_client(number), given, INITIAL_STATUS)


def _birth_date(random: Random) -> date | None:
    days = random.randint(15 * 365, 80 * 365)
    return date(2026, 1, 1) - timedelta(days=days) if random.random() < 0.85 else None


def _last_name(random: Random, names: Names) -> str:
    return " ".join(random.choice(names.last) for _ in range(names.last_names))


def _phones(random: Random, number: int, american: bool) -> list[dict[str, Any]]:
    # The number of the client is in it, so that no two have the same.
    mobile = (
        f"+1305{200 + number % 700}{(number * 37) % 10000:04d}" if american else f"+346{10_000_000 + number * 4099}"
    )
    phones = [{"number": mobile, "type": "mobile", "primary": True}]
    if random.random() < 0.1 and not american:
        phones.append({"number": f"+3491{5_000_000 + number * 811:07d}", "type": "home", "primary": False})
    return phones


def _emails(random: Random, first: str, last: str, number: int) -> list[dict[str, Any]]:
    if random.random() < 0.15:
        return []
    name = re.sub(r"[^a-z.]", "", fold(f"{first}.{last.split()[0]}"))
    return [{"address": f"{name}{number}@example.{random.choice(('com', 'org', 'net'))}", "primary": True}]


def _address(random: Random, branch: UUID) -> dict[str, Any]:
    street, rest = random.choice(STREETS[branch])
    line = f"{random.randint(100, 4000)} {street}" if branch == BRICKELL else f"{street} {random.randint(1, 120)}"
    return {"country_code": "US" if branch == BRICKELL else "ES", "lines": [line], **rest}


def _live(session: Session, random: Random, clients: list[Client], chain: Chain) -> None:
    """What has happened to some of them since they came."""

    def some(count: int) -> list[Client]:
        return [lock(session, client["id"], chain=chain) for client in random.sample(clients, count)]

    for client in some(60):
        standing.give_status(session, client, VIP, "Más de cincuenta visitas.")
    for client in some(30):
        standing.give_status(session, client, INACTIVE, "No viene desde hace un año.")
    for client in some(3):
        standing.give_status(session, client, DO_NOT_SERVE, "Decisión de gerencia.")
    for client in some(25):
        standing.block_booking(session, client, True, random.choice(WHY_BLOCKED))
    for client in some(120):
        name = random.choice(sorted(DISLIKED))
        dislikes.add(session, client, {"service_id": demo_id("service", name), "comment": DISLIKED[name]})
    for client in some(60):
        unit, value = random.choice((("kg", random.randint(480, 1050)), ("lb", random.randint(1100, 2300))))
        taken_on = clock.now().date() - timedelta(days=random.randint(1, 200))
        weight = {"value": Decimal(value) / 10, "unit": unit, "taken_on": taken_on}
        record_weight(session, client, weight, chain)
    _tag(session, some)


def _tag(session: Session, some: Callable[[int], list[Client]]) -> None:
    """The chain's tags, and who has them."""
    for position, (name, spanish, colour, count) in enumerate(TAGS, 1):
        given = {"name": name, "names": {"es": spanish}, "colour": colour, "position": position, "active": True}
        tag = add_tag(session, given)
        for client in some(count):
            add_tags(session, client, [tag.id])
