"""Adding, changing and removing sessions of an event."""

from dataclasses import dataclass
from datetime import datetime

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.events import hooks, telling, venues
from portal.events.details import LONGEST_LINE, LONGEST_NAME, check_times
from portal.events.models import Event, EventState
from portal.events.queries import SEARCH_KIND
from portal.events.services import index, save
from portal.events.sessions import queries, rules
from portal.messages.services import Told
from portal.people.models import Person
from portal.search import services as search


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a host writes about a session; no place means that of the whole."""

    name: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    lecturer: str = ""


def add(*, whole: Event, written: Written, actor: Person) -> Event:
    """Add a session as a draft: it is posted with the whole, or by itself where that is posted.

    The first one makes the event one that is held in sessions: it gives its room back and has
    no roll of its own. Raises ConflictError for an event that has begun or whose roll is used.
    """
    rules.check_may_have_sessions(whole)
    _check(written)
    if not whole.session_count:
        if whole.state is not EventState.DRAFT and whole.starts_at <= clock.now():
            raise ConflictError("这次活动已经开始，不能再改成分场进行。")
        for check in hooks.before_dividing:
            check(whole)
        venues.leave(whole)
    now = clock.now()
    made = Event(
        part_of_id=whole.id,
        session_name=written.name,
        state=EventState.DRAFT,
        kind=whole.kind,
        host=whole.host,
        audience=whole.audience,
        contact=whole.contact,
        created_by=actor,
        created_at=now,
        updated_at=now,
        copied_from_id=None,
    )
    _write(whole, made, written)
    db.session.add(made)
    db.session.flush()
    index(made)
    audit.record("event.session_added", made, actor=actor, title=made.title, whole=whole.id)
    _respan(whole, actor)
    return made


def edit(*, whole: Event, session: Event, written: Written, actor: Person) -> Told:
    """Change a session; return how many were told of its new time or place."""
    if session.state not in rules.MOVABLE:
        raise ConflictError("这一场已经结束、确认或取消，不能再修改。")
    _check(written)
    was = telling.standing(session)
    if session.state is EventState.PUBLISHED and session.starts_at != written.starts_at:
        session.moved_from_at = session.starts_at
    _write(whole, session, written)
    save(session, actor, "event.edit", fields=["session"])
    index(session)
    _respan(whole, actor)
    if session.state is not EventState.PUBLISHED:
        return Told()
    return telling.follow(event=session, was=was, actor=actor)


def remove(*, whole: Event, session: Event, actor: Person) -> None:
    """Throw a draft away; raise ConflictError once others have seen it."""
    if session.state is not EventState.DRAFT:
        raise ConflictError("这一场已经发布，不能删除；不办了，请在这一场的页面上取消。")
    audit.record("event.discard", session, actor=actor, title=session.title)
    search.remove(SEARCH_KIND, session.id)
    db.session.delete(session)
    db.session.flush()
    _respan(whole, actor)


def _respan(whole: Event, actor: Person) -> None:
    rules.respan(whole, queries.sessions_of(whole.id))
    save(whole, actor, "event.sessions_changed", sessions=whole.session_count)


def _write(whole: Event, session: Event, written: Written) -> None:
    session.session_name = written.name
    session.title = rules.title_of(whole.title, written.name)
    session.starts_at, session.ends_at = written.starts_at, written.ends_at
    session.place = written.place or whole.place
    session.lecturer = written.lecturer
    # Where the whole has a room of a site, a session at the same place takes it for its time.
    session.venue = whole.venue if session.place == whole.place else None
    if session.venue is None and session.id is not None:
        venues.leave(session)


def _check(written: Written) -> None:
    if not written.name:
        raise InvalidInputError("请填写这一场叫什么，例如“第一场”。", field="name")
    for name, label, longest in (
        ("name", "名称", rules.LONGEST_NAME),
        ("place", "地点", LONGEST_LINE),
        ("lecturer", "主讲人", LONGEST_NAME),
    ):
        if len(getattr(written, name)) > longest:
            raise InvalidInputError(f"{label}最多 {longest} 个字。", field=name)
    check_times(written.starts_at, written.ends_at)
