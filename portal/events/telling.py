"""Telling people of an event: the call once, each change once; see docs/decisions/0014.

What people were last told stands in `EventNotice`. A change that leads to what they know
already tells nobody; the event's row is locked, so two who press at once tell once.
"""

from collections.abc import Collection, Sequence
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
CALLED_TOGETHER = "系列发布通知"
MOST_LISTED = 12
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Standing:
    """What decides whether somebody comes to the right place at the right time."""

    state: EventState
    starts_at: datetime
    ends_at: datetime
    whereabouts: str

    @property
    def stay(self) -> "Stay | None":
        """What it takes of a site, if it does: only what is published takes place."""
        _, site_id, room_id = self.whereabouts.rsplit("|", 2)
        if self.state is not EventState.PUBLISHED or not site_id:
            return None
        return Stay(int(site_id), int(room_id) if room_id else None, self.starts_at, self.ends_at)


@dataclass(frozen=True)
class Stay:
    """A site, or a room of it, that an event takes for a time."""

    site_id: int
    room_id: int | None
    starts_at: datetime
    ends_at: datetime


def standing(event: Event) -> Standing:
    """Return how the event stands now."""
    where = f"{event.place}|{event.site_id or ''}|{event.room_id or ''}"
    return Standing(event.state, event.starts_at, event.ends_at, where)


def said(event: Event) -> str:
    """Return when and where the event is, in a line."""
    return f"{when(event)}{_at(event)}"


def call(*, event: Event, actor: Person, parts: Sequence[Event] = ()) -> Told:
    """Call those who are due or invited, each once, however often the event is published.

    What has begun already, or was called off, calls nobody. `parts` are its sessions, if any.
    """
    if event.state is not EventState.PUBLISHED or event.starts_at <= clock.now():
        return NOBODY
    told = messages.remind(
        people=_others(audience_queries.called(event), [actor.id]),
        about=_about(event),
        occasion=Occasion.CALLED,
        subject=f"请您参加：{event.title}",
        body="\n".join([*(_list_of(parts) or [said(event)]), f"主办：{event.host.name}"]),
        link=f"/events/{event.id}",
    )
    if told.number or last_notice(event.id) is None:
        _note(event, "发布通知", told)
    return told


def announce(*, session: Event, actor: Person) -> Told:
    """Tell those on the lists of the whole of a session that was added to it."""
    if session.state is not EventState.PUBLISHED or session.starts_at <= clock.now():
        return NOBODY
    told = messages.tell(
        people=_others(audience_queries.concerned(session), [actor.id]),
        kind=MessageKind.CHANGE,
        subject=f"新增一场：{session.title}",
        body="\n".join([said(session), f"主办：{session.host.name}"]),
        link=f"/events/{session.id}",
        key=f"event:{session.id}:announced",
    )
    _note(session, "新增场次通知", told)
    return told


def follow(*, event: Event, was: Standing, actor: Person) -> Told:
    """Tell all concerned that the event is not as they were told; nobody when it is.

    `was` is how it stood before the change, for an event of which nothing was told yet.
    """
    known = _to_be_told(event, was)
    if known is None:
        return NOBODY
    notice = _note(event, _what(known, standing(event)), NOBODY)
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


def call_together(*, events: Sequence[Event], about: str, actor: Person) -> Told:
    """Call people once to all of these events, which call the same people; `about` is their series.

    The events have been published just now; what has begun calls nobody.
    """
    coming = [event for event in events if event.starts_at > clock.now()]
    if not coming:
        return NOBODY
    first = coming[0]
    told = messages.remind(
        people=_others(audience_queries.called(first), [actor.id]),
        about=about,
        occasion=Occasion.CALLED,
        subject=f"请您参加：{first.title}（共 {len(coming)} 次）",
        body="\n".join([*_list_of(coming), f"主办：{first.host.name}"]),
        link=f"/events/{first.id}",
    )
    for event in coming:
        _note(event, CALLED_TOGETHER, told)
    return told


def follow_together(
    *, changes: Sequence[tuple[Event, Standing]], about: str, actor: Person
) -> Told:
    """Tell everybody concerned by some of these changes of all of them, in one message."""
    notices = []
    for event, was in changes:
        known = _to_be_told(event, was)
        if known is not None:
            notices.append((event, known, _note(event, _what(known, standing(event)), NOBODY)))
    if not notices:
        return NOBODY
    events = [event for event, _, _ in notices]
    first, known, notice = notices[0]
    many = f"（{len(events)} 次）" if len(events) > 1 else ""
    body = _body(first, known) if len(events) == 1 else "\n".join(_list_of(events))
    told = messages.tell(
        people=_others(audience_queries.concerned(*events), [actor.id]),
        kind=MessageKind.CHANGE,
        subject=f"{notice.what}：{first.title}{many}",
        body=body,
        link=f"/events/{first.id}",
        key=f"{about}:notice:{notice.id}",
    )
    for _, _, one in notices:
        one.told, one.without_account = told.number, told.without_account
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
    return span_words(event.starts_at, event.ends_at)


def span_words(starts_at: datetime, ends_at: datetime) -> str:
    """Return a time from and to, on China's clock."""
    start, end = clock.local(starts_at), clock.local(ends_at)
    until = _hour(end) if end.date() == start.date() else f"{_day(end)}{_hour(end)}"
    return f"{_day(start)}{_hour(start)}–{until}"


def _to_be_told(event: Event, was: Standing) -> Standing | None:
    """Return what people know of the event if it is not so any more and still matters."""
    if event.state not in {EventState.PUBLISHED, EventState.POSTPONED, EventState.CANCELLED}:
        return None
    last = last_notice(event.id)
    known = _known(last) if last is not None else was
    is_over = max(event.ends_at, known.ends_at) <= clock.now()
    return None if is_over or standing(event) == known else known


def _about(event: Event) -> str:
    """Return under what people were called: the series, where it has called for this event."""
    if event.series_id is not None:
        together = select(EventNotice.id).where(
            EventNotice.event_id == event.id, EventNotice.what == CALLED_TOGETHER
        )
        if db.session.scalar(together.limit(1)) is not None:
            return f"series:{event.series_id}"
    return f"event:{event.id}"


def _list_of(events: Sequence[Event]) -> list[str]:
    """Return a line an event, and how many more there are."""
    if not events:
        return []
    lines = []
    for event in events[:MOST_LISTED]:
        off = "不举行了" if event.state is EventState.CANCELLED else ""
        lines.append(f"{said(event)}{off and f'：{off}'}")
    more = len(events) - MOST_LISTED
    reason = events[0].state_reason
    return [
        *lines,
        *([f"……还有 {more} 次"] if more > 0 else []),
        *([f"说明：{reason}"] if reason else []),
    ]


def _hour(local: datetime) -> str:
    return f"{local.hour}:{local:%M}"


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
    was = f"原定{_day(before)}{_hour(before)}"
    lines = []
    match event.state:
        case EventState.CANCELLED:
            lines += [f"{was}的活动不举行了，您不用再做什么。"]
        case EventState.POSTPONED:
            lines += [f"{was}，新的时间定下后再告诉您；报名保留。"]
        case _:
            moved = known.starts_at != event.starts_at
            lines += [said(event)]
            lines += [f"{was}。"] if moved else []
    if event.state_reason:
        lines += [f"说明：{event.state_reason}"]
    return "\n".join([*lines, f"主办：{event.host.name}"])
