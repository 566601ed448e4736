"""The OpenAPI document, at `/api/v1/<service>/openapi.json`: what smorest finds, made complete.

What an operation may answer (a problem) and the headers of answers are declared once here and appended by what the
operation uses. A fuzzer holds the service to the document.
"""

from typing import Any

import orjson
from flask import Flask, Response
from flask_smorest import Api

from shared.api.door import PUBLIC
from shared.api.idempotency import REPLAYED
from shared.api.problems import TITLES, Problem
from shared.card import Card

BODY_PROBLEMS = (400, 413, 415, 422)
SIGNED_IN_PROBLEMS = (401, 403)
VERSION_PROBLEMS = (400, 412, 428)
KEY_PROBLEMS = (400, 409, 422)
ALWAYS = (500, 503)

HEADERS = {
    "X-Request-ID": {
        "description": "The id under which the logs and the events tell of this request; one that was sent is taken.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{8,64}$"},
    },
    "ETag": {
        "description": "The version of the row, for If-Match.",
        "required": True,
        "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    },
    "Allow": {"description": "What can be done here.", "required": True, "schema": {"type": "string"}},
    "Retry-After": {
        "description": "Seconds to wait.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    REPLAYED: {
        "description": "This was answered before, to the same Idempotency-Key; nothing was done now.",
        "schema": {"type": "string", "const": "true"},
    },
    "WWW-Authenticate": {"required": True, "schema": {"type": "string", "const": "Bearer"}},
}
OF_PROBLEM = {401: ["WWW-Authenticate"], 405: ["Allow"], 429: ["Retry-After"], 503: ["Retry-After"]}

DESCRIPTION = """\
Every refusal is a problem document (RFC 9457) with a stable `code` and, where fields were wrong, `errors` by field, in
the language that `Accept-Language` asks for (`en`, `es`).

`X-Request-ID` and `traceparent` (W3C) are taken when sent. What changes a versioned row needs `If-Match` with the ETag
last seen, or `*`. What moves money needs an `Idempotency-Key`, so that it is safe to try again. A field that is not
named here is refused. No answer carries CORS headers: browsers of other sites are not served.
"""


def register(app: Flask, api: Api, card: Card) -> None:
    """Serves the document; it is made at the first request."""
    made: list[bytes] = []

    def document() -> Response:
        if not made:
            made.append(orjson.dumps(complete(app, api)))
        return Response(made[0], mimetype="application/json")

    app.add_url_rule(f"/api/v1/{card.name}/openapi.json", "openapi", document)


def complete(app: Flask, api: Api) -> dict[str, Any]:
    api.spec.components.schema("Problem", schema=Problem)
    spec: dict[str, Any] = api.spec.to_dict()
    spec["info"]["description"] = DESCRIPTION
    components = spec.setdefault("components", {})
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    for name in ("Error", "PaginationMetadata"):  # smorest's own, which nothing uses
        components["schemas"].pop(name, None)
    components["headers"] = HEADERS
    components["responses"] = {_name(status): _problem(status) for status in TITLES}
    endpoints = _endpoints_by_operation(app)
    for path, operations in spec["paths"].items():
        shared = operations.get("parameters", [])
        for method in operations.keys() - {"parameters"}:
            endpoint = endpoints[path, method]
            operations[method]["operationId"] = endpoint.replace(".", "_").replace("-", "_")
            _complete_operation(spec, operations[method], shared, app.view_functions[endpoint])
    return spec


def _complete_operation(spec: dict[str, Any], operation: dict[str, Any], shared: list[Any], view: Any) -> None:
    needed = getattr(view, "needs", PUBLIC)
    own = [*operation.get("parameters", []), *getattr(view, "parameters", ())]
    if own:
        operation["parameters"] = own
    if needed != PUBLIC:
        operation["security"] = [{"token": []}]
        operation["x-needs"] = needed
    statuses = _statuses(operation, [*shared, *own], needed) | set(operation.pop("x-problems", ()))
    answers = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
    replayed = [REPLAYED] if _takes("Idempotency-Key", own) else []
    for answer in answers.values():
        answer["headers"] = _headers("X-Request-ID", *(["ETag"] if _is_versioned(spec, answer) else []), *replayed)
    problems = {str(status): {"$ref": f"#/components/responses/{_name(status)}"} for status in sorted(statuses)}
    operation["responses"] = answers | problems


def _statuses(operation: dict[str, Any], parameters: list[dict[str, Any]], needed: str) -> set[int]:
    """The problems that an operation may answer, by what it uses."""
    statuses = set(ALWAYS)
    if "requestBody" in operation:
        statuses.update(BODY_PROBLEMS)
    if any(parameter["in"] == "query" for parameter in parameters):
        statuses.add(422)
    if any(parameter["in"] == "path" for parameter in parameters):
        statuses.add(404)
    if _takes("If-Match", parameters):
        statuses.update(VERSION_PROBLEMS)
    if _takes("Idempotency-Key", parameters):
        statuses.update(KEY_PROBLEMS)
    if needed != PUBLIC:
        statuses.update(SIGNED_IN_PROBLEMS)
    return statuses


def _takes(name: str, parameters: list[dict[str, Any]]) -> bool:
    return any(parameter["name"] == name for parameter in parameters)


def _is_versioned(spec: dict[str, Any], answer: dict[str, Any]) -> bool:
    """Whether the answer shows a row with its version."""
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    return "version" in spec["components"]["schemas"].get(name, {}).get("properties", {})


def _problem(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": str(TITLES[status][1]),
        "headers": _headers("X-Request-ID", *OF_PROBLEM.get(status, [])),
        "content": {"application/problem+json": {"schema": schema}},
    }


def _name(status: int) -> str:
    """`too_large` as TooLarge."""
    return TITLES[status][0].title().replace("_", "")


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _endpoints_by_operation(app: Flask) -> dict[tuple[str, str], str]:
    """The names of the views, by the path as OpenAPI writes it and the method."""
    found = {}
    for rule in app.url_map.iter_rules():
        path = "".join(f"{{{part}}}" if dynamic else part for dynamic, part in _parts(rule.rule))
        for method in rule.methods or ():
            found[path, method.lower()] = rule.endpoint
    return found


def _parts(rule: str) -> list[tuple[bool, str]]:
    """`/a/<uuid:b>/c` as fixed and variable parts."""
    parts = []
    while rule:
        before, open_, rest = rule.partition("<")
        parts.append((False, before))
        inside, _, rule = rest.partition(">")
        if open_:
            parts.append((True, inside.rpartition(":")[2]))
    return parts
