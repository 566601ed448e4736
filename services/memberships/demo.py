"""A hundred and twenty members of the demo's clients, with what they have paid so far; the same at every run.

Their periods are priced, invoiced and closed as the billing clock does it. No gateway is called: the sandbox knows the
demo's cards and payments by their names (`gateways/sandbox/demo.py`).
"""

from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.memberships.billing.upcoming import Offer
from services.memberships.copies.models import Branch, Client, Employee, Service
from services.memberships.demo_history import bill
from services.memberships.demo_lives import live, sell_gift_cards, sell_services_ahead
from services.memberships.demo_members import LUCIA, MEMBERS, SELLERS, branch_of, client_of, new_member
from services.memberships.demo_plans import PLANS, POLICIES, loaded
from services.memberships.plans import actions as plans
from services.memberships.policies.actions import set_own
from shared.actor import Context, acting
from shared.auth.permissions import PERMISSIONS
from shared.auth.principal import CHAIN, Principal
from shared.config import Config
from shared.db import Database
from shared.demo_ids import demo_id

SEED = 20261124

SPAIN = {"country": "ES", "time_zone": "Europe/Madrid", "currency": "EUR", "language": "es"}
FLORIDA = {"country": "US", "time_zone": "America/New_York", "currency": "USD", "language": "en"}
BRANCHES: dict[str, dict[str, Any]] = {"Salamanca": SPAIN, "Gràcia": SPAIN, "Brickell": FLORIDA}
MENU = {"Facial": "Limpieza facial profunda", "Masajes": "Masaje relajante", "Uñas": "Manicura"}
HOUSE = Principal("service", UUID(int=0), UUID(int=0), {name: frozenset({CHAIN}) for name in PERMISSIONS}, float("inf"))


def load(config: Config) -> None:
    """Loads the demo where it is not there yet."""
    database = Database(config)
    with database.transaction() as session:
        fill(session, config.secret("gift-card-key").encode())
    database.close()


def fill(session: Session, secret: bytes) -> bool:
    """Loads the demo, all in the caller's transaction; False when there are plans, and then nothing changes."""
    if session.execute(text("SELECT EXISTS (SELECT FROM plans)")).scalar():
        return False
    random = Random(SEED)  # noqa: S311 (no secret)
    with acting(Context(actor=f"staff:{LUCIA}", channel="console")):
        _copy_others(session)
        offers = _add_plans(session)
        members = [new_member(session, random, number, offers) for number in range(MEMBERS)]
        bill(session, members)
        for member in members:
            live(session, member)
        sell_gift_cards(session, random, secret)
        sell_services_ahead(session)
    return True


def _copy_others(session: Session) -> None:
    """What the directory and clients will say in a moment, as of version 0: any event of it is newer."""
    rows: list[Any] = [Branch(id=demo_id("branch", name), name=name, **where) for name, where in BRANCHES.items()]
    rows += [Employee(id=demo_id("employee", name), name=name) for name in SELLERS.values()]
    rows += [Service(id=demo_id("service", name), name=name, category=category) for category, name in MENU.items()]
    nobody: dict[str, Any] = {"language": None, "booking_blocked": False, "archived": False}
    for number in range(MEMBERS):
        rows.append(Client(id=client_of(number), name="—", preferred_branch_id=branch_of(number), **nobody))
    for row in rows:
        if session.get(type(row), row.id) is None:  # they may have said it already
            row.version = 0
            if not isinstance(row, Client):
                row.active = True
            session.add(row)
    session.flush()


def _add_plans(session: Session) -> dict[str, list[Offer]]:
    """By currency."""
    for branch_id, settings in POLICIES.items():
        set_own(session, branch_id, settings, None)
    offers: dict[str, list[Offer]] = {"EUR": [], "USD": []}
    for name, terms, sold_at in PLANS:
        details = {"name": name, "description": "", "branch_ids": list(sold_at), "terms": loaded(terms)}
        plan = plans.add(session, HOUSE, details, demo_id("plan", name))
        offers[str(terms["currency"])].append(Offer(plan.id, 1, plans.terms_of(session, plan.id, 1)))
    return offers
