"""The memberships service with two branches, an employee, a menu and a client, for the tests of its rooms."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.memberships.cards.models import Card, GatewayCustomer
from services.memberships.gateways.tests.sandbox_process import SandboxProcess
from services.memberships.memberships.models import Membership
from services.memberships.plans.models import Plan, PlanTerms
from services.memberships.plans.terms import Benefit, Terms
from services.memberships.policies.models import PolicyRow
from shared import clock
from shared.contracts import clients, directory
from shared.ids import new_id
from shared.testing.service import Caller, ServiceUnderTest
from shared.testing.tokens import EMPLOYEE

MADRID = UUID("0197a3c4-5a00-7000-8000-0000000000b1")
"""Salamanca: euros, Europe/Madrid."""
MIAMI = UUID("0197a3c4-5a00-7000-8000-0000000000b2")
"""Brickell: dollars, America/New_York."""
PEELING = UUID("0197a3c4-5a00-7000-8000-0000000000e1")
CLEANSING = UUID("0197a3c4-5a00-7000-8000-0000000000e2")
"""With the peeling, of the category Facial."""
MASSAGE = UUID("0197a3c4-5a00-7000-8000-0000000000e3")
MARIA = UUID("0197a3c4-5a00-7000-8000-0000000000c1")
"""María López, a client."""
CARLOS = UUID("0197a3c4-5a00-7000-8000-0000000000c2")
"""Carlos Ruiz, another."""
UNKNOWN = UUID("0197a3c4-5a00-7000-8000-00000000ffff")

ZONES = {MADRID: "Europe/Madrid", MIAMI: "America/New_York"}
CURRENCIES = {MADRID: "EUR", MIAMI: "USD"}

EVERYTHING = (
    "memberships.read", "memberships.write", "memberships.date.write", "memberships.freeze", "memberships.plan.change",
    "memberships.cancel", "memberships.waive_fee", "memberships.process", "memberships.settle", "memberships.write_off",
    "memberships.refund", "memberships.cards.write", "memberships.credits.write", "memberships.credits.use",
    "memberships.plans.write", "memberships.policies.write", "memberships.billing", "gift_cards.read",
    "gift_cards.sell", "gift_cards.redeem", "gift_cards.manage", "balances.read", "balances.write",
    "balances.overdraw", "audit.read",
)  # fmt: skip

MakeCard = Callable[..., UUID]
YEARS = 20 * 365 * 24 * 3600
"""In seconds."""

MakePlan = Callable[..., UUID]
MakeMember = Callable[..., UUID]
SetPolicy = Callable[..., None]


@pytest.fixture(scope="session")
def sandbox_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    """Not started before a test asks for `sandbox`; nobody may kill it."""
    process = SandboxProcess(tmp_path_factory.mktemp("sandbox"), "--later", "0.1", "--slow", "3")
    yield process
    process.stop()


@pytest.fixture
def sandbox(sandbox_of_the_run: SandboxProcess) -> SandboxProcess:
    """The sandbox gateway as a process of its own, which the service under test charges."""
    return sandbox_of_the_run if sandbox_of_the_run.started else sandbox_of_the_run.start()


@pytest.fixture
def memberships(service_of: Callable[..., ServiceUnderTest], sandbox_of_the_run: SandboxProcess) -> ServiceUnderTest:
    return service_of("memberships", furnish, **sandbox_of_the_run.settings)


@pytest.fixture
def card(memberships: ServiceUnderTest, sandbox: SandboxProcess) -> MakeCard:
    """A function that puts a test card of the sandbox on a client's file: how it behaves, whose, and what else."""

    def one(behaves: str = "accepted", client_id: UUID = MARIA, **columns: Any) -> UUID:
        saved = sandbox.card(behaves, client_id)
        details = {name: getattr(saved, name) for name in ("token", "brand", "last_four", "exp_month", "exp_year")}
        agreed = {"agreement": "", "agreement_version": "1", "agreed_at": clock.now(), "added_by": "service:tests"}
        place = {"is_default": False, "position": 1, "for_others": False}
        row = Card(id=new_id(), version=1, client_id=client_id, account="main", **details | agreed | place | columns)
        with memberships.database.transaction() as session:
            customer = session.get(GatewayCustomer, (client_id, "main"))
            session.add_all(
                [row] if customer else [row, GatewayCustomer(client_id=client_id, account="main", token=saved.customer)]
            )
        return row.id

    return one


def furnish(service: ServiceUnderTest) -> None:
    """What the directory and the clients service have said so far."""
    madrid = {"id": str(MADRID), "name": "Salamanca", "country": "ES", "time_zone": "Europe/Madrid", "currency": "EUR"}
    miami = {"id": str(MIAMI), "name": "Brickell", "country": "US", "time_zone": "America/New_York", "currency": "USD"}
    service.deliver(directory.BRANCH_ADDED, madrid, subject=MADRID)
    service.deliver(directory.BRANCH_ADDED, miami | {"language": "en", "weight_unit": "lb"}, subject=MIAMI)
    employee = {"id": str(EMPLOYEE), "name": "Lucía Ortega", "branch_ids": [str(MADRID)]}
    service.deliver(directory.EMPLOYEE_ADDED, employee, subject=EMPLOYEE)
    menu = {PEELING: ("Facial", "Peeling químico"), CLEANSING: ("Facial", "Limpieza facial profunda")}
    for service_id, (category, name) in (menu | {MASSAGE: ("Masajes", "Masaje relajante")}).items():
        said = {"id": str(service_id), "category": category, "name": name}
        service.deliver(directory.SERVICE_ADDED, said, subject=service_id)
    for client_id, first, last in ((MARIA, "María", "López"), (CARLOS, "Carlos", "Ruiz")):
        said = {"id": str(client_id), "first_name": first, "middle_name": "", "last_name": last}
        service.deliver(clients.CLIENT_REGISTERED, said, subject=client_id)


@pytest.fixture
def lucia(memberships: ServiceUnderTest) -> Caller:
    """Lucía Ortega, who may do everything, and stays signed in wherever a story travels to."""
    return memberships.signed_in(*EVERYTHING, lives=YEARS)


@pytest.fixture
def plan(memberships: ServiceUnderTest) -> MakePlan:
    """A function that makes a plan of which Madrid's monthly facial is the default; arguments are those of Terms.

    Written as rows, past the door: for tests that need a plan and do not test one.
    """

    def make(name: str = "Mensual Facial", branch_ids: tuple[UUID, ...] = (), **terms: Any) -> UUID:
        values: dict[str, Any] = {
            "price": 4900,
            "currency": "EUR",
            "benefits": (Benefit(quantity=2, category="Facial"),),
        } | terms
        plan_id, now = new_id(), clock.now()
        with memberships.database.transaction() as session:
            session.add(
                Plan(
                    id=plan_id, version=1, name=name, description="", branch_ids=list(branch_ids), terms_number=1,
                    active=True, created_at=now,
                )
            )  # fmt: skip
            session.flush()
            session.add(
                PlanTerms(
                    plan_id=plan_id, number=1, terms=Terms(**values).as_dict(), published_at=now, published_by=EMPLOYEE
                )
            )
        return plan_id

    return make


@pytest.fixture
def member(memberships: ServiceUnderTest, plan: MakePlan) -> MakeMember:
    """A function that makes a membership, by default María's in Madrid that starts today and was never billed.

    Written as a row, past the door: `facts` are columns that differ. `starts_on` also sets the anchor and the next
    due day; the branch's charge hour is taken to be 08:00.
    """

    def make(starts_on: date | None = None, plan_id: UUID | None = None, **facts: Any) -> UUID:
        branch_id = facts.get("branch_id", MADRID)
        currency = CURRENCIES[branch_id]
        start = starts_on or clock.today(ZONES[branch_id])
        due_on = facts.get("next_due_on", start)
        hour = due_on and datetime.combine(due_on, time(8), ZoneInfo(ZONES[branch_id]))
        columns: dict[str, Any] = {
            "id": new_id(), "version": 1, "client_id": MARIA, "branch_id": branch_id,
            "plan_id": plan_id or plan(currency=currency), "terms_number": 1, "employee_id": EMPLOYEE, "card_id": None,
            "note": "", "currency": currency, "discounts": [], "sold_on": start, "starts_on": start,
            "trial_ends_on": None, "anchor": start, "anchor_period": 1, "next_period": 1, "next_due_on": due_on,
            "next_due_at": hour, "commitment_until": None, "ends_on": None, "lifecycle": "active", "standing": "good",
            "collection": "none", "created_at": clock.now(), "created_by": EMPLOYEE,
        } | facts  # fmt: skip
        columns.setdefault("payer_id", columns["client_id"])
        with memberships.database.transaction() as session:
            session.add(Membership(**columns))
        return UUID(str(columns["id"]))

    return make


@pytest.fixture
def policy(memberships: ServiceUnderTest) -> SetPolicy:
    """A function that sets the chain's policy, or a branch's: settings that differ from the defaults."""

    def set_(branch_id: UUID | None = None, **settings: Any) -> None:
        with memberships.database.transaction() as session:
            session.add(PolicyRow(id=new_id(), version=1, branch_id=branch_id, settings=settings))

    return set_
