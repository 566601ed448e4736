"""An outside booking system holds, uses and releases credits by its events, in whatever order they arrive."""

from itertools import permutations
from typing import Any

import pytest

from services.memberships.conftest import CARLOS, MADRID, MARIA, MASSAGE, PEELING
from services.memberships.credits.tests.conftest import AddCredits
from services.memberships.credits.tests.test_holds import counts, lots
from shared.contracts import bookings
from shared.contracts.contract import Contract
from shared.ids import UUID, new_id
from shared.testing.service import Caller, ServiceUnderTest

BOOKED, COMPLETED = bookings.APPOINTMENT_BOOKED, bookings.APPOINTMENT_COMPLETED
CANCELLED, NO_SHOW = bookings.APPOINTMENT_CANCELLED, bookings.APPOINTMENT_NO_SHOW


def happen(service: ServiceUnderTest, contract: Contract, appointment: UUID, **more: Any) -> None:
    data = {"appointment_id": str(appointment), "client_id": str(MARIA), "branch_id": str(MADRID)}
    services = {"services": [{"service_id": str(PEELING), "quantity": 1}]}
    service.deliver(contract, data | services | more, subject=appointment)


@pytest.mark.parametrize(
    ("story", "left"),
    [
        ([BOOKED], (1, 1, 0, 0)),
        ([BOOKED, COMPLETED], (1, 0, 1, 0)),
        ([BOOKED, CANCELLED], (2, 0, 0, 0)),
        ([BOOKED, NO_SHOW], (2, 0, 0, 0)),
        ([BOOKED, BOOKED, COMPLETED, COMPLETED], (1, 0, 1, 0)),
        ([COMPLETED, CANCELLED], (1, 0, 1, 0)),
    ],
    ids=lambda value: "-".join(each.type.split(".")[2] for each in value) if isinstance(value, list) else "",
)
def test_appointments_move_credits_once(
    memberships: ServiceUnderTest, lucia: Caller, add_credits: AddCredits, story: list[Contract], left: Any
) -> None:
    add_credits(2)
    appointment = new_id()
    for contract in story:
        happen(memberships, contract, appointment)
    assert counts(lots(lucia)[0]) == left


def test_the_order_in_which_events_arrive_makes_no_difference(
    memberships: ServiceUnderTest, lucia: Caller, add_credits: AddCredits
) -> None:
    add_credits(10)
    for story in ((BOOKED, COMPLETED), (BOOKED, CANCELLED), (BOOKED, NO_SHOW)):
        for order in permutations(story):
            appointment = new_id()
            for contract in order:
                happen(memberships, contract, appointment)
    assert counts(lots(lucia)[0]) == (8, 0, 2, 0)


def test_a_client_without_credits_is_no_error_and_later_credits_are_not_taken_for_what_is_over(
    memberships: ServiceUnderTest, lucia: Caller, add_credits: AddCredits
) -> None:
    over, elsewhere = new_id(), new_id()
    happen(memberships, COMPLETED, over)
    happen(memberships, BOOKED, elsewhere, client_id=str(CARLOS))
    add_credits(2)
    happen(memberships, BOOKED, over)
    assert counts(lots(lucia)[0]) == (2, 0, 0, 0)


def test_an_appointment_takes_what_there_is_of_each_of_its_services(
    memberships: ServiceUnderTest, lucia: Caller, add_credits: AddCredits
) -> None:
    add_credits(1)
    add_credits(2, service_id=str(MASSAGE))
    services = [{"service_id": str(PEELING), "quantity": 2}, {"service_id": str(MASSAGE), "quantity": 1}]
    happen(memberships, BOOKED, new_id(), services=services)
    assert [counts(lot) for lot in lots(lucia)] == [(0, 1, 0, 0), (1, 1, 0, 0)]
