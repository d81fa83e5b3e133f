"""A site with rooms and hours, and ways to ask for a visit, for tests."""

from datetime import date, datetime, time, timedelta
from typing import Any

from portal import clock
from portal.database import db
from portal.people.models import Organisation, Person
from portal.sites.models import Closure, OpeningHours, Room, Site, SiteState
from portal.sites.uses.models import VisitRules

MORNING, EVENING = 9 * 60, 17 * 60


def site(
    organisation: Organisation,
    by: Person,
    *,
    rooms: dict[str, int] | None = None,
    weekdays: range = range(7),
    **values: Any,
) -> Site:
    """A named site, open from 9 to 17 on every day, with 红色书屋 (30) and 议事厅 (12)."""
    now = clock.now()
    made = Site(
        name=values.pop("name", "测试小区示范点"),
        state=values.pop("state", SiteState.NAMED),
        organisation_id=organisation.id,
        created_by_id=by.id,
        created_at=now,
        updated_at=now,
        rooms=[
            Room(name=name, capacity=capacity, position=position, is_bookable=True)
            for position, (name, capacity) in enumerate(
                (rooms or {"红色书屋": 30, "议事厅": 12}).items()
            )
        ],
        opening_hours=[
            OpeningHours(weekday=weekday, opens_minute=MORNING, closes_minute=EVENING)
            for weekday in weekdays
        ],
        **values,
    )
    db.session.add(made)
    db.session.flush()
    return made


def rules(of: Site, **values: Any) -> VisitRules:
    """Slots of an hour, so that a day has eight of them."""
    made = VisitRules(site_id=of.id, **{"slot_minutes": 60, **values})
    db.session.add(made)
    db.session.flush()
    return made


def closure(of: Site, starts_on: date, ends_on: date | None = None, **values: Any) -> Closure:
    made = Closure(site_id=of.id, starts_on=starts_on, ends_on=ends_on, **values)
    db.session.add(made)
    db.session.flush()
    return made


def coming_day(days: int = 7) -> date:
    """A day that is far enough away."""
    return clock.today() + timedelta(days=days)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment on China's clock."""
    return clock.from_local(datetime.combine(day, time(hour, minute)))


def typed(day: date | None = None, start: str = "09:00", **more: Any) -> dict[str, Any]:
    """What somebody fills in who asks for a visit."""
    return {
        "date": str(day or coming_day()),
        "start": start,
        "room": "",
        "party_size": "10",
        "purpose": "学习红色物业做法",
        "unit": "海口路社区",
        "contact_name": "参访测试甲",
        "contact_phone": "13900001234",
        **more,
    }
