"""What outsiders read is what the code says, is valid, and no change of it breaks a reader."""

from datetime import date
from pathlib import Path

import jsonschema_rs
import orjson
import pytest

from shared.contracts import all_contracts
from shared.contracts.asyncapi import document
from shared.contracts.contract import Contract, ContractBroken, Payload
from shared.contracts.published import broken, differences
from shared.events.envelope import decode

TYPES = [contract.type for contract in all_contracts()]
ASYNCAPI = Path(__file__).parents[3] / "services/web/assets/node_modules/@asyncapi/specs/schemas/3.0.0.json"


def test_the_published_files_are_those_of_the_code():
    assert differences(all_contracts()) == [], "run `python -m shared.contracts build`, and commit what it wrote"


def test_no_change_breaks_what_is_published():
    assert list(broken(all_contracts())) == []


@pytest.mark.parametrize("type_", TYPES)
def test_the_example_is_what_the_producer_is_held_to_and_what_readers_were_told(type_):
    contract = Contract.known[type_]
    contract.check(contract.example)
    jsonschema_rs.validate(contract.json_schema, dict(contract.example))
    with pytest.raises(ContractBroken):
        contract.check({**contract.example, "added by mistake": 1})


def test_the_asyncapi_document_is_valid():
    validator = jsonschema_rs.validator_for(orjson.loads(ASYNCAPI.read_bytes()))
    assert [error.message for error in validator.iter_errors(document(all_contracts()))] == []


def test_the_examples_of_the_document_fit_its_own_schemas_and_can_be_read():
    made = document(all_contracts())
    for type_, message in made["components"]["messages"].items():
        (example,) = (each["payload"] for each in message["examples"])
        whole = {**message["payload"], "components": made["components"]}
        assert [error.message for error in jsonschema_rs.validator_for(whole).iter_errors(example)] == []
        assert decode(orjson.dumps(example)).type == type_


def test_a_deprecated_contract_shows_in_the_document():
    old = Contract("shop.door.opened.v1", Payload, "For a test.", {}, deprecated=date(2027, 5, 1))
    try:
        made = document([old])["components"]
    finally:
        Contract.known.pop(old.type)
    assert "no longer sent after 2027-05-01" in made["messages"][old.type]["description"]
    assert made["schemas"][old.type]["deprecated"] is True
