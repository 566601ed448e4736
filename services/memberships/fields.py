"""Fields that the doors of several rooms have in common."""

from typing import Any

from shared import iso
from shared.api.fields import between, fields, validate
from shared.words import Words

MOST = 1_000_000_000_00
"""In minor units: past it somebody has held a key down."""


class Amount(fields.Integer):
    """Money that is moved, in the currency's minor units: more than nothing."""

    def __init__(self, least: int = 1, **kwargs: Any) -> None:
        metadata = {"description": "in the currency's minor units"} | kwargs.pop("metadata", {})
        super().__init__(strict=True, validate=between(least, MOST), metadata=metadata, **kwargs)


class Currency(fields.String):
    """An ISO 4217 code."""

    def __init__(self, **kwargs: Any) -> None:
        wrong = Words("This is no currency, as EUR is one.")
        super().__init__(validate=validate.OneOf(iso.currencies(), error=wrong), **kwargs)


def shown_amount(**metadata: Any) -> fields.Integer:
    """Money in an answer, of either sign."""
    described = {"description": "in the currency's minor units"} | metadata
    return fields.Integer(required=True, strict=True, metadata=described)
