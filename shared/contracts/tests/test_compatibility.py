"""What counts as a break of a contract within its version, and what does not."""

from datetime import date

import pytest
from marshmallow import fields, validate

from shared.contracts.compatibility import OPEN, breaks
from shared.contracts.contract import Contract, Payload
from shared.contracts.published import broken, differences, write


def member(schema: dict, required: bool = True) -> dict:
    return {"type": "object", "properties": {"a": schema}, "required": ["a"] if required else []}


TEXT = {"type": "string"}
CLOSED = {"type": "string", "enum": ["mobile", "home"]}
MORE = {"type": "string", "enum": ["mobile", "home", "work"]}

BREAKS = {
    "a member is gone": (member(TEXT), {"type": "object"}, "data.a: would be gone"),
    "a member has another type": (member(TEXT), member({"type": "integer"}), "data.a: was string"),
    "a number may have a fraction": (member({"type": "integer"}), member({"type": "number"}), "data.a: was integer"),
    "a member may be null": (member(TEXT), member({"type": ["string", "null"]}), "would be null or string"),
    "a member has no type any more": (member(TEXT), member({}), "would be anything"),
    "a member became optional": (member(TEXT), member(TEXT, required=False), "would be optional"),
    "a closed list has a new value": (member(CLOSED), member(MORE), "work would be new"),
    "a closed list is gone": (member(CLOSED), member(TEXT), "any value"),
    "a closed list is opened": (member(CLOSED), member(CLOSED | {OPEN: True}), "would be open"),
    "a format is gone": (member(TEXT | {"format": "uuid"}), member(TEXT), "format was uuid"),
    "a text may be longer": (member(TEXT | {"maxLength": 5}), member(TEXT | {"maxLength": 6}), "maxLength was 5"),
    "a text may be empty": (member(TEXT | {"minLength": 1}), member(TEXT), "minLength was 1"),
    "in a list": (
        member({"type": "array", "items": member(TEXT)}),
        member({"type": "array", "items": {"type": "object"}}),
        "data.a[].a: would be gone",
    ),
    "in a nested object": (member(member(TEXT)), member(member({"type": "boolean"})), "data.a.a: was string"),
}

FINE = {
    "nothing changed": (member(CLOSED), member(CLOSED)),
    "a member more": (member(TEXT), {**member(TEXT), "properties": {"a": TEXT, "b": TEXT}}),
    "a member is always there now": (member(TEXT, required=False), member(TEXT)),
    "a member is never null any more": (member({"type": ["string", "null"]}), member(TEXT)),
    "a number is whole now": (member({"type": "number"}), member({"type": "integer"})),
    "an open list has a new value": (member(CLOSED | {OPEN: True}), member(MORE | {OPEN: True})),
    "a list is shorter": (member(MORE), member(CLOSED)),
    "a text is shorter": (member(TEXT | {"maxLength": 6}), member(TEXT | {"maxLength": 5})),
    "a description": (member(TEXT), member(TEXT | {"description": "other words"})),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_break_is_told_with_the_member(name):
    before, after, told = BREAKS[name]
    (line,) = breaks(before, after)
    assert told in line


@pytest.mark.parametrize("name", FINE)
def test_an_addition_is_no_break(name):
    before, after = FINE[name]
    assert list(breaks(before, after)) == []


@pytest.fixture
def made():
    """Contracts that are forgotten after the test."""
    types: list[str] = []

    def make(type_: str, deprecated: date | None = None, **members: fields.Field) -> Contract:
        Contract.known.pop(type_, None)
        types.append(type_)
        return Contract(type_, Payload.from_dict(members), "For a test.", {}, deprecated=deprecated)  # type: ignore[arg-type]

    yield make
    for type_ in types:
        Contract.known.pop(type_, None)


def test_what_is_published_is_held_against_the_code(made, tmp_path):
    kinds = validate.OneOf(["mobile", "home"])
    write([made("shop.door.opened.v1", kind=fields.String(required=True, validate=kinds))], tmp_path)
    kinds = validate.OneOf(["mobile", "home", "fax"])
    changed = [made("shop.door.opened.v1", kind=fields.String(required=True, validate=kinds))]
    assert list(broken(changed, tmp_path)) == ["shop.door.opened.v1: data.kind: fax would be new in a closed list"]
    assert differences(changed, tmp_path) == ["asyncapi.json", "shop.door.opened.v1.json"]


def test_a_type_is_gone_only_after_the_day_of_its_deprecation(made, tmp_path):
    write([made("shop.door.opened.v1")], tmp_path)
    assert "would be gone" in next(broken([], tmp_path))
    write([made("shop.door.opened.v1", deprecated=date(2999, 1, 1))], tmp_path)
    assert "would be gone" in next(broken([], tmp_path))
    write([made("shop.door.opened.v1", deprecated=date(2020, 1, 1))], tmp_path)
    assert list(broken([], tmp_path)) == []
