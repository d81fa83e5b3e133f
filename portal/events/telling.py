"""Telling people of an event: the call once, each change once; see docs/decisions/0014.

What people were last told stands in `EventNotice`. A change that leads to what they know
already tells nobody; the event's row is locked, so two who press at once tell once.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Select, select

from portal import clock
from portal.database import db
from portal.events import audience_queries
from portal.events.models import Event, EventNotice, EventState
from portal.messages import services as messages
from portal.messages.models import MessageKind
from portal.messages.services import Occasion, Told
from portal.people.models import Person

NOBODY = Told()
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Standing:
    """What decides whether somebody comes to the right place at the right time."""

    state: EventState
    starts_at: datetime
    ends_at: datetime
    whereabouts: str


def standing(event: Event) -> Standing:
    """Return how the event stands now."""
    where = f"{event.place}|{event.site_id or ''}|{event.room_id or ''}"
    return Standing(event.state, event.starts_at, event.ends_at, where)


def call(*, event: Event, actor: Person) -> Told:
    """Call those who are due or invited, each once, however often the event is published.

    What has begun already, or was called off, calls nobody.
    """
    if event.state is not EventState.PUBLISHED or event.starts_at <= clock.now():
        return NOBODY
    told = messages.remind(
        people=_others(audience_queries.called(event), [actor.id]),
        about=f"event:{event.id}",
        occasion=Occasion.CALLED,
        subject=f"请您参加：{event.title}",
        body="\n".join([f"{when(event)}{_at(event)}", f"主办：{event.host.name}"]),
        link=f"/events/{event.id}",
    )
    if told.number or last_notice(event.id) is None:
        _note(event, "发布通知", told)
    return told


def follow(*, event: Event, was: Standing, actor: Person) -> Told:
    """Tell all concerned that the event is not as they were told; nobody when it is.

    `was` is how it stood before the change, for an event of which nothing was told yet.
    """
    if event.state not in {EventState.PUBLISHED, EventState.POSTPONED, EventState.CANCELLED}:
        return NOBODY
    last = last_notice(event.id)
    known = _known(last) if last is not None else was
    now = standing(event)
    if now == known or max(event.ends_at, known.ends_at) <= clock.now():
        return NOBODY
    notice = _note(event, _what(known, now), NOBODY)
    told = messages.tell(
        people=_others(audience_queries.concerned(event), [actor.id]),
        kind=MessageKind.CHANGE,
        subject=f"{notice.what}：{event.title}",
        body=_body(event, known),
        link=f"/events/{event.id}",
        key=f"event:{event.id}:notice:{notice.id}",
    )
    notice.told, notice.without_account = told.number, told.without_account
    db.session.flush()
    return told


def last_notice(event_id: int) -> EventNotice | None:
    """Return what people were last told of the event."""
    return db.session.scalar(
        select(EventNotice)
        .where(EventNotice.event_id == event_id)
        .order_by(EventNotice.id.desc())
        .limit(1)
    )


def when(event: Event) -> str:
    """Return 12月3日（周四）14:30–16:30, on China's clock."""
    start, end = clock.local(event.starts_at), clock.local(event.ends_at)
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{_day(end)}{end:%H:%M}"
    return f"{_day(start)}{start:%H:%M}–{until}"


def _day(local: datetime) -> str:
    return f"{local.month}月{local.day}日（周{_WEEKDAYS[local.weekday()]}）"


def _at(event: Event) -> str:
    return f"，{event.place}" if event.place else ""


def _others(people: "Select[Any] | CompoundSelect[Any]", without: Collection[int]) -> Select[Any]:
    """Leave out whoever makes the change: one knows what one does."""
    return select(Person.id).where(Person.id.in_(people), Person.id.not_in(without))


def _known(notice: EventNotice) -> Standing:
    return Standing(notice.state, notice.starts_at, notice.ends_at, notice.whereabouts)


def _note(event: Event, what: str, told: Told) -> EventNotice:
    now = standing(event)
    notice = EventNotice(
        event_id=event.id,
        state=now.state,
        starts_at=now.starts_at,
        ends_at=now.ends_at,
        whereabouts=now.whereabouts,
        what=what,
        told=told.number,
        without_account=told.without_account,
        at=clock.now(),
    )
    db.session.add(notice)
    db.session.flush()
    return notice


def _what(known: Standing, now: Standing) -> str:
    if now.state is EventState.CANCELLED:
        return "已取消"
    if now.state is EventState.POSTPONED:
        return "延期待定"
    if known.state is EventState.POSTPONED:
        return "时间已定"
    if (known.starts_at, known.ends_at) != (now.starts_at, now.ends_at):
        return "改时间"
    return "改地点"


def _body(event: Event, known: Standing) -> str:
    before = clock.local(known.starts_at)
    was = f"原定{_day(before)}{before:%H:%M}"
    lines = []
    match event.state:
        case EventState.CANCELLED:
            lines += [f"{was}的活动不举行了，您不用再做什么。"]
        case EventState.POSTPONED:
            lines += [f"{was}，新的时间定下后再告诉您；报名保留。"]
        case _:
            moved = known.starts_at != event.starts_at
            lines += [f"{when(event)}{_at(event)}"]
            lines += [f"{was}。"] if moved else []
    if event.state_reason:
        lines += [f"说明：{event.state_reason}"]
    return "\n".join([*lines, f"主办：{event.host.name}"])
