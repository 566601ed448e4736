"""What people ask of us about the services on offer.

A service is the chain's; its price at a branch is also for who may change the menu of that branch.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.directory.branches.models import Branch
from services.directory.menu.models import Service
from services.directory.names import names
from shared.audit import Saying, difference, record
from shared.auth.principal import Principal
from shared.contracts.directory import SERVICE_ADDED, SERVICE_CHANGED
from shared.errors import Invalid
from shared.ids import new_id
from shared.rows import locked, refusing
from shared.words import Words

WRITE = "directory.menu.write"
REFUSALS = {"uq_services_category_sorting": ("name", Words("This category has a service of this name."))}
INVALID = Words("Some of what was sent is not right.")
NO_BRANCH = Words("There is no such branch.")
TWICE = Words("There is more than one price for this branch.")
OTHER_CURRENCY = Words("This branch has its prices in {currency}.")

Details = dict[str, Any]


def add(session: Session, by: Principal, details: Details, service_id: UUID | None = None) -> Service:
    """A new service. Raises Invalid for a price in another currency than its branch's, Conflict for a taken name."""
    by.must_everywhere(WRITE)
    _check_prices(session, details["prices"])
    details = _ordered(details)
    service = Service(id=service_id or new_id(), version=1)
    _take(service, details)
    session.add(service)
    with refusing(REFUSALS):
        session.flush()
    said = Saying(SERVICE_ADDED, service.state())
    changes = difference({}, service.details())
    record(session, about=service.id, kind="service", version=1, changes=changes, says=[said])
    return service


def change(session: Session, by: Principal, service_id: UUID, details: Details, expected: int | None) -> Service:
    """Changes what is named; `prices` takes the place of all prices."""
    by.must(WRITE)
    service = locked(session, Service, service_id, expected, kind="service", names=names)
    changes = difference(service.details(), _ordered(details))
    if not changes:
        return service
    _must_change(by, changes)
    _check_prices(session, details.get("prices", []))
    _take(service, details)
    service.version += 1
    with refusing(REFUSALS):
        session.flush()
    said = Saying(SERVICE_CHANGED, service.state() | {"changed": list(changes)})
    record(session, about=service.id, kind="service", version=service.version, changes=changes, says=[said])
    return service


def _must_change(by: Principal, changes: dict[str, tuple[Any, Any]]) -> None:
    if changes.keys() - {"prices"}:
        by.must_everywhere(WRITE)
    before, after = changes.get("prices", ([], []))
    for price in [price for price in [*before, *after] if (price in before) != (price in after)]:
        by.must(WRITE, price["branch_id"])


def _check_prices(session: Session, prices: list[Details]) -> None:
    """Raises Invalid that says which price is wrong and why."""
    ids = [price["branch_id"] for price in prices]
    known = select(Branch.id, Branch.currency).where(Branch.id.in_(ids)).with_for_update(read=True)
    currencies = {branch_id: currency for branch_id, currency in session.execute(known)}
    wrong: dict[str, Any] = {}
    for place, price in enumerate(prices):
        currency = currencies.get(price["branch_id"])
        if currency is None:
            wrong[str(place)] = {"branch_id": [NO_BRANCH.format()]}
        elif ids.count(price["branch_id"]) > 1:
            wrong[str(place)] = {"branch_id": [TWICE.format()]}
        elif currency != price["currency"]:
            wrong[str(place)] = {"currency": [OTHER_CURRENCY.format(currency=currency)]}
    if wrong:
        raise Invalid(INVALID, fields={"prices": wrong})


def _take(service: Service, details: Details) -> None:
    for name in details.keys() - {"prices"}:
        setattr(service, name, details[name])
    if "prices" in details:
        service.ask(details["prices"])


def _ordered(details: Details) -> Details:
    if "prices" not in details:
        return details
    return details | {"prices": sorted(details["prices"], key=lambda price: price["branch_id"])}
