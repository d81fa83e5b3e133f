"""Templates of events and the days on which nobody meets: kept, renamed, thrown away."""

from datetime import date, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import InvalidInputError
from portal.events import agenda_rows
from portal.events import details as written
from portal.events.filters import EARLIEST, LATEST
from portal.events.models import Event
from portal.events.series import patterns
from portal.events.series.models import EventTemplate, Holiday
from portal.people.models import Person

# A holiday longer than that is a slip of the keyboard.
LONGEST_HOLIDAY = 31


def keep(*, event: Event, name: str, title: str, actor: Person) -> EventTemplate:
    """Keep the event as a template of its host; a name is borne once there."""
    pattern = patterns.of(written.of(event), agenda_rows.rows(event.id), title=title)
    template = EventTemplate(
        organisation=event.host,
        pattern=patterns.kept(pattern),
        created_by=actor,
        created_at=clock.now(),
    )
    _name(template, name)
    audit.record("template.create", template, actor=actor, name=name)
    return template


def rename(*, template: EventTemplate, name: str, actor: Person) -> None:
    """Give the template another name."""
    if template.name == name:
        return
    before = template.name
    _name(template, name)
    audit.record("template.rename", template, actor=actor, before=before, after=name)


def discard(*, template: EventTemplate, actor: Person) -> None:
    """Throw the template away; events that were begun from it stay."""
    audit.record("template.discard", template, actor=actor, name=template.name)
    db.session.delete(template)
    db.session.flush()


def _name(template: EventTemplate, name: str) -> None:
    """Give the name, or say that it is borne already: the unique index decides."""
    try:
        with db.session.begin_nested():
            template.name = name
            db.session.add(template)
    except IntegrityError as error:
        raise InvalidInputError("已经有一个同名的模板，请换一个名称。", field="name") from error


def add_holiday(*, name: str, first: date, last: date | None, actor: Person) -> int:
    """Keep the days from `first` to `last` free of series; return how many are new."""
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
        db.session.execute(insert(Holiday), [{"day": day, "name": name} for day in fresh])
        audit.record(
            "holiday.add", "holiday", actor=actor, name=name, since=first, count=len(fresh)
        )
    return len(fresh)


def remove_holiday(*, holiday_id: int, actor: Person) -> None:
    """Let series meet on that day again."""
    day = db.session.scalar(select(Holiday.day).where(Holiday.id == holiday_id))
    if day is not None:
        db.session.execute(delete(Holiday).where(Holiday.id == holiday_id))
        audit.record("holiday.remove", "holiday", actor=actor, day=day)
