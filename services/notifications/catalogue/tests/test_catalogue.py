"""The table of types says what it must, and the docs say the same."""

import pytest

from services.notifications.catalogue.table import FILE, table
from services.notifications.catalogue.types import TYPES, called_for_by

EACH = pytest.mark.parametrize("kind", TYPES.values(), ids=list(TYPES))


def test_the_docs_show_the_table_of_the_code():
    assert FILE.read_text() == table()


@EACH
def test_a_type_reads_only_what_its_events_say(kind):
    """A key must be there in every event; what is said may be left out by some."""
    for contract in kind.on:
        kind.key.format_map(contract.example)
        assert any(contract.example.get(member) for member in kind.to.split("|"))
    said = {name for contract in kind.on for name in contract.example} or {"title", "text", "id"}
    assert {value.member for value in kind.values.values()} <= said


@EACH
def test_what_withdraws_a_type_can_say_which_message_it_means(kind):
    assert bool(kind.withdrawn_by) <= bool(kind.about)
    for contract in kind.withdrawn_by:
        kind.about.format_map(contract.example)


def test_contract_and_security_cannot_be_switched_off():
    assert all(kind.can_be_off == (kind.kind != "contract") for kind in TYPES.values())


def test_what_advertises_waits_for_who_agreed():
    from shared.contracts import packages

    by_flag = {True: "marketing", False: "package"}
    for promotional, wanted in by_flag.items():
        called = [kind for kind in called_for_by(packages.MESSAGE.type) if kind.when({"promotional": promotional})]
        assert [kind.kind for kind in called] == [wanted]
