"""Every route of every service refuses what is wrong in a person's words, by field and in both languages, and changes
nothing. The routes and their fields are read from the service itself, so a new one is covered by itself."""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OKPKey
from werkzeug.test import TestResponse

from shared.ids import new_id
from shared.testing.servers.postgres import Postgres
from shared.testing.service import ServiceUnderTest, services_on
from shared.testing.tokens import token
from shared.words import catalogue

sys.path.append(str(Path(__file__).parent))  # this folder is no package

SERVICES = ("clients", "directory")
MEMBERS = {"type", "title", "status", "code", "detail", "request_id"}
LIBRARIES_WORDS = re.compile(
    r"Not a valid|Missing data|Unknown field|Field may|Invalid|Longer than|Shorter than|Must be"
)
STRANGER = OKPKey.generate_key("Ed25519", auto_kid=True)


@dataclass
class Route:
    """An operation of the document with all that a right request needs."""

    method: str
    path: str
    needs: str
    path_template: str
    schema: dict[str, Any] | None
    """Of the body."""
    query: list[dict[str, Any]]
    versioned: bool
    label: str = field(init=False)

    def __post_init__(self) -> None:
        self.label = f"{self.method} {self.path_template}"


class Refusals:
    """A service, the routes that its document names, and how they are asked."""

    def __init__(self, service: ServiceUnderTest, told: dict[str, Any]) -> None:
        self.service = service
        self.told = told
        self.document = service.anonymous().get(f"/api/v1/{service.card.name}/openapi.json").json
        self.admin = service.with_token(told["token"])
        self.client = service.with_token(told["client_token"]) if "client_token" in told else None
        self.spanish = service.with_token(told["token"], "es")

    def routes(self) -> Iterator[Route]:
        for template, operations in self.document["paths"].items():
            for method in operations.keys() - {"parameters"}:
                yield self._route(template, method, operations[method])

    def _route(self, template: str, method: str, operation: dict[str, Any]) -> Route:
        parameters = operation.get("parameters", [])
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        return Route(
            method.upper(),
            template.format_map({name: ids[0] for name, ids in self.told["path"].items()}),
            operation.get("x-needs", "public"),
            template,
            self.resolved(body) if body else None,
            [parameter for parameter in parameters if parameter["in"] == "query"],
            any(parameter["name"] == "If-Match" for parameter in parameters),
        )

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The object that a schema speaks of: the first of several, where it may be one of them."""
        for several in ("allOf", "oneOf", "anyOf"):
            if several in schema:
                return self.resolved(schema[several][0])
        name = schema.get("$ref", "").rpartition("/")[2]
        return self.document["components"]["schemas"][name] if name else schema

    def right_body(self, route: Route) -> dict[str, Any]:
        """The least that the route takes."""
        properties = (route.schema or {}).get("properties", {})
        return {name: self._right(name, properties[name]) for name in (route.schema or {}).get("required", [])}

    def _right(self, name: str, schema: dict[str, Any]) -> Any:
        if choices := [choice for choice in self.told["body"].get(name, []) if choice is not None]:
            return choices[0]
        if "enum" in schema:
            return schema["enum"][0]
        if schema.get("format") == "uuid":
            return str(self.told["path"].get(name, [new_id()])[0])
        return {"array": [], "boolean": True, "integer": 30, "number": 70}.get(
            schema["type"], "nuevo".ljust(schema.get("minLength", 0), "o")
        )

    def ask(
        self, route: Route, body: Any = None, *, caller: Any = None, query: str = "", **options: Any
    ) -> TestResponse:
        if route.schema is not None and "data" not in options:
            options["data"] = json.dumps(self.right_body(route) if body is None else body, default=str)
        options.setdefault("content_type", "application/json")
        options.setdefault("version", "*" if route.versioned else None)
        caller = caller or (self.client if route.needs == "client" else self.admin)
        return caller.request(route.method, f"{route.path}{query}", **options)

    def everything(self) -> list[Any]:
        """All that the database holds."""
        tables = self.service.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        sums = " UNION ALL ".join(
            f"SELECT '{table}', count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" t"
            for table in tables
        )
        return self.service.rows(sums)


@pytest.fixture(scope="module", params=SERVICES)
def prepared_service(
    request: pytest.FixtureRequest, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Refusals]:
    for make in services_on(postgres, tmp_path_factory.mktemp(request.param)):
        service = make(request.param)
        yield Refusals(service, import_module(f"prepared.{request.param}").prepare(service))


@pytest.fixture
def refusals(prepared_service: Refusals) -> Iterator[Refusals]:
    """A service that is asked for nothing but nonsense, and holds the same afterwards."""
    before = prepared_service.everything()
    yield prepared_service
    assert prepared_service.everything() == before, "something was changed"


def is_problem(answer: TestResponse, *statuses: int) -> dict[str, Any]:
    """The problem document of an answer."""
    said = f"{answer.request.method} {answer.request.path} {answer.status} {answer.text[:400]}"
    assert answer.status_code in statuses, said
    assert answer.content_type == "application/problem+json", said
    problem: dict[str, Any] = answer.json
    assert problem.keys() >= MEMBERS, said
    assert problem["status"] == answer.status_code
    assert problem["request_id"] == answer.headers["X-Request-ID"]
    assert not LIBRARIES_WORDS.search(" ".join(texts(problem))), said
    assert "Traceback" not in answer.text
    assert ".py" not in answer.text
    return problem


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []


LONG = 10**30
WRONG: dict[str, list[Any]] = {
    "object": ["text", 7, [], True],
    "array": [{"a": 1}, "text", 7, True],
    "string": [{"a": 1}, [1], 7, True],
    "integer": [{"a": 1}, [1], "7", True, 1.5, LONG, -LONG],
    "number": [{"a": 1}, [1], "7", True, LONG, 0],
    "boolean": [{"a": 1}, [1], "true", 1, "yes"],
}
WRONG_TEXT: dict[str, list[Any]] = {
    "uuid": ["nonsense", "", "0197a3c45a0070008000000000000b01", "{0197a3c4-5a00-7000-8000-000000000b01}"],
    "date": ["nonsense", "", "20260302", "2026-02-30", "2026-W10-1", "0000-01-01"],
    "password": [],
    "text": ["\x00", "a\x07b", "a\u2028b", "\ufeff"],
}


def wrong_values(schema: dict[str, Any]) -> list[Any]:
    """Values that a field of this schema must not take."""
    kinds = schema.get("type", "object")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    wrong = [*WRONG[kinds[0]], *([] if "null" in kinds or "anyOf" in schema else [None])]
    if "string" in kinds:
        wrong += WRONG_TEXT[schema.get("format", "text")]
        wrong += ["nonsense"] if "enum" in schema else []
        wrong += ["a" * (schema["maxLength"] + 1)] if "maxLength" in schema else []
    return wrong


def test_a_wrong_value_is_refused_by_the_name_of_its_field(refusals):
    for route in refusals.routes():
        for name, schema in (route.schema or {}).get("properties", {}).items():
            for value in wrong_values(schema):
                answer = refusals.ask(route, refusals.right_body(route) | {name: value})
                problem = is_problem(answer, 422)
                assert name in problem["errors"], f"{route.label} {name}={value!r}: {problem}"


def test_a_field_that_is_missing_or_not_known_is_named(refusals):
    for route in refusals.routes():
        if route.schema is None:
            continue
        right = refusals.right_body(route)
        problem = is_problem(refusals.ask(route, right | {"nonsense": 1}), 422)
        assert list(problem["errors"]) == ["nonsense"], route.label
        for name in right:
            without = {other: value for other, value in right.items() if other != name}
            problem = is_problem(refusals.ask(route, without), 422)
            assert name in problem["errors"], route.label


def test_a_body_that_is_no_object_is_said_so(refusals):
    for route in refusals.routes():
        if route.schema is not None:
            for body in (b"null", b"[]", b'"text"', b"7"):
                problem = is_problem(refusals.ask(route, data=body), 422)
                assert list(problem["errors"]) == ["body"], route.label


def test_a_body_that_is_no_json_or_too_deep_or_too_large_or_of_another_type_is_refused(refusals):
    huge = json.dumps({"name": "a" * 2_000_000}).encode()
    bad = (
        b"{",
        b"",
        b"\xff\xfe",
        b'{"a":NaN}',
        b'"\\ud800"',
        b"[" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    )
    for route in refusals.routes():
        if route.schema is None:
            continue
        for body in bad:
            is_problem(refusals.ask(route, data=body), 400)
        is_problem(refusals.ask(route, data=huge), 413)
        for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
            is_problem(refusals.ask(route, data=b"{}", content_type=content_type), 415)


def test_a_query_that_is_wrong_is_refused_by_the_name_of_its_parameter(refusals):
    for route in refusals.routes():
        if not route.query:
            continue
        assert "nonsense" in is_problem(refusals.ask(route, query="?nonsense=1"), 422)["errors"]
        for parameter in route.query:
            schema, name = parameter["schema"], parameter["name"]
            wrong = {"boolean": ["yes", "1", "True", ""], "integer": ["x", "1.5", "1e3", "", "-1", "９", "1_0"]}
            values = wrong.get(schema["type"], ["%00", "%0a", "a" * (schema.get("maxLength", 36) + 1)])
            for value in [*values, *(["nonsense"] if schema.get("format") == "uuid" or name == "cursor" else [])]:
                problem = is_problem(refusals.ask(route, query=f"?{name}={value}"), 422)
                assert name in problem["errors"], f"{route.label} {name}={value}"


def test_an_id_that_is_none_or_of_another_kind_is_not_found(refusals):
    ids = {name: str(of_it[0]) for name, of_it in refusals.told["path"].items()}
    for route in refusals.routes():
        for name in re.findall(r"\{(\w+)\}", route.path_template):
            others = [id for other, id in ids.items() if other != name]
            for wrong in (*others, str(new_id()), "nonsense", "%00", "7", "..", "x" * 300):
                route.path = route.path_template.format_map({**ids, name: wrong})
                is_problem(refusals.ask(route), 404)


def test_a_change_says_which_version_it_has_seen(refusals):
    for route in refusals.routes():
        if route.versioned:
            is_problem(refusals.ask(route, version=None), 428)
            is_problem(refusals.ask(route, version=""), 400)
            for nonsense in ("3", 'W/"3"', '"x"', '"-1"', '"1234567890"', '"1", "2"'):
                is_problem(refusals.ask(route, version=nonsense), 400)
            is_problem(refusals.ask(route, version='"999999"'), 412)


def test_who_is_not_signed_in_is_told_so(refusals):
    service = refusals.service
    anybody = ("directory.read",)
    tokens = ["", "garbled", "a.b.c", token(*anybody, lives=-10), token(*anybody, key=STRANGER), "\xe9"]
    tokens += [token(*anybody, issuer="somebody")]
    for route in refusals.routes():
        if route.needs == "public":
            continue
        problem = is_problem(answer := refusals.ask(route, caller=service.anonymous()), 401)
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert problem["code"] == "unauthenticated"
        for bad in tokens:
            is_problem(refusals.ask(route, caller=service.with_token(bad)), 401)


def test_who_lacks_the_permission_is_told_which(refusals):
    nobody = refusals.service.signed_in("notifications.nothing")
    for route in refusals.routes():
        if route.needs not in ("public", "anyone"):
            problem = is_problem(refusals.ask(route, caller=nobody), 403)
            assert route.needs in problem["detail"], route.label


def test_what_belongs_to_another_branch_is_out_of_reach(refusals):
    if refusals.service.card.name != "directory":
        pytest.skip("clients belong to the chain")
    elsewhere = new_id()
    for route in refusals.routes():
        if route.method != "GET" and route.needs not in ("public", "anyone"):
            caller = refusals.service.signed_in(route.needs, branches=[elsewhere])
            body = refusals.right_body(route) or {"name": "Nuevo"}
            is_problem(refusals.ask(route, body, caller=caller), 403)


def test_every_refusal_is_said_in_spanish(refusals):
    english = {text for text, spanish in catalogue("es").items() if text != spanish and "{" not in text}
    nobody = refusals.service.signed_in("notifications.nothing", language="es")
    for route in refusals.routes():
        answers = [refusals.ask(route, caller=nobody)] if route.needs not in ("public", "anyone") else []
        if route.schema is not None:
            answers += [refusals.ask(route, {"nonsense": 1}, caller=refusals.spanish)]
            for name, schema in route.schema.get("properties", {}).items():
                answers += [
                    refusals.ask(route, refusals.right_body(route) | {name: value}, caller=refusals.spanish)
                    for value in ([1], {"a": 1}, "a" * 5000, "\x00" * 9)
                    if not (schema.get("format") == "password" and value == "\x00" * 9)
                ]
        for answer in answers:
            problem = is_problem(answer, 403, 422)
            assert not english & set(texts(problem)), f"{route.label}: {problem}"
