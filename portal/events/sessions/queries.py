"""Which sessions an event has."""

from collections.abc import Sequence

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.errors import NotFoundError
from portal.events.models import Event, EventState


def sessions_of(event_id: int, *, lock: bool = False) -> Sequence[Event]:
    """Return the sessions of an event in order of start, each with host, site and room."""
    wanted = _LOCKED if lock else _SESSIONS
    return db.session.scalars(wanted, {"event_id": event_id}).all()


def seen_sessions(event: Event, *, is_host: bool) -> list[Event]:
    """Return the sessions that the reader sees: hosts the drafts among them too."""
    if not event.session_count:
        return []
    found = sessions_of(event.id)
    return [one for one in found if is_host or one.state is not EventState.DRAFT]


def session(event_id: int, session_id: int, *, lock: bool = False) -> Event:
    """Return one session of that event; raise NotFoundError."""
    wanted = _SESSIONS.where(Event.id == session_id)
    if lock:
        wanted = wanted.with_for_update(of=Event)
    found = db.session.scalar(wanted, {"event_id": event_id})
    if found is None:
        raise NotFoundError("没有找到这一场，可能已被移走。")
    return found


def whole_of(session: Event, *, lock: bool = False) -> Event:
    """Return the event that the session is part of, with its host, site and room."""
    wanted = _alone().where(Event.id == session.part_of_id)
    if lock:
        wanted = wanted.with_for_update(of=Event)
    return db.session.scalars(wanted).one()


def _alone() -> Select[Event]:
    return select(Event).options(
        joinedload(Event.host), joinedload(Event.site), joinedload(Event.room)
    )


_SESSIONS = (
    _alone().where(Event.part_of_id == bindparam("event_id")).order_by(Event.starts_at, Event.id)
)
_LOCKED = _SESSIONS.with_for_update(of=Event)
