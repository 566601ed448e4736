"""What schemathesis loads beside the document: who asks, rows that exist, what no schema can say, a check of our own.

`fuzz.json`, in the folder where it runs, is written by the test that starts it.
"""

import json
import re
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zlib import crc32

import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.transport.serialization import Binary

SETTINGS = json.loads(Path("fuzz.json").read_text())
PATH: dict[str, list[Any]] = SETTINGS["path"]
"""By the name of a parameter: ids of rows that exist."""
BODY: dict[str, list[Any]] = SETTINGS["body"]
"""By the name of a field, perhaps after an operation: values that keep to a rule that no schema says, such as that what
they name exists. In a text `{new}` is another number each time, and `{later}` a later day."""
WHOLE: dict[str, list[Any]] = SETTINGS.get("whole", {})
"""By operation: bodies of which no schema says that only some fields go together, or what their text must be."""
BYTES: dict[str, str] = SETTINGS.get("bytes", {})
"""By operation, perhaps with the name of a field: bytes that it takes, in hexadecimal."""
HEADERS: dict[str, str] = SETTINGS.get("headers", {})
"""By the name of a header: what somebody was given for it."""
NUMBERS = count(1)
KEPT = set(re.findall(r"[0-9a-f-]{36}", json.dumps(BODY)))
"""Rows that others must go on to name, so nobody changes them."""

CURSORS: dict[tuple[str, str, bool], str] = {}
IDS: set[bytes] = set()


schemathesis.serializer.alias("message/rfc822", "application/octet-stream")


@schemathesis.auth(refresh_interval=None)
class SignedIn:
    """As an administrator, or as the client whose own rows it is about; an operation that ends its own session gets a
    session of its own each time."""

    def get(self, case, context) -> str:
        tokens = SETTINGS["tokens"].get(case.operation.label)
        if case.operation.definition.raw.get("x-needs") == "client":
            return SETTINGS["client_token"]
        return tokens.pop() if tokens else SETTINGS["token"]

    def set(self, case, data, context) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.hook
def before_load_schema(context, raw_schema) -> None:
    """A request that succeeds, where it takes a secret."""
    for label, body in SETTINGS["examples"].items():
        method, path = label.split()
        content = raw_schema["paths"][path][method.lower()]["requestBody"]["content"]
        content["application/json"]["example"] = body


@schemathesis.hook
def filter_query(context, query) -> bool:
    """Longer request lines are gunicorn's to refuse."""
    return len(urlencode(query or {}, doseq=True)) < 3000


@schemathesis.hook
def before_call(context, case, kwargs) -> None:
    """Puts what is prepared in the place of what is right anyway, so that not every request ends at a 404."""
    if case.meta is None:
        return
    for part, prepare in PARTS:
        if not case.meta.is_negative_at(part):
            prepare(case)


def _prepare_path(case) -> None:
    if case.path_parameters:
        case.path_parameters = {name: _existing(case, name, id) for name, id in case.path_parameters.items()}


def _prepare_query(case) -> None:
    if case.query:
        case.query = {name: _prepared(PATH, case, name, value) for name, value in case.query.items()}
    if "cursor" in (case.query or {}):
        case.query["cursor"] = CURSORS.get(_listing(case), "")
        if not case.query["cursor"]:
            del case.query["cursor"]


def _prepare_headers(case) -> None:
    given = {"If-Match": "*", "Idempotency-Key": f"fuzz-{next(NUMBERS):08}"} | HEADERS
    for name in given.keys() & (case.headers or {}).keys():
        case.headers[name] = given[name]


def _prepare_body(case) -> None:
    """What is prepared is right; looked at again, a file would count as no string."""
    if case.meta.generation.mode.is_positive:
        case.body = _body(case)
        case._meta.clear_dirty(ParameterLocation.BODY)
        case._sync_validated_hashes()


PARTS = (
    (ParameterLocation.PATH, _prepare_path),
    (ParameterLocation.QUERY, _prepare_query),
    (ParameterLocation.HEADER, _prepare_headers),
    (ParameterLocation.BODY, _prepare_body),
)


@schemathesis.hook
def after_call(context, case, response) -> None:
    """Keeps the ids and the cursors that were given, for only those are any good."""
    IDS.update(re.findall(rb'"id":"([0-9a-f-]{36})"', response.content))
    if response.status_code == 200 and b'"next_cursor":"' in response.content:
        CURSORS[_listing(case)] = response.json()["next_cursor"]


def _listing(case) -> tuple[str, str, bool]:
    """What a cursor goes on with: it is of one order, and what is searched has an order of its own."""
    query = case.query or {}
    return case.formatted_path, str(query.get("sort", "")), bool(query.get("search"))


def _body(case) -> Any:
    label = case.operation.label
    if label in BYTES:
        return bytes.fromhex(BYTES[label])
    if label in WHOLE and isinstance(case.body, dict | str):
        return WHOLE[label][crc32(repr(case.body).encode()) % len(WHOLE[label])]
    return _filled(case, case.body)


def _existing(case, name: str, id: str) -> str:
    own = f"{case.operation.label} {name}" in PATH
    return id if not own and str(id).encode() in IDS and id not in KEPT else _prepared(PATH, case, name, id)


def _filled(case, body: Any) -> Any:
    """A file comes after the fields: no schema can say so. Inside what is prepared nothing else is put: the `address`
    of an e-mail is none of a street."""
    if isinstance(body, list):
        return [_filled(case, entry) for entry in body]
    if isinstance(body, dict):
        prepared = {name: _prepared(BODY, case, name, value) for name, value in body.items()}
        filled = {name: _filled(case, value) if value is body[name] else value for name, value in prepared.items()}
        return {name: filled[name] for name in sorted(filled, key=lambda name: isinstance(filled[name], Binary))}
    return body


def _prepared(prepared: dict[str, list[Any]], case, name: str, value: Any) -> Any:
    if isinstance(value, Binary):
        return Binary(bytes.fromhex(BYTES[f"{case.operation.label} {name}"]))
    choices = prepared.get(f"{case.operation.label} {name}", prepared.get(name))
    if not choices or value is None:
        return value
    chosen = choices[crc32(repr(value).encode()) % len(choices)]
    if not isinstance(chosen, str):
        return chosen
    later = date(2040, 1, 1) + timedelta(days=next(NUMBERS))
    return chosen.replace("{new}", str(next(NUMBERS))).replace("{later}", later.isoformat())


@schemathesis.check
class EveryOperationSucceeds:
    """No operation only ever refuses: each has answered 2xx to something."""

    def __init__(self) -> None:
        self.asked: set[str] = set()
        self.answered: set[str] = set()

    def after_response(self, ctx, response, case) -> None:
        if response.request.method != case.operation.method.upper():
            return
        self.asked.add(case.operation.label)
        if 200 <= response.status_code < 300:
            self.answered.add(case.operation.label)

    def after_run(self, ctx) -> None:
        # What takes a secret that only a person's mail or browser holds.
        refused = sorted(self.asked - self.answered - set(SETTINGS.get("only_by_people", ())))
        assert not refused, f"never answered 2xx: {', '.join(refused)}"
