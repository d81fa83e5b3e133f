"""Reminders of an event: the day before it to those who come, after it of a roll not confirmed.

Those who come are reminded at eight in the morning of the day before; who is expected only
later that day, at eight on the day itself. For what begins in the night or by eight that would
be too late: of that they are reminded in the last hour of the evening. At once would be no
help: whoever is called by day has just been told, whoever signs up has just done so.

Each is one occasion of three (docs/decisions/0014): whoever looks again tells nobody twice.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.attendance.models import LEAVE, AttendanceEntry
from portal.database import db
from portal.events import audience_queries
from portal.events.models import Event, EventState
from portal.events.telling import said
from portal.messages import quiet_hours
from portal.messages import services as messages
from portal.messages.queries import opens_inbox
from portal.messages.services import Occasion, Told
from portal.people.models import Account, Organisation, Person, RoleGrant
from portal.people.policies import HOSTS
from portal.signups import queries as signups
from portal.signups.models import Signup, SignupStatus

# A roll that is older than this when somebody first looks is no news any more.
_STILL_NEWS = timedelta(days=7)
# No event that is still to be settled began before that.
_LONGEST_AGO = timedelta(days=400)
_UNSETTLED = (EventState.PUBLISHED, EventState.ENDED)


def starting_soon() -> Sequence[int]:
    """Return the events that begin today, later than now, or tomorrow."""
    now = clock.now()
    return db.session.scalars(
        select(Event.id)
        .where(
            Event.state == EventState.PUBLISHED,
            Event.session_count == 0,
            Event.starts_at > now,
            Event.starts_at < midnight(now, days=2),
        )
        .order_by(Event.starts_at, Event.id)
    ).all()


def starting_before_morning() -> Sequence[int]:
    """Return the events that begin before anybody may be reminded of them tomorrow."""
    now = clock.now()
    return db.session.scalars(
        select(Event.id)
        .where(
            Event.state == EventState.PUBLISHED,
            Event.session_count == 0,
            Event.starts_at > now,
            Event.starts_at <= quiet_hours.end_after(now),
        )
        .order_by(Event.starts_at, Event.id)
    ).all()


def remind_of_start(event_id: int) -> Told:
    """Remind those who are expected; nobody where the event was moved or called off meanwhile."""
    event = event_with_host(event_id)
    now = clock.now()
    if event.state is not EventState.PUBLISHED or not now < event.starts_at < midnight(now, 2):
        return Told()
    return messages.remind(
        people=_expected(event),
        about=f"event:{event.id}",
        occasion=Occasion.SOON,
        subject=f"即将开始：{event.title}",
        body="\n".join([said(event), f"主办：{event.host.name}"]),
        link=f"/events/{event.id}",
    )


def not_confirmed() -> Sequence[int]:
    """Return the events that ended before today, a week ago at most, and await confirmation."""
    now = clock.now()
    return db.session.scalars(
        select(Event.id)
        .where(
            Event.state.in_(_UNSETTLED),
            Event.session_count == 0,
            Event.starts_at > now - _LONGEST_AGO,
            Event.ends_at < midnight(now),
            Event.ends_at >= now - _STILL_NEWS,
        )
        .order_by(Event.starts_at, Event.id)
    ).all()


def remind_of_roll(event_id: int) -> Told:
    """Remind those who run the event of its roll; nobody where it was confirmed meanwhile."""
    event = event_with_host(event_id)
    if event.state not in _UNSETTLED or event.ends_at >= midnight(clock.now()):
        return Told()
    return messages.remind(
        people=hosting(event.host),
        about=f"event:{event.id}",
        occasion=Occasion.OVERDUE,
        subject=f"名册还没有确认：{event.title}",
        body="\n".join([said(event), "活动已经结束。请核对到场情况，确认名册。"]),
        link=f"/events/{event.id}/attendance",
    )


def event_with_host(event_id: int) -> Event:
    """Return an event with its host."""
    wanted = select(Event).where(Event.id == event_id).options(joinedload(Event.host))
    return db.session.scalars(wanted).one()


def midnight(moment: datetime, days: int = 0) -> datetime:
    """Return the beginning of China's day, so many days later."""
    day = clock.local(moment).date() + timedelta(days=days)
    return clock.from_local(datetime.combine(day, time()))


def _expected(event: Event) -> Select[Any]:
    """Select those with a seat, and the called who have not said no, without those on leave."""
    signed_up = select(Signup.person_id).where(Signup.event_id == event.list_id)
    on_leave = select(AttendanceEntry.person_id).where(
        AttendanceEntry.event_id == event.id, AttendanceEntry.status.in_(LEAVE)
    )
    return select(Person.id).where(
        or_(
            Person.id.in_(signed_up.where(Signup.status == SignupStatus.CONFIRMED)),
            and_(
                Person.id.in_(audience_queries.called(event)),
                Person.id.not_in(signed_up),
                Person.id.not_in(signups.excused(event.id)),
            ),
        ),
        Person.id.not_in(on_leave),
    )


def hosting(host: Organisation) -> Select[Any]:
    """Select who runs events of the organisation itself; where nobody does, of the next above.

    `policies.may_host` reaches to the top of the tree; an office need not hear of every roll.
    """
    today = clock.today()
    holds = (
        RoleGrant.role.in_(HOSTS),
        or_(RoleGrant.valid_from.is_(None), RoleGrant.valid_from <= today),
        or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
        Organisation.path.in_(_above(host.path)),
        *opens_inbox(),
    )
    depth = func.length(Organisation.path)
    nearest = _granted(func.max(depth)).where(*holds).scalar_subquery()
    return _granted(RoleGrant.person_id).where(*holds, depth == nearest)


def _granted(column: Any) -> Select[Any]:
    return (
        select(column)
        .select_from(RoleGrant)
        .join(Organisation, Organisation.id == RoleGrant.organisation_id)
        .join(Account, Account.person_id == RoleGrant.person_id)
    )


def _above(path: str) -> list[str]:
    """Return the path and those above it: /A/B/ gives /A/ and /A/B/."""
    codes = path.strip("/").split("/")
    return [f"/{'/'.join(codes[:end])}/" for end in range(1, len(codes) + 1)]
