"""Amounts of money as people type them, and as the API takes them: whole numbers in the currency's minor unit."""

from decimal import Decimal, InvalidOperation
from typing import Any

from babel import numbers


def minor(text: str, currency: str) -> Any:
    """12,50 or 12.50 as 1250. What is no amount goes to the API as it is, which says what is wrong with it.

    The last of a point and a comma parts the cents. With one of them alone it does too: 1.234 is no amount in a
    currency with cents, and is refused instead of guessed.
    """
    typed = "".join(str(text).split())
    point, comma = typed.rfind("."), typed.rfind(",")
    if point >= 0 and comma >= 0:
        typed = typed.replace("." if point < comma else ",", "")
    try:
        found = Decimal(typed.replace(",", ".")).scaleb(numbers.get_currency_precision(currency))
    except InvalidOperation:
        return text
    return int(found) if found.is_finite() and found == found.to_integral_value() else text


def major(amount: int | None, currency: str) -> str:
    """As a field shows it: 1250 as 12.50. Nothing for none."""
    if amount is None:
        return ""
    digits = numbers.get_currency_precision(currency)
    return f"{Decimal(amount).scaleb(-digits):.{digits}f}"
