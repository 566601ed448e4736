"""What an event promises to those who listen.

A contract is declared once, with marshmallow. From it come the JSON Schema that is published, the check that
every emitted event passes, and the AsyncAPI document; so what outsiders read is what the producer is held to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

import jsonschema_rs
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import RAISE, Schema

SCHEMA_BASE = "https://foyer.example/schemas"


class Payload(Schema):
    """The data of an event. Personal fields say so: `metadata=PERSONAL`."""

    class Meta:
        unknown = RAISE
        ordered = True


PERSONAL = {"x-personal": True}
"""Marks a field as personal data: erased with the person, never logged."""


PayloadType = type[Payload]


class ContractBroken(Exception):
    """An event that its own service may not emit: a mistake in our code, never in what a person typed."""


@dataclass(frozen=True)
class Contract:
    """One type of event, which is also its routing key: `<service>.<subject>.<past tense>.v<N>`."""

    type: str
    payload: PayloadType
    description: str
    example: Mapping[str, Any] = field(repr=False)
    external: bool = False
    """Emitted by a system that is not ours, and read by ours."""
    deprecated: date | None = None
    """The day on which this version ends; its successor is emitted beside it until then."""

    known: ClassVar[dict[str, "Contract"]] = {}

    def __post_init__(self) -> None:
        if self.type in Contract.known:
            raise ValueError(f"two contracts for {self.type}")
        Contract.known[self.type] = self

    @property
    def owner(self) -> str:
        return self.type.split(".", 1)[0]

    @property
    def subject(self) -> str:
        return self.type.split(".")[1]

    @property
    def schema_address(self) -> str:
        return f"{SCHEMA_BASE}/{self.type}.json"

    @cached_property
    def json_schema(self) -> dict[str, Any]:
        """What subscribers may rely on. Members may be added within a version, so unknown ones are allowed."""
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": self.schema_address,
            "title": self.type,
            "description": self.description,
            **({"deprecated": True, "x-deprecated": self.deprecated.isoformat()} if self.deprecated else {}),
            **_open(_shape(self.payload)),
        }

    @cached_property
    def _strict(self) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(_shape(self.payload), validate_formats=True)

    def check(self, data: Mapping[str, Any]) -> None:
        """Raises ContractBroken, naming the member, unless `data` is exactly what the contract says."""
        try:
            self._strict.validate(data)
        except jsonschema_rs.ValidationError as error:
            where = "/".join(str(part) for part in error.instance_path) or "data"
            raise ContractBroken(f"{self.type}: {where}: {error.message}") from error


def _in_place(schema: Any) -> str:
    """No name for a nested schema, which makes apispec write it where it is used."""
    return ""


def _shape(payload: PayloadType) -> dict[str, Any]:
    """The JSON Schema of a marshmallow schema, nested ones in place."""
    plugin = MarshmallowPlugin(schema_name_resolver=_in_place)
    APISpec(title="events", version="1", openapi_version="3.1.0", plugins=[plugin])
    assert plugin.converter is not None
    return dict(plugin.converter.schema2jsonschema(payload()))


def _open(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {key: _open(value) for key, value in schema.items() if key != "additionalProperties"}
    if isinstance(schema, list):
        return [_open(item) for item in schema]
    return schema
