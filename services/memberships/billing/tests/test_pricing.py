from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.memberships.billing.money import half_up, share, split
from services.memberships.billing.pricing import Item, period_items, period_lines, rate_of, taxed, total, without
from services.memberships.plans.terms import Terms
from services.memberships.policies.policy import Policy, Tax

SPAIN = Policy(taxes=(Tax("standard", "18", "2010-07-01"), Tax("standard", "21", "2012-09-01")))
APRIL = (date(2026, 4, 1), date(2026, 5, 1))

amounts = st.integers(-10_000_000, 10_000_000)
rates = st.sampled_from(["0", "4", "7.5", "8.875", "10", "21", "100"])
weights = st.lists(st.integers(0, 400), min_size=1, max_size=12).filter(any)


@st.composite
def ranges(draw, within=APRIL):
    """Days that may lie in, around and beside a period, in any order, overlapping or not."""
    start = draw(st.integers(-20, 40))
    return within[0] + timedelta(days=start), within[0] + timedelta(days=start + draw(st.integers(1, 40)))


@given(amounts, weights)
def test_shares_add_up_to_the_amount(amount, shares):
    assert sum(split(amount, shares)) == amount


@given(st.integers(0, 10_000_000), st.integers(1, 366), st.data())
def test_what_is_used_and_what_is_left_of_a_price_add_up(price, days, data):
    used = data.draw(st.integers(0, days))
    assert share(price, used, days) + share(price, days - used, days) - price in (0, 1)  # two halves both go up


@given(st.lists(st.tuples(amounts, st.sampled_from("ab")), min_size=1, max_size=9), rates, rates, st.booleans())
def test_taxes_add_up_to_the_cent(sold, rate_a, rate_b, included):
    policy = Policy(prices_include_tax=included, taxes=(Tax("a", rate_a, "2000-01-01"), Tax("b", rate_b, "2000-01-01")))
    lines = taxed([Item("x", "x", amount, category) for amount, category in sold], policy, date(2026, 1, 1))
    totals = total(lines)
    assert all(line.net + line.tax == line.gross for line in lines)
    assert totals.net + totals.tax == totals.total == sum(line.gross for line in lines)
    assert sum(tax["net"] for tax in totals.taxes) == totals.net
    assert sum(tax["tax"] for tax in totals.taxes) == totals.tax
    if included:
        assert totals.total == sum(amount for amount, _ in sold)
    else:
        assert totals.net == sum(amount for amount, _ in sold)


@given(st.lists(ranges(), max_size=4))
def test_a_frozen_day_is_in_no_line_and_every_other_day_is_in_one(frozen):
    left = [day for part in without(APRIL, frozen) for day in days_of(part)]
    assert left == [day for day in days_of(APRIL) if not any(day in days_of(each) for each in frozen)]


@given(st.integers(0, 1_000_000), st.lists(ranges(), max_size=3))
def test_the_lines_of_a_period_add_up_to_its_share_of_the_price(price, frozen):
    items = period_items(Terms(price, "EUR"), APRIL, frozen, (), 1, False)
    days = sum(len(days_of(part)) for part in without(APRIL, frozen))
    assert sum(item.amount for item in items) == share(price, days, 30)


@given(
    st.integers(0, 100_000),
    st.lists(st.one_of(st.builds(dict, percent=st.integers(1, 100)), st.builds(dict, amount=st.integers(1, 90_000)))),
)
def test_discounts_never_take_more_than_there_is(price, discounts):
    given = [discount | {"from_period": 1, "periods": None, "reason": ""} for discount in discounts]
    assert sum(item.amount for item in period_items(Terms(price, "EUR"), APRIL, (), given, 1, False)) >= 0


def days_of(days):
    return [days[0] + timedelta(days=n) for n in range((days[1] - days[0]).days)]


def test_a_price_with_tax_is_taken_apart():
    [line] = period_lines(Terms(4900, "EUR"), SPAIN, APRIL)
    assert (line.net, line.tax, line.gross, line.tax_rate) == (4050, 850, 4900, "21")
    assert line.values == {"first": date(2026, 4, 1), "last": date(2026, 4, 30)}


def test_tax_is_that_of_the_day():
    assert rate_of(SPAIN, "standard", date(2012, 8, 31)) == "18"
    assert rate_of(SPAIN, "standard", date(2012, 9, 1)) == "21"
    assert rate_of(SPAIN, "standard", date(2010, 6, 30)) == "0"
    assert rate_of(SPAIN, "food", date(2026, 1, 1)) == "0"


def test_the_sign_up_fee_is_on_the_first_invoice_only_and_no_discount_touches_it():
    terms = Terms(1000, "EUR", sign_up_fee=500)
    free = {"from_period": 1, "periods": 2, "percent": 100, "reason": "welcome"}
    assert total(period_lines(terms, Policy(), APRIL, discounts=[free], number=1, first=True)).total == 500
    assert total(period_lines(terms, Policy(), APRIL, discounts=[free], number=2)).total == 0
    assert total(period_lines(terms, Policy(), APRIL, discounts=[free], number=3)).total == 1000


def test_a_period_that_ends_early_costs_the_days_that_it_has():
    [line] = period_lines(Terms(3000, "EUR"), Policy(), APRIL, until=date(2026, 4, 11))
    assert (line.gross, line.ends_on) == (1000, date(2026, 4, 11))


def test_a_period_that_is_frozen_throughout_has_no_lines():
    assert period_lines(Terms(3000, "EUR", sign_up_fee=100), Policy(), APRIL, [APRIL]) == []


def test_half_a_cent_goes_up_for_a_charge_and_mirrors_for_a_credit():
    assert [share(5, 1, 2), share(-5, 1, 2), half_up(3)] == [3, -3, 3]
