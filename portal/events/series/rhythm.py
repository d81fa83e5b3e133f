"""On which days a series takes place. Pure; China's time has no summer time, so hours stay."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import takewhile

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

from portal import clock
from portal.errors import InvalidInputError
from portal.events.filters import LATEST
from portal.events.series.models import Rhythm

MOST_EVENTS = 60
MOST_EVERY = 12
NTH = ("", "第一个", "第二个", "第三个", "第四个", "最后一个")
_WEEKDAYS = "一二三四五六日"
# A month that ends before the 31st has its last day instead; all have a 28th.
_SHORTEST_MONTH = 28


@dataclass(frozen=True)
class Plan:
    """How often, until when: either a last day or a number of events, the first included."""

    rhythm: Rhythm
    every: int = 1
    until: date | None = None
    count: int | None = None


@dataclass
class Days:
    """The moments at which the events begin (UTC), and the days that were left out."""

    starts: list[datetime] = field(default_factory=list)
    left_out: list[date] = field(default_factory=list)


def words(rhythm: Rhythm, first: datetime, every: int = 1) -> str:
    """Return what a rhythm means for a series that begins at this moment: 每月第二个周四."""
    local = clock.local(first)
    day = f"周{_WEEKDAYS[local.weekday()]}"
    weeks, months = ("每周" if every == 1 else f"每 {every} 周"), _months(every)
    match rhythm:
        case Rhythm.WEEKLY:
            return f"{weeks}{day}" if every == 1 else f"{weeks}的{day}"
        case Rhythm.MONTHLY_DATE:
            last = "（没有这一天的月份用最后一天）" if local.day > _SHORTEST_MONTH else ""
            return f"{months}{local.day}日{last}"
        case Rhythm.MONTHLY_WEEKDAY:
            return f"{months}{NTH[_nth(local)]}{day}"
        case Rhythm.MONTHLY_LAST_WEEKDAY:
            return f"{months}最后一个{day}"


def check(plan: Plan, first: datetime) -> None:
    """Raise InvalidInputError, naming the field, for a plan that has no end or too many events."""
    if not 1 <= plan.every <= MOST_EVERY:
        raise InvalidInputError(f"间隔要在 1 到 {MOST_EVERY} 之间。", field="every")
    if plan.until is None and plan.count is None:
        raise InvalidInputError("请填写到哪一天为止，或者一共几次。", field="count")
    if plan.until is not None and plan.count is not None:
        raise InvalidInputError("到哪一天为止和一共几次，只填一项。", field="count")
    if plan.count is not None and not 2 <= plan.count <= MOST_EVENTS:
        raise InvalidInputError(f"一共几次要在 2 到 {MOST_EVENTS} 之间。", field="count")
    if plan.until is not None and plan.until <= clock.local(first).date():
        raise InvalidInputError("最后一天要晚于第一次活动。", field="until")


def days(plan: Plan, first: datetime, *, holidays: Collection[date] = ()) -> Days:
    """Return when the events begin, the first at `first`; days of `holidays` are left out.

    Raise InvalidInputError for a plan that breaks a rule or comes to more than 60 events.
    """
    check(plan, first)
    made = Days([first])
    closed = set(holidays)
    for local in _after(plan, clock.local(first).replace(tzinfo=None)):
        if len(made.starts) == plan.count:
            break
        if local.date() in closed:
            made.left_out.append(local.date())
            continue
        if len(made.starts) == MOST_EVENTS:
            raise InvalidInputError(
                f"到这一天为止超过 {MOST_EVENTS} 次，请分成几段。", field="until"
            )
        made.starts.append(clock.from_local(local))
    return made


def _after(plan: Plan, first: datetime) -> Iterator[datetime]:
    """Yield the days after the first, up to the last that a calendar of ours shows."""
    last = plan.until or LATEST
    following = (local for local in _rule(plan, first) if local > first)
    return takewhile(lambda local: local.date() <= last, following)


def _rule(plan: Plan, first: datetime) -> rrule:
    every, day = plan.every, first.weekday()
    match plan.rhythm:
        case Rhythm.WEEKLY:
            return rrule(WEEKLY, dtstart=first, interval=every)
        case Rhythm.MONTHLY_DATE:
            possible = range(min(first.day, _SHORTEST_MONTH), first.day + 1)
            return rrule(
                MONTHLY, dtstart=first, interval=every, bymonthday=tuple(possible), bysetpos=-1
            )
        case Rhythm.MONTHLY_WEEKDAY:
            nth = _nth(first)
            wanted = weekday(day, -1 if nth == 5 else nth)
            return rrule(MONTHLY, dtstart=first, interval=every, byweekday=wanted)
        case Rhythm.MONTHLY_LAST_WEEKDAY:
            return rrule(MONTHLY, dtstart=first, interval=every, byweekday=weekday(day, -1))


def _nth(day: datetime) -> int:
    """Return 1 to 5; a fifth weekday is the last of its month, and comes again as the last."""
    return (day.day - 1) // 7 + 1


def _months(every: int) -> str:
    return "每月" if every == 1 else f"每 {every} 个月的"
