"""Weights in the unit of a branch, whatever unit they were taken in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

KILOGRAMS = {"kg": Decimal(1), "lb": Decimal("0.45359237")}


@dataclass(frozen=True)
class Weights:
    unit: str
    entries: Sequence[Mapping[str, Any]]
    """Newest first, each with `shown` in the unit."""

    @property
    def latest(self) -> Mapping[str, Any] | None:
        return self.entries[0] if self.entries else None


def weights_of(entries: Sequence[Mapping[str, Any]], branch: Mapping[str, Any]) -> Weights:
    unit = branch["weight_unit"]
    return Weights(unit, [{**entry, "shown": converted(entry["value"], entry["unit"], unit)} for entry in entries])


def converted(value: Any, unit: str, wanted: str) -> Decimal:
    """To a tenth."""
    exact = Decimal(str(value)) * KILOGRAMS[unit] / KILOGRAMS[wanted]
    return exact.quantize(Decimal("0.1")).normalize() + 0
