"""The rules by which money is asked for: what holds for the chain unless a branch says otherwise.

Pure: values in, values out. The policy in force is kept with each charge, so that a later change explains nothing away.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from typing import Any, Literal

Arrears = Literal["latest", "one_a_day", "none"]


@dataclass(frozen=True)
class Tax:
    """A rate of tax from a day on."""

    category: str
    rate: str
    """In per cent, as a decimal number: "21", "7.5"."""
    since: str
    """ISO date; the newest that has begun holds."""


@dataclass(frozen=True)
class Policy:
    account: str = "main"
    """The account at the gateway that takes the branch's money."""
    charge_hour: int = 8
    """The local hour from which what is due is charged."""
    catch_up_days: int = 5
    """After so many days without a run the clock stops, until a person has confirmed the total."""
    arrears: Arrears = "latest"
    """What is made up of the periods that a client left unpaid: the latest only, all but one a day, or none."""
    late_payment_moves_date: bool = False
    cooling_off_days: int = 14
    retry_days: tuple[int, ...] = (1, 3, 5, 7)
    """Days from one failed attempt to the next."""
    attempts_before_suspension: int = 3
    withhold_benefits: Literal["past_due", "suspended", "never"] = "suspended"
    """From which standing on credits cannot be used."""
    other_cards: bool = True
    """Whether the client's other cards are tried, where the client agreed to it."""
    use_balance_first: bool = False
    renewal_notice_days: int = 7
    prices_include_tax: bool = True
    taxes: tuple[Tax, ...] = ()
    minimum_charge: int = 50
    """In minor units: what is below is not worth a call, and stays on the balance."""
    credit_grace_days: int = 7
    """How much longer a credit lives that is released after it has expired."""
    gift_card_months: int = 36
    gift_card_minimum_months: int = 12
    """By law: no gift card expires earlier."""

    @classmethod
    def read(cls, *layers: Mapping[str, Any]) -> "Policy":
        """The defaults with the chain's settings over them and the branch's over those."""
        known = {field.name for field in fields(cls)}
        settings = {name: value for layer in layers for name, value in layer.items() if name in known}
        policy = replace(cls(), **settings)
        taxes = tuple(tax if isinstance(tax, Tax) else Tax(**tax) for tax in policy.taxes)
        return replace(policy, retry_days=tuple(policy.retry_days), taxes=taxes)

    @cached_property
    def settings(self) -> dict[str, Any]:
        """As they are kept with a charge. Made once for all that a run raises by them."""
        return asdict(self)
