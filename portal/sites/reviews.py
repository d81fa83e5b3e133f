"""When a site is to be looked at again. Pure."""

from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

# How far ahead the office and secretaries are told (a quarter).
NOTICE = timedelta(days=90)


class Urgency(StrEnum):
    """How a review stands to today."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"

    @property
    def label(self) -> str:
        """Chinese word for the badge."""
        return {"overdue": "已过期", "soon": "30 天内", "later": "90 天内"}[self.value]


def next_due(since: date, months: int, valid_until: date | None) -> date:
    """Return when the next review is due: so many months on, and before the name runs out.

    A month on from the 31st is the last day of a shorter month.
    """
    due = since + relativedelta(months=months)
    return due if valid_until is None else min(due, max(valid_until, since))


def urgency(due_on: date, today: date) -> Urgency:
    """Return how a review that is due stands to today."""
    if due_on < today:
        return Urgency.OVERDUE
    return Urgency.SOON if due_on <= today + timedelta(days=30) else Urgency.LATER


def days_words(due_on: date, today: date) -> str:
    """Return 还有 12 天, 今天到期, 已过 3 天."""
    days = (due_on - today).days
    if days == 0:
        return "今天到期"
    return f"还有 {days} 天" if days > 0 else f"已过 {-days} 天"
