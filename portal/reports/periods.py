"""Periods of a report: a year, a quarter, a month of China's calendar. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from portal.events.filters import EARLIEST, LATEST, Span

_WRITTEN = re.compile(r"(\d{4})(?:Q([1-4])|-(0[1-9]|1[0-2]))?")
_QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")


@dataclass(frozen=True)
class Period:
    """`months` from the first of `first`'s month on: 1, 3 or 12."""

    first: date
    months: int

    @property
    def code(self) -> str:
        """How the address says it: 2026, 2026Q4, 2026-11."""
        year, month = self.first.year, self.first.month
        if self.months == 12:
            return f"{year}"
        return f"{year}Q{(month + 2) // 3}" if self.months == 3 else f"{year}-{month:02}"

    @property
    def label(self) -> str:
        """How people say it."""
        year, month = self.first.year, self.first.month
        if self.months == 12:
            return f"{year}年"
        return f"{year}年{_QUARTERS[month // 3]}" if self.months == 3 else f"{year}年{month}月"

    @property
    def span(self) -> Span:
        """Its days, first and last included."""
        return Span(self.first, _shifted(self.first, self.months) - timedelta(days=1))

    @property
    def before(self) -> "Period":
        """The period of the same length before this one."""
        return Period(_shifted(self.first, -self.months), self.months)

    @property
    def after(self) -> "Period":
        """The period of the same length after this one."""
        return Period(_shifted(self.first, self.months), self.months)

    def of_length(self, months: int) -> "Period":
        """Return the period of that length in which this one begins."""
        month = (self.first.month - 1) // months * months + 1
        return Period(self.first.replace(month=month), months)


def period_of(day: date, months: int) -> Period:
    """Return the period of that length that the day lies in."""
    return Period(day.replace(day=1), 1).of_length(months)


def period_typed(text: str | None) -> Period | None:
    """Return the period that the address names; None for anything else."""
    found = _WRITTEN.fullmatch((text or "").strip())
    if found is None:
        return None
    year, quarter, month = found.groups()
    if not EARLIEST.year <= int(year) <= LATEST.year:
        return None
    first = date(int(year), int(month or 1), 1)
    if quarter:
        return Period(first.replace(month=int(quarter) * 3 - 2), 3)
    return Period(first, 1 if month else 12)


def _shifted(day: date, months: int) -> date:
    """Return the first of the month so many months later."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
