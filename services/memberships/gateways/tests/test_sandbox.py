"""The sandbox process itself."""

from pathlib import Path

import pytest

from services.memberships.gateways.port import AnswerLost, Charge
from services.memberships.gateways.tests.sandbox_process import SandboxProcess
from shared.ids import new_id


@pytest.fixture
def sandbox(tmp_path: Path):
    made = SandboxProcess(tmp_path).start()
    yield made
    made.stop()


def test_what_was_answered_is_in_the_book_after_a_kill(sandbox):
    gateway, card = sandbox.gateway(), sandbox.card()
    name = gateway.create(Charge(new_id(), new_id(), 4900, "EUR", card.customer, card.token))
    gateway.confirm(name)
    sandbox.kill()
    sandbox.start()
    assert gateway.find(name).captured == 4900


def test_a_payment_whose_answer_is_lost_was_taken(sandbox):
    gateway, card = sandbox.gateway(), sandbox.card("answer_lost")
    name = gateway.create(Charge(new_id(), new_id(), 4900, "EUR", card.customer, card.token))
    with pytest.raises(AnswerLost):
        gateway.confirm(name)
    assert gateway.find(name).state == "succeeded"
