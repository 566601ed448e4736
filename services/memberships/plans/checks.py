"""What parts of the terms must be like so that they suit each other. Pure; says what is wrong by field."""

from collections.abc import Mapping
from typing import Any

from shared.words import Words

Faults = dict[str, Words]

ONE_OF_BOTH = Words("Name either a service or a category.")
NEEDS_DAYS = Words("Say after how many days they expire.")
NO_DAYS = Words("This is only for credits that expire after a number of days.")
NEVER_ROLLS = Words("Credits that never expire need not go over into the next period.")
NO_FEE = Words("Say how much the fee is.")
NO_PERIODS = Words("Say how many periods' price the fee is.")
NO_SHARE = Words("Say how many per cent of what remains the fee is.")
NO_COMMITMENT = Words("A share of what remains needs a commitment.")
TWICE = Words("Each way to freeze may be there once.")
NO_FREEZE_DAYS = Words("Say how many days a year may be frozen.")
NO_WAY_TO_FREEZE = Words("Name at least one way to freeze.")
NO_END = Words("Say after how many periods it ends.")
BEYOND_THE_END = Words("The commitment may not be longer than the membership.")

FEES = {"fixed": ("amount", NO_FEE), "periods": ("periods", NO_PERIODS), "share": ("share", NO_SHARE)}


def benefit(given: Mapping[str, Any]) -> Faults:
    found: Faults = {}
    if (given["service_id"] is None) == (given["category"] is None):
        found["category"] = ONE_OF_BOTH
    if given["expires"] == "after_days" and given["days"] is None:
        found["days"] = NEEDS_DAYS
    if given["expires"] != "after_days" and given["days"] is not None:
        found["days"] = NO_DAYS
    if given["expires"] == "never" and given["rollover_cap"] is not None:
        found["rollover_cap"] = NEVER_ROLLS
    return found


def cancellation(given: Mapping[str, Any]) -> Faults:
    name, words = FEES.get(given["kind"], (None, None))
    return {name: words} if name and words and not given[name] else {}


def freezing(given: Mapping[str, Any]) -> Faults:
    modes = [rule["mode"] for rule in given["rules"]]
    if len(set(modes)) < len(modes):
        return {"rules": TWICE}
    if modes and not given["days_a_year"]:
        return {"days_a_year": NO_FREEZE_DAYS}
    if not modes and (given["days_a_year"] or given["fee"]):
        return {"rules": NO_WAY_TO_FREEZE}
    return {}


def terms(given: Mapping[str, Any]) -> Faults:
    found: Faults = {}
    end = given["ends_after_periods"]
    if given["then_plan_id"] is not None and end is None:
        found["ends_after_periods"] = NO_END
    if end is not None and given["commitment_periods"] > end:
        found["commitment_periods"] = BEYOND_THE_END
    if given["cancellation"]["kind"] == "share" and not given["commitment_periods"]:
        found["commitment_periods"] = NO_COMMITMENT
    return found
