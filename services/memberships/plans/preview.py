"""A plan's terms in sentences that a client understands, in the reader's language. Pure but for that language."""

from collections.abc import Iterator, Mapping

from services.memberships.billing.wording import money
from services.memberships.plans.terms import Benefit, Interval, Terms
from shared.words import Words

Names = Mapping[str, str]
"""The names of services and plans, by id."""

PRICE = {
    ("week", False): Words("{price} a week."), ("week", True): Words("{price} every {count} weeks."),
    ("month", False): Words("{price} a month."), ("month", True): Words("{price} every {count} months."),
    ("year", False): Words("{price} a year."), ("year", True): Words("{price} every {count} years."),
}  # fmt: skip
SPAN = {
    ("week", False): Words("1 week"), ("week", True): Words("{count} weeks"),
    ("month", False): Words("1 month"), ("month", True): Words("{count} months"),
    ("year", False): Words("1 year"), ("year", True): Words("{count} years"),
}  # fmt: skip
SIGN_UP = Words("Sign-up fee of {fee}.")
TRIAL = Words("The first {days} days are free.")
CREDIT = {False: Words("1 credit of {what} each period"), True: Words("{count} credits of {what} each period")}
EXPIRY = {
    "period_end": Words("{credits}, to be used within the period."),
    "after_days": Words("{credits}, to be used within {days} days."),
    "never": Words("{credits}, which never expire."),
}
ROLLOVER = Words("Up to {cap} unused credits of {what} go over into the next period.")
COMMITMENT = Words("Commitment of {span}.")
ENDS = Words("Ends after {span}.")
THEN = Words("After {span} it goes on as {plan}.")
UNTIL_CANCELLED = Words("Goes on until it is cancelled.")
NO_FEE = Words("Leaving costs nothing.")
FEE = {
    "fixed": Words("Leaving early costs {fee}."),
    "periods": Words("Leaving early costs the price of {count} periods."),
    "share": Words("Leaving early costs {share} % of what remains of the commitment."),
}
WAIVED_WITHIN = Words("It costs nothing within {days} days of signing up.")
WAIVED_AFTER = Words("It costs nothing after {count} payments.")
NOTICE = Words("Notice of {days} days.")
NO_FREEZING = Words("It cannot be frozen.")
FREEZING = Words("It can be frozen for up to {days} days a year.")
FREEZE_FEE = {"freeze": Words("A freeze costs {fee}."), "month": Words("A freeze costs {fee} a month.")}


def span(interval: Interval, periods: int) -> str:
    """How long so many periods are: 6 months."""
    count = interval.count * periods
    return SPAN[interval.unit, count > 1].format(count=count)


def preview(terms: Terms, names: Names) -> list[str]:
    """What the terms say, a sentence each: price, benefits, how long, what leaving costs, freezing."""
    return [*_price(terms), *_benefits(terms, names), *_length(terms, names), *_leaving(terms), *_freezing(terms)]


def _price(terms: Terms) -> Iterator[str]:
    price, interval = money(terms.price, terms.currency), terms.interval
    yield PRICE[interval.unit, interval.count > 1].format(price=price, count=interval.count)
    if terms.sign_up_fee:
        yield SIGN_UP.format(fee=money(terms.sign_up_fee, terms.currency))
    if terms.trial_days:
        yield TRIAL.format(days=terms.trial_days)


def _benefits(terms: Terms, names: Names) -> Iterator[str]:
    for benefit in terms.benefits:
        what = _what(benefit, names)
        credits = CREDIT[benefit.quantity > 1].format(count=benefit.quantity, what=what)
        yield EXPIRY[benefit.expires].format(credits=credits, days=benefit.days)
        if benefit.rollover_cap:
            yield ROLLOVER.format(cap=benefit.rollover_cap, what=what)


def _what(benefit: Benefit, names: Names) -> str:
    return benefit.category or names.get(str(benefit.service_id), "—")


def _length(terms: Terms, names: Names) -> Iterator[str]:
    if terms.commitment_periods:
        yield COMMITMENT.format(span=span(terms.interval, terms.commitment_periods))
    if terms.ends_after_periods is None:
        yield UNTIL_CANCELLED.format()
    elif terms.then_plan_id:
        plan = names.get(terms.then_plan_id, "—")
        yield THEN.format(span=span(terms.interval, terms.ends_after_periods), plan=plan)
    else:
        yield ENDS.format(span=span(terms.interval, terms.ends_after_periods))


def _leaving(terms: Terms) -> Iterator[str]:
    rule = terms.cancellation
    if rule.kind == "none":
        yield NO_FEE.format()
    else:
        fee = money(rule.amount, terms.currency)
        yield FEE[rule.kind].format(fee=fee, count=rule.periods, share=rule.share)
        if rule.waived_within_days:
            yield WAIVED_WITHIN.format(days=rule.waived_within_days)
        if rule.waived_after_payments:
            yield WAIVED_AFTER.format(count=rule.waived_after_payments)
    if terms.notice_days:
        yield NOTICE.format(days=terms.notice_days)


def _freezing(terms: Terms) -> Iterator[str]:
    freezing = terms.freezing
    if not freezing.rules:
        yield NO_FREEZING.format()
        return
    yield FREEZING.format(days=freezing.days_a_year)
    if freezing.fee:
        yield FREEZE_FEE[freezing.fee_per].format(fee=money(freezing.fee, terms.currency))
