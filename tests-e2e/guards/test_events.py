"""Contracts, cards and queues say the same as the code."""

from pathlib import Path

import pytest

from shared import contracts
from shared.card import card, installed
from shared.contracts import all_contracts
from shared.contracts.contract import Contract
from shared.events.rabbitmq import ANNOUNCEMENTS, EVENTS, STREAM, RabbitMQ
from shared.roles import duties_of, reactions_of
from shared.testing import rules

ROOT = Path(__file__).parents[2]
SERVICES = [service.name for service in installed()]
HEARING = [service.name for service in installed() if "consumer" in service.roles]

PROMISED = {
    "clients.client.archived.v1": "P47",
    "clients.client.merged.v1": "P47",
    "clients.client.erased.v1": "P47",
    "clients.erasure.completed.v1": "P47",
}
"""Contracts that already hold what a later row needs, with the row whose code will emit them."""

ROOM_FILES = {"api", "models", "actions", "reactions", "announcements", "work", "commands", "views"}


def said_by_code(service: str) -> set[str]:
    """The types that the code of a service emits."""
    types = set()
    for name in rules.said_by(ROOT, service):
        found = getattr(getattr(contracts, service, None), name, None)
        if isinstance(found, Contract):
            types.add(found.type)
    return types


@pytest.mark.parametrize("service", SERVICES)
def test_the_card_says_what_the_code_emits(service):
    assert {contract.type for contract in card(service).emits} == said_by_code(service)


@pytest.mark.parametrize("service", SERVICES)
def test_the_card_says_what_the_code_reacts_to(service):
    heard = set(reactions_of(card(service)).types()) if service in HEARING else set()
    assert {contract.type for contract in card(service).reacts_to} == heard


@pytest.mark.parametrize("service", SERVICES)
def test_the_card_says_which_rooms_there_are(service):
    folder = ROOT / "services" / service
    rooms = {
        path.name
        for path in folder.iterdir()
        if (path / "__init__.py").exists() and {each.stem for each in path.glob("*.py")} & ROOM_FILES
    }
    assert rooms <= set(card(service).rooms)
    assert all((folder / room).is_dir() or (folder / f"{room}.py").exists() for room in card(service).rooms)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_roles_that_its_code_needs(service):
    described = card(service)
    folder = ROOT / "services" / service
    needs = {
        "http": (folder / "app.py").exists(),
        "migrate": (folder / "migrations").exists(),
        "relay": bool(described.emits),
        "consumer": bool(described.reacts_to),
        "worker": "migrate" in described.roles and bool(duties_of(described)),
    }
    assert {role for role, needed in needs.items() if needed} == set(described.roles)


def test_every_reaction_listens_to_a_contract():
    types = {contract.type for contract in all_contracts()}
    for service in HEARING:
        assert set(reactions_of(card(service)).types()) <= types


@pytest.mark.parametrize("contract", all_contracts(), ids=lambda contract: contract.type)
def test_a_contract_is_whole_and_somebody_emits_it(contract):
    parts = contract.type.split(".")
    assert len(parts) == 4 or contract.external
    assert parts[-1].startswith("v")
    assert contract.description.endswith(".")
    assert contract.json_schema["type"] == "object"
    assert set(contract.example) == set(contract.json_schema.get("properties", {}))
    if contract.external or contract.type in PROMISED:
        return
    assert contract.owner in SERVICES
    assert contract.type in said_by_code(contract.owner), "no code emits it"


@pytest.mark.parametrize("type_", PROMISED)
def test_what_is_promised_is_not_yet_kept(type_):
    """Once code emits it, it is no promise any more, and the line goes."""
    assert type_ not in said_by_code(type_.split(".")[0])


@pytest.mark.parametrize("service", HEARING)
def test_queues_and_bindings_on_a_broker_are_those_that_the_reactions_need(vhost, service):
    transport = RabbitMQ(vhost.url, service=service)
    transport.declare(service, ["clients.client.registered.v1", "directory.branch.added.v1"])  # of another release
    transport.declare(service, reactions_of(card(service)).types())
    transport.close()
    wanted = {(EVENTS.name, type_) for type_ in reactions_of(card(service)).types()}
    assert vhost.bindings(service) == wanted | {(ANNOUNCEMENTS.name, f"#.{service}")}
    assert vhost.bindings(STREAM.name) == {(EVENTS.name, "#")}
    assert set(vhost.queues()) == {service, f"{service}.dead", STREAM.name}
