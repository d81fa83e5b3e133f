"""Keeping the working-day calendar, as the yearly notice of the State Council says."""

from datetime import date, timedelta

from sqlalchemy import delete, insert, select

from portal.audit import services as audit
from portal.database import db
from portal.errors import InvalidInputError
from portal.people.models import Person
from portal.workdays.models import DayKind, Holiday

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
# A holiday longer than that is a slip of the keyboard.
LONGEST_HOLIDAY = 31


def add_days(
    *, name: str, first: date, last: date | None, actor: Person, kind: DayKind = DayKind.OFF
) -> int:
    """Write down the days from `first` to `last`; return how many are new to the calendar."""
    last = last or first
    if last < first:
        raise InvalidInputError("最后一天不能早于第一天。", field="last")
    if not (first >= EARLIEST and last <= LATEST):
        raise InvalidInputError("日期的年份不对，请核对。", field="first")
    if (last - first).days >= LONGEST_HOLIDAY:
        raise InvalidInputError(f"一次最多 {LONGEST_HOLIDAY} 天，请分几次添加。", field="last")
    wanted = {first + timedelta(days=number) for number in range((last - first).days + 1)}
    known = set(db.session.scalars(select(Holiday.day).where(Holiday.day.in_(wanted))))
    fresh = sorted(wanted - known)
    if fresh:
        rows = [{"day": day, "name": name, "kind": kind} for day in fresh]
        db.session.execute(insert(Holiday), rows)
        audit.record(
            "holiday.add", "holiday", actor=actor, name=name, since=first, count=len(fresh)
        )
    return len(fresh)


def remove_day(*, holiday_id: int, actor: Person) -> None:
    """Let the day be as its weekday says again."""
    day = db.session.scalar(select(Holiday.day).where(Holiday.id == holiday_id))
    if day is not None:
        db.session.execute(delete(Holiday).where(Holiday.id == holiday_id))
        audit.record("holiday.remove", "holiday", actor=actor, day=day)
