"""The OpenAPI document, at `/api/v1/<service>/openapi.json`: what smorest finds, made complete.

What every operation may answer (a problem) is declared once here and appended by what the operation uses.
"""

from typing import Any

import orjson
from flask import Flask, Response
from flask_smorest import Api

from shared.api.door import PUBLIC
from shared.api.problems import TITLES, Problem
from shared.card import Card

BODY_PROBLEMS = (400, 413, 415, 422)
SIGNED_IN_PROBLEMS = (401, 403)
VERSION_PROBLEMS = (400, 412, 428)


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
    for name in ("DEFAULT_ERROR", "UNPROCESSABLE_ENTITY"):
        api.spec.components.responses.pop(name, None)
    spec: dict[str, Any] = api.spec.to_dict()
    schemes = spec.setdefault("components", {}).setdefault("securitySchemes", {})
    schemes["token"] = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    needs = _needs_by_operation(app)
    for path, operations in spec["paths"].items():
        shared = operations.get("parameters", [])
        for method, operation in operations.items():
            if method != "parameters":
                _complete_operation(operation, shared, needs.get((path, method), PUBLIC))
    return spec


def _complete_operation(operation: dict[str, Any], shared: list[Any], needed: str) -> None:
    parameters = [*shared, *operation.get("parameters", [])]
    statuses = {503, 500}
    if "requestBody" in operation:
        statuses.update(BODY_PROBLEMS)
    if any(parameter["in"] == "query" for parameter in parameters):
        statuses.add(422)
    if any(parameter["in"] == "path" for parameter in parameters):
        statuses.add(404)
    if any(parameter["name"] == "If-Match" for parameter in parameters):
        statuses.update(VERSION_PROBLEMS)
    if needed != PUBLIC:
        statuses.update(SIGNED_IN_PROBLEMS)
        operation["security"] = [{"token": []}]
        operation["x-needs"] = needed
    statuses.update(operation.pop("x-problems", ()))
    responses = operation["responses"]
    for name in ("default", "422"):
        responses.pop(name, None)
    for status in sorted(statuses):
        responses[str(status)] = _problem_response(status)


def _problem_response(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": str(TITLES[status][1]),
        "content": {"application/problem+json": {"schema": schema}},
    }


def _needs_by_operation(app: Flask) -> dict[tuple[str, str], str]:
    """What each operation needs, by the path as OpenAPI writes it."""
    found = {}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        path = "".join(f"{{{part}}}" if dynamic else part for dynamic, part in _parts(rule.rule))
        for method in rule.methods or ():
            found[path, method.lower()] = getattr(view, "needs", PUBLIC)
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
