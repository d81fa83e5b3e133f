"""Questions about the working-day calendar."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from portal.database import db
from portal.workdays.models import DayKind, Holiday
from portal.workdays.working_time import WorkCalendar

# The State Council's notice for the next year comes out in November.
_NOTICE_MONTH = 11


def holidays() -> Sequence[Holiday]:
    """Return all days that are not as their weekday says, the latest first."""
    return db.session.scalars(select(Holiday).order_by(Holiday.day.desc())).all()


def missing_years(known: Sequence[Holiday], today: date) -> list[int]:
    """Return the years that should be written down by now and are not.

    That is the present one, and in its last two months the next: the notice is out by then.
    """
    wanted = [today.year, today.year + 1] if today.month >= _NOTICE_MONTH else [today.year]
    written = {one.day.year for one in known if one.kind is DayKind.OFF}
    return [year for year in wanted if year not in written]


def holidays_from(day: date) -> dict[date, str]:
    """Return the names of the days off from a day on, by their day."""
    wanted = select(Holiday.day, Holiday.name).where(
        Holiday.day >= day, Holiday.kind == DayKind.OFF
    )
    return {row.day: row.name for row in db.session.execute(wanted)}


def calendar_from(day: date) -> WorkCalendar:
    """Return which days are worked from a day on, as far as somebody has written it down."""
    rows = db.session.execute(select(Holiday.day, Holiday.kind).where(Holiday.day >= day)).all()
    return WorkCalendar(
        off=frozenset(row.day for row in rows if row.kind is DayKind.OFF),
        working=frozenset(row.day for row in rows if row.kind is DayKind.WORKING),
    )
