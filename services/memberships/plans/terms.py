"""The terms of a plan as values: what a member pays, gets and may do. Pure: no session, no clock."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Mode = Literal["skip_payments", "shift_payments", "stop_everything"]
"""Payments skipped and benefits usable; benefits frozen and the payment date shifted; both stopped."""


@dataclass(frozen=True)
class Interval:
    unit: Literal["week", "month", "year"]
    count: int = 1


@dataclass(frozen=True)
class Benefit:
    """Credits for each paid period: of one service, or of any service of a category."""

    quantity: int
    service_id: str | None = None
    category: str | None = None
    expires: Literal["period_end", "after_days", "never"] = "period_end"
    days: int | None = None
    """With `after_days`: from the first day of the period."""
    rollover_cap: int | None = None
    """How many unused ones go over into the next period at most; None: none does."""


@dataclass(frozen=True)
class CancellationRule:
    kind: Literal["none", "fixed", "periods", "share"] = "none"
    amount: int = 0
    """With `fixed`: in minor units."""
    periods: int = 0
    """With `periods`: that many periods' price."""
    share: int = 0
    """With `share`: per cent of what remains of the commitment."""
    waived_within_days: int | None = None
    """Of the sale."""
    waived_after_payments: int | None = None


@dataclass(frozen=True)
class FreezeRule:
    """One way to freeze."""

    mode: Mode
    credits_usable: bool = True
    extends_expiry: bool = False
    extends_commitment: bool = True


@dataclass(frozen=True)
class Freezing:
    rules: tuple[FreezeRule, ...] = ()
    days_a_year: int = 0
    fee: int = 0
    fee_per: Literal["freeze", "month"] = "freeze"


@dataclass(frozen=True)
class Terms:
    price: int
    """Per period, in minor units of the currency; with or without tax as the branch's policy says."""
    currency: str
    tax_category: str = "standard"
    interval: Interval = field(default_factory=lambda: Interval("month"))
    sign_up_fee: int = 0
    trial_days: int = 0
    benefits: tuple[Benefit, ...] = ()
    commitment_periods: int = 0
    ends_after_periods: int | None = None
    """None: until cancelled."""
    then_plan_id: str | None = None
    """The plan that goes on after the end."""
    cancellation: CancellationRule = field(default_factory=CancellationRule)
    notice_days: int = 0
    freezing: Freezing = field(default_factory=Freezing)

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Terms":
        """From what the database keeps; members that this release does not know are passed over."""
        known = {name: value for name, value in given.items() if name in cls.__dataclass_fields__}
        freezing = dict(known.get("freezing") or {})
        return cls(
            **{
                **known,
                "interval": Interval(**known["interval"]),
                "benefits": tuple(Benefit(**benefit) for benefit in known.get("benefits", ())),
                "cancellation": CancellationRule(**known.get("cancellation", {})),
                "freezing": Freezing(
                    **{**freezing, "rules": tuple(FreezeRule(**rule) for rule in freezing.get("rules", ()))}
                ),
            }
        )

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)
