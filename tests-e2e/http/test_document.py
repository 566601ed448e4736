"""The documents of the APIs are valid, and say of each operation what it takes, who may use it and how it refuses."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate

from shared.testing.service import ServiceUnderTest

SERVICES = ("directory", "clients", "memberships", "documents", "notifications")


@pytest.fixture(params=SERVICES)
def document(request: pytest.FixtureRequest, service_of: Callable[..., ServiceUnderTest]) -> Any:
    service = service_of(request.param)
    return service.anonymous().get(f"/api/v1/{request.param}/openapi.json").json


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method in methods.keys() - {"parameters"}:
            yield f"{method.upper()} {path}", methods[method] | {"shared": methods.get("parameters", [])}


def test_it_is_valid_openapi_3_1(document):
    assert document["openapi"] == "3.1.0"
    validate(document)


def test_operations_have_names_of_their_own_and_a_summary(document):
    ids = [operation["operationId"] for _, operation in operations(document)]
    assert len(set(ids)) == len(ids)
    assert all(operation["summary"] for _, operation in operations(document))


def test_a_change_of_what_is_there_asks_for_its_version(document):
    for label, operation in operations(document):
        headers = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "header"}
        on_a_row = label.startswith(("PATCH", "DELETE")) and label.endswith("}")
        assert not on_a_row or "If-Match" in headers, label
        assert not label.startswith("GET") or not headers, label


def test_every_refusal_is_a_problem_document(document):
    for label, operation in operations(document):
        refusals = {status for status in operation["responses"] if status >= "400"}
        assert refusals >= {"500", "503"}, label
        assert not operation.get("security") or refusals >= {"401", "403"}, label
    for name, answer in document["components"]["responses"].items():
        assert answer["content"]["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}, name
        assert "X-Request-ID" in answer["headers"], name
    assert "Allow" in document["components"]["responses"]["MethodNotAllowed"]["headers"]


def test_what_is_sent_is_bounded(document):
    for name, schema in document["components"]["schemas"].items():
        for field, shape in schema.get("properties", {}).items():
            kinds = shape.get("type", [])
            if "string" in kinds and "pattern" in shape:
                assert "maxLength" in shape or "enum" in shape or shape["pattern"].startswith("^(?:"), f"{name}.{field}"
        assert name == "Problem" or schema.get("additionalProperties") is False, name
