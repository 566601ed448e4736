"""One line per path: what was measured, its limit, their ratio, and what it must come to."""

from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Line:
    path: str
    measured: float
    limit: float | None
    reach: str
    unit: str = "per second"
    reached: bool | None = None

    @property
    def ratio(self) -> float | None:
        return self.measured / self.limit if self.limit else None


def at_least(path: str, measured: list[float], limit: list[float], share: float, unit: str = "per second") -> Line:
    """The median measured must come to this share of the median limit."""
    ours, theirs = median(measured), median(limit)
    return Line(path, ours, theirs, f">= {share:.2f}", unit, ours / theirs >= share)


def at_most(path: str, measured: float, most: float, unit: str = "ms") -> Line:
    return Line(path, measured, None, f"<= {most:g} {unit}", unit, measured <= most)


def compared(path: str, measured: list[float], limit: list[float], unit: str = "per second") -> Line:
    """A ratio that explains another line, and has nothing to reach."""
    return Line(path, median(measured), median(limit), "", unit)


def told(path: str, measured: list[float], unit: str) -> Line:
    """What explains another line, and has nothing to reach."""
    return Line(path, median(measured), None, "", unit)


def show(lines: list[Line]) -> None:
    table = Table("path", "measured", "limit", "ratio", "reach", "")
    for line in lines:
        table.add_row(
            line.path,
            f"{line.measured:,.{1 if line.measured >= 1 else 2}f} {line.unit}",
            f"{line.limit:,.1f}" if line.limit else "",
            f"{line.ratio:.2f}" if line.ratio else "",
            line.reach,
            {True: "reached", False: "MISSED", None: ""}[line.reached],
        )
    Console(width=130).print(table)
