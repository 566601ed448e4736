"""The base of this service's tables."""

from typing import Annotated

from sqlalchemy import BigInteger, MetaData
from sqlalchemy.orm import DeclarativeBase, mapped_column

from shared.db import NAMES, TYPES

Money = Annotated[int, mapped_column(BigInteger)]
"""In the currency's own minor units."""


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = TYPES
