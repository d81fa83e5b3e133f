"""What a reader asks of the list of events, as it stands in the address. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from portal import clock
from portal.events.models import EventKind

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


class When(StrEnum):
    """Which time of events is shown."""

    UPCOMING = "upcoming"
    WEEK = "week"
    MONTH = "month"
    PAST = "past"
    DRAFT = "draft"

    @property
    def label(self) -> str:
        """Chinese words of the choice."""
        return {
            "upcoming": "将要举行",
            "week": "本周",
            "month": "本月",
            "past": "已经过去",
            "draft": "草稿",
        }[self.value]


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last`, both included, on China's calendar."""

    first: date
    last: date

    @property
    def starts_at(self) -> datetime:
        """The moment the first day begins."""
        return clock.from_local(datetime.combine(self.first, time.min))

    @property
    def ends_at(self) -> datetime:
        """The moment the last day is over."""
        return clock.from_local(datetime.combine(self.last + timedelta(days=1), time.min))

    def days(self) -> list[date]:
        """Return every day of the span."""
        count = (self.last - self.first).days + 1
        return [self.first + timedelta(days=number) for number in range(count)]


@dataclass(frozen=True)
class Filters:
    """The filters of the list; a `span` of days comes before `when`."""

    q: str = ""
    kind: EventKind | None = None
    when: When = When.UPCOMING
    org: int | None = None
    span: Span | None = None

    @property
    def is_plain(self) -> bool:
        """Whether nothing was asked for beyond what is shown to everybody at first."""
        return self == Filters()


def week_of(day: date) -> Span:
    """Return Monday to Sunday around a day."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=6))


def month_of(day: date) -> Span:
    """Return the first to the last day of the month."""
    first = day.replace(day=1)
    return Span(first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))


def weeks_of(month: Span) -> list[Span]:
    """Return the weeks, Monday to Sunday, that touch the month."""
    monday = week_of(month.first).first
    weeks = []
    while monday <= month.last:
        weeks.append(week_of(monday))
        monday += timedelta(days=7)
    return weeks


def day_typed(text: str | None) -> date | None:
    """Return the day of `YYYY-MM-DD` between 2000 and 2099; None for anything else."""
    try:
        day = date.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None
