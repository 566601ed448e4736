"""The figures of the billing page: rows of the API as series for a plot, and as the table beside it. No I/O."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import numbers
from dateutil.relativedelta import relativedelta

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Series:
    """One line or set of bars: a figure by month."""

    label: str
    values: Sequence[float]
    bars: bool = False


@dataclass(frozen=True)
class Plot:
    months: Sequence[str]
    """ISO, the first day of each."""
    series: Sequence[Series]
    unit: str = ""
    """A currency; nothing for a count."""

    def data(self) -> dict[str, Any]:
        """As the page's script takes it."""
        drawn = [{"label": one.label, "values": list(one.values), "bars": one.bars} for one in self.series]
        return {"months": list(self.months), "series": drawn, "unit": self.unit}


def months_until(last: date, count: int) -> list[str]:
    first = last.replace(day=1)
    return [(first - relativedelta(months=back)).isoformat() for back in reversed(range(count))]


Figures = Mapping[str, tuple[str, bool]]
"""A member of a row to its label, and whether it is drawn as bars."""


def plot(rows: Iterable[Row], months: Sequence[str], figures: Figures, currency: str = "") -> Plot:
    """Adds up the rows of all branches by month."""
    digits = numbers.get_currency_precision(currency) if currency else 0
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        for name in figures:
            sums[name][row["month"]] += row[name]
    series = [
        Series(label, [sums[name][month] / 10**digits for month in months], bars)
        for name, (label, bars) in figures.items()
    ]
    return Plot(months, series, currency)


def by_month(rows: Iterable[Row], months: Sequence[str], names: Sequence[str]) -> list[dict[str, Any]]:
    """The table beside a plot, newest month first."""
    sums: dict[str, dict[str, int]] = {month: dict.fromkeys(names, 0) for month in months}
    for row in rows:
        for name in names:
            if row["month"] in sums:
                sums[row["month"]][name] += row[name]
    return [{"month": month, **sums[month]} for month in reversed(months)]
