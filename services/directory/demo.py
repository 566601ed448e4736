"""A chain to try Foyer with: three branches, a menu, the people who work there. The same at every run.

Loaded through the actions, so that the events go out as from anybody's hands.
"""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.directory.authority import HOUSE
from services.directory.branches import actions as branches
from services.directory.branches.models import Branch
from services.directory.employees import actions as employees
from services.directory.machines import actions as machines
from services.directory.menu import actions as menu
from services.directory.roles import actions as roles
from services.directory.sign_in.passwords import hashed
from shared.config import Config, demo_settings
from shared.db import Database
from shared.demo_ids import BRICKELL, GRACIA, SALAMANCA, demo_id

SPANISH = (SALAMANCA, GRACIA)
EVERYWHERE = (*SPANISH, BRICKELL)

SPAIN = {"country": "ES", "time_zone": "Europe/Madrid", "currency": "EUR", "language": "es", "weight_unit": "kg"}
FLORIDA = {
    "country": "US",
    "time_zone": "America/New_York",
    "currency": "USD",
    "language": "en",
    "weight_unit": "lb",
}


def address(line: str, locality: str, region: str, postal_code: str) -> dict[str, Any]:
    return {"lines": [line], "locality": locality, "region": region, "postal_code": postal_code}


BRANCHES = {
    "Salamanca": SPAIN | {"address": address("Calle de Serrano 41", "Madrid", "Madrid", "28001")},
    "Gràcia": SPAIN | {"address": address("Carrer de Verdi 28", "Barcelona", "Barcelona", "08012")},
    "Brickell": FLORIDA | {"address": address("901 S Miami Ave", "Miami", "FL", "33130")},
}

ADMINISTRATION = "Administración"
RECEPTION_MAY = [
    "clients.read",
    "clients.write",
    "clients.status.write",
    "clients.booking_block.write",
    "clients.dislikes.write",
    "bookings.check",
    "memberships.read",
    "memberships.write",
    "memberships.freeze",
    "memberships.plan.change",
    "memberships.cancel",
    "memberships.process",
    "memberships.settle",
    "memberships.cards.write",
    "memberships.credits.use",
    "gift_cards.read",
    "gift_cards.sell",
    "gift_cards.redeem",
    "balances.read",
    "documents.read",
    "documents.write",
    "forms.read",
    "forms.assign",
    "forms.answers.read",
    "preferences.read",
    "preferences.write",
    "messages.read",
    "messages.send",
    "directory.read",
    "audit.read",
]
PROFESSIONAL_MAY = [
    "clients.read",
    "clients.weight.read",
    "clients.weight.write",
    "bookings.check",
    "memberships.read",
    "documents.read",
    "forms.read",
    "forms.answers.read",
    "preferences.read",
    "messages.read",
    "directory.read",
]
MANAGER_MAY = [
    *RECEPTION_MAY,
    "clients.weight.read",
    "clients.weight.write",
    "clients.lists.write",
    "clients.export",
    "memberships.date.write",
    "memberships.waive_fee",
    "memberships.write_off",
    "memberships.refund",
    "memberships.credits.write",
    "memberships.plans.write",
    "memberships.billing",
    "gift_cards.manage",
    "balances.write",
    "balances.overdraw",
    "documents.delete",
    "documents.types.write",
    "forms.templates.write",
    "messages.templates.write",
    "messages.settings.write",
    "messages.suppressions.write",
    "campaigns.read",
    "directory.branches.write",
    "directory.employees.write",
    "directory.menu.write",
]
ROLES = {"Gerencia": MANAGER_MAY, "Recepción": RECEPTION_MAY, "Profesional": PROFESSIONAL_MAY}

EMPLOYEES: list[tuple[str, str | None, tuple[UUID, ...], str]] = [
    ("Elena Vidal", "admin", EVERYWHERE, ADMINISTRATION),
    ("Javier Robles", "manager", SPANISH, "Gerencia"),
    ("Lucía Ortega", "reception", (SALAMANCA,), "Recepción"),
    ("Núria Puig", "nuria", (GRACIA,), "Recepción"),
    ("Emily Carter", "emily", (BRICKELL,), "Recepción"),
    ("Michael Reyes", "michael", (BRICKELL,), "Gerencia"),
    ("Carmen Sáez", "carmen", (SALAMANCA,), "Profesional"),
    ("Pablo Herrero", None, (SALAMANCA,), "Profesional"),
    ("Inés Navarro", None, SPANISH, "Profesional"),
    ("Jordi Bosch", None, (GRACIA,), "Profesional"),
    ("Ashley Brooks", None, (BRICKELL,), "Profesional"),
    ("Daniel Kim", None, (BRICKELL,), "Profesional"),
]
"""Name, sign-in name, branches, role. All have the same password."""

MENU: list[tuple[str, str, int, int, int]] = [
    ("Peluquería", "Corte y peinado", 45, 3500, 5500),
    ("Peluquería", "Corte de caballero", 30, 2200, 3500),
    ("Peluquería", "Coloración completa", 120, 7800, 13500),
    ("Peluquería", "Mechas balayage", 150, 11500, 19500),
    ("Peluquería", "Tratamiento de queratina", 120, 9900, 18000),
    ("Peluquería", "Recogido", 60, 5500, 8500),
    ("Masajes", "Masaje relajante", 60, 6000, 11000),
    ("Masajes", "Masaje descontracturante", 60, 6500, 12000),
    ("Masajes", "Masaje con piedras calientes", 75, 7500, 14000),
    ("Masajes", "Drenaje linfático", 60, 6800, 12500),
    ("Masajes", "Reflexología podal", 45, 4500, 8000),
    ("Facial", "Limpieza facial profunda", 60, 5500, 9500),
    ("Facial", "Hidratación con ácido hialurónico", 60, 7000, 12500),
    ("Facial", "Peeling químico", 45, 8500, 15000),
    ("Facial", "Radiofrecuencia facial", 45, 9000, 16000),
    ("Corporal", "Presoterapia", 40, 3500, 6500),
    ("Corporal", "Criolipólisis", 60, 18000, 32000),
    ("Corporal", "Envoltura de algas", 60, 6500, 11500),
    ("Corporal", "Exfoliación corporal", 45, 5000, 9000),
    ("Uñas", "Manicura", 40, 2000, 3500),
    ("Uñas", "Manicura semipermanente", 50, 2800, 4800),
    ("Uñas", "Pedicura", 50, 3000, 5200),
    ("Depilación", "Depilación láser de piernas", 45, 8900, 16500),
    ("Depilación", "Depilación láser de axilas", 20, 3900, 7500),
    ("Depilación", "Cera de cejas", 15, 1000, 1800),
]
"""Category, name, minutes, price in cents of euro and of dollar."""


def load(config: Config) -> None:
    """Loads the demo where it is not there yet."""
    database = Database(config)
    with database.transaction() as session:
        fill(session, demo_settings().password, config.secret("web-machine-secret"))
    database.close()


def fill(session: Session, password: str, web_secret: str) -> bool:
    """Loads the demo, all in the caller's transaction; False when it is there already, and then nothing changes."""
    if session.get(Branch, SALAMANCA):
        return False
    for name, details in BRANCHES.items():
        branches.add(session, HOUSE, details | {"name": name, "active": True}, demo_id("branch", name))
    roles.add(session, HOUSE, {"name": ADMINISTRATION, "permissions": []}, _role(ADMINISTRATION), everything=True)
    for name, may in ROLES.items():
        roles.add(session, HOUSE, {"name": name, "permissions": may}, _role(name))
    _add_employees(session, password)
    _add_menu(session)
    web = {"name": "Foyer", "client_id": "web", "permissions": ["directory.sessions.open"], "active": True}
    machines.add(session, HOUSE, web, demo_id("machine", "web"), secret=web_secret)
    return True


def _role(name: str) -> UUID:
    return demo_id("role", name)


def _add_employees(session: Session, password: str) -> None:
    for name, username, where, role in EMPLOYEES:
        places = (None,) if role == ADMINISTRATION else where
        details = {
            "name": name,
            "username": username,
            "branch_ids": list(where),
            "roles": [{"role_id": _role(role), "branch_id": place} for place in places],
            "active": True,
        }
        password_hash = hashed(password) if username else None
        employees.add(session, HOUSE, details, demo_id("employee", name), password_hash=password_hash)


def _add_menu(session: Session) -> None:
    for category, name, minutes, euros, dollars in MENU:
        prices = [{"branch_id": branch_id, "amount": euros, "currency": "EUR"} for branch_id in SPANISH]
        prices.append({"branch_id": BRICKELL, "amount": dollars, "currency": "USD"})
        details = {
            "category": category,
            "name": name,
            "duration_minutes": minutes,
            "prices": prices,
            "active": True,
        }
        menu.add(session, HOUSE, details, demo_id("service", name))
