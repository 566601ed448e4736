"""The shapes of the rules of billing over HTTP."""

from shared.api.fields import Pattern, Shape, Text, Version, between, fields, validate
from shared.words import Words

MOST = 1_000_000


def _whole(least: int, most: int, about: str) -> fields.Integer:
    return fields.Integer(strict=True, validate=between(least, most), metadata={"description": about})


def _one_of(*choices: str, about: str = "") -> fields.String:
    return fields.String(validate=validate.OneOf(choices), metadata={"description": about})


class Tax(Shape):
    """A rate from a day on; of a category the newest that has begun holds."""

    category = Text(50, required=True)
    rate = fields.String(
        required=True,
        validate=Pattern(
            r"(100|[0-9]{1,2})(\.[0-9]{1,4})?", error=Words("This must be a rate in per cent, like 21 or 7.5.")
        ),
        metadata={"description": "in per cent: 21, 7.5"},
    )
    since = fields.Date(required=True)


class Settings(Shape):
    """What is not here holds as the chain says, and then as it is by default."""

    account = fields.String(
        validate=Pattern(
            "[a-z0-9_-]{1,40}", error=Words("This must be the name of an account: a to z, digits, - and _.")
        ),
        metadata={"description": "the account at the gateway that takes the money"},
    )
    charge_hour = _whole(0, 23, "the local hour from which what is due is charged")
    catch_up_days = _whole(1, 60, "after so many days without the clock a person confirms what it charges")
    arrears = _one_of("latest", "one_a_day", "none", about="what is made up of the periods that a client left unpaid")
    late_payment_moves_date = fields.Boolean()
    cooling_off_days = _whole(0, 365, "after the sale, in which leaving costs nothing")
    retry_days = fields.List(
        _whole(1, 60, "days from one failed attempt to the next"), validate=validate.Length(max=12)
    )
    attempts_before_suspension = _whole(1, 13, "failed attempts, on different days, until benefits may be withheld")
    withhold_benefits = _one_of("past_due", "suspended", "never", about="from which standing on")
    other_cards = fields.Boolean()
    use_balance_first = fields.Boolean()
    renewal_notice_days = _whole(0, 60, "how long ahead a renewal is announced; 0 for not at all")
    prices_include_tax = fields.Boolean()
    taxes = fields.List(fields.Nested(Tax), validate=validate.Length(max=50))
    minimum_charge = _whole(0, MOST, "in minor units: what is below is booked on the balance and not charged")
    credit_grace_days = _whole(0, 365, "how much longer a credit lives that is released after it has expired")
    gift_card_months = _whole(1, 1200, "how long a gift card is taken")
    gift_card_minimum_months = _whole(0, 1200, "how long it must be by law")


class Rules(Shape):
    """The rules of the chain, or of a branch."""

    version = Version(required=True)
    branch_id = fields.UUID(required=True, allow_none=True)
    own = fields.Nested(Settings, required=True, metadata={"description": "what is set here"})
    in_force = fields.Nested(Settings, required=True, metadata={"description": "all of it, with what holds by default"})
