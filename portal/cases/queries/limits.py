"""Which limits hold where and when."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from portal import clock
from portal.cases.models import DEFAULTS, CaseLimit, Limit, LimitKey
from portal.database import db
from portal.people.models import Organisation
from portal.people.readers import Somewhere
from portal.workdays import queries as workdays
from portal.workdays.working_time import WorkCalendar

# A case that is older than this gets no new deadline.
_LONGEST_AGO = timedelta(days=800)


def limits_for(organisation: Somewhere, day: date | None = None) -> dict[LimitKey, Limit]:
    """Return the limits that hold for an organisation on a day, as its nearest office has them."""
    day = day or clock.today()
    codes = organisation.path.strip("/").split("/")
    rows = db.session.execute(
        select(CaseLimit)
        .join(Organisation, Organisation.id == CaseLimit.organisation_id)
        .where(Organisation.code.in_(codes), CaseLimit.valid_from <= day)
        .order_by(func.length(Organisation.path), CaseLimit.valid_from)
    ).scalars()
    found = dict(DEFAULTS)
    for row in rows:
        found[row.key] = Limit(row.amount, row.counting, row.source, row.valid_from)
    return found


def written_limits(organisation: Somewhere) -> Sequence[CaseLimit]:
    """Return all that an office has laid down, the latest first."""
    return db.session.scalars(
        select(CaseLimit)
        .where(CaseLimit.organisation_id == organisation.id)
        .order_by(CaseLimit.valid_from.desc(), CaseLimit.id.desc())
    ).all()


def calendar_since(moment: datetime | None = None) -> WorkCalendar:
    """Return the working-day calendar as far back as a running case needs it."""
    earliest = clock.today() - _LONGEST_AGO
    if moment is not None:
        earliest = min(earliest, clock.local(moment).date())
    return workdays.calendar_from(earliest)
