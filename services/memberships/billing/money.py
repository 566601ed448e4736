"""Arithmetic of money in whole minor units. Pure, and never a float: half a unit goes up, away from nought."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction


def half_up(value: Fraction | int) -> int:
    """The nearest whole unit; a half goes away from nought, so that a credit mirrors its charge."""
    rounded = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return rounded if value >= 0 else -rounded


def share(amount: int, part: int, whole: int) -> int:
    """`part` of `whole` equal parts of the amount: a price for some of a period's days."""
    return half_up(Fraction(amount * part, whole))


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """The amount in shares by weight, each rounded half up; the last takes the rest, so they add up to the amount."""
    whole = sum(weights)
    shares = [share(amount, weight, whole) for weight in weights[:-1]]
    return [*shares, amount - sum(shares)]


def per_cent(rate: str | int | Decimal) -> Fraction:
    """A rate written in per cent ("21", "7.5") as a fraction of one."""
    return Fraction(str(rate)) / 100
