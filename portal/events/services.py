"""Writing about events: post, change, copy, throw a draft away."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.events import (
    agenda_rows,
    attachment_services,
    hooks,
    queries,
    telling,
    telling_keepers,
    venues,
)
from portal.events import details as written
from portal.events.details import COLUMNS, Details
from portal.events.models import (
    Audience,
    Event,
    EventDueOrganisation,
    EventInvitation,
    EventState,
)
from portal.events.queries import SEARCH_KIND
from portal.events.sessions import queries as sessions
from portal.events.sessions import rules
from portal.events.states import Move, after
from portal.lessons.models import Lesson
from portal.messages.services import Told
from portal.people.models import Organisation, Person
from portal.search import services as search

# Nobody writes the same event anew so soon.
PRESSED_TWICE = timedelta(minutes=1)


def create(
    *,
    details: Details,
    actor: Person,
    copied_from: Event | None = None,
    lesson: Lesson | None = None,
) -> Event:
    """Keep a new draft, seen by its hosts alone; raise InvalidInputError.

    The same written twice within a minute is one event: a button was pressed twice.
    """
    details = written.with_place(details)
    written.check(details, at_most=_longest(copied_from))
    known = _just_written(details, actor)
    if known is not None:
        return known
    now = clock.now()
    event = Event(
        **{name: getattr(details, name) for name in COLUMNS},
        state=EventState.DRAFT,
        host=details.host,
        created_by=actor,
        created_at=now,
        updated_at=now,
        copied_from_id=copied_from.id if copied_from else None,
        lesson_id=lesson.id if lesson else copied_from.lesson_id if copied_from else None,
        due_organisations=[
            EventDueOrganisation(organisation=organisation) for organisation in details.expected()
        ],
    )
    db.session.add(event)
    db.session.flush()
    index(event)
    audit.record("event.create", event, actor=actor, title=event.title, host=details.host.code)
    return event


def _longest(event: Event | None) -> timedelta:
    """Return how long it may last: an event that is held in sessions up to a year."""
    return rules.LONGEST_WHOLE if event and event.session_count else written.LONGEST_EVENT


def _just_written(details: Details, actor: Person) -> Event | None:
    """Return what the actor wrote within the last minute, if it is the same to the letter."""
    db.session.execute(select(Person.id).where(Person.id == actor.id).with_for_update())
    lately = select(Event.id).where(
        Event.created_by_id == actor.id,
        Event.created_at > clock.now() - PRESSED_TWICE,
        Event.title == details.title,
        Event.starts_at == details.starts_at,
    )
    made = [queries.event(event_id) for event_id in db.session.scalars(lately)]
    return next((one for one in made if not written.differences(written.of(one), details)), None)


def edit(*, event: Event, details: Details, actor: Person, tells: bool = True) -> Told:
    """Change what is written; return how many were told of a new time or place.

    The event's row is locked (`queries.event_to_change`). Rooms above may refuse a capacity;
    they follow up on the change. Raise ConflictError when the event is settled. Who changes
    many at once tells of all together (`tells` False).
    """
    after(event.state, Move.EDIT)
    if event.part_of_id is not None:
        raise ConflictError("请在整个活动的“场次”里修改这一场。")
    before, was = written.of(event), telling.standing(event)
    if event.state is EventState.DRAFT:
        details = written.with_deadline_along(before, details)
    details = written.with_place(details)
    written.check(details, at_most=_longest(event))
    changed = written.differences(before, details)
    if not changed:
        return Told()
    if event.session_count and changed & {"starts_at", "ends_at"}:
        raise InvalidInputError("这次活动分场进行，时间请在“场次”里逐场修改。", field="starts_at")
    if "capacity" in changed:
        for listener in hooks.listeners:
            listener.check_change(event, capacity=details.capacity)
    if "starts_at" in changed and event.state is EventState.PUBLISHED:
        event.moved_from_at = event.starts_at
    for name in changed - {"due"}:
        setattr(event, name, getattr(details, name))
    _expect(event, details.expected())
    if before.venue is not None and details.venue is None:
        venues.leave(event)
    save(event, actor, "event.edit", fields=sorted(changed), **_figures(before, details, changed))
    index(event)
    _carry_to_sessions(event, before, actor)
    if event.state is not EventState.PUBLISHED or not tells:
        return Told()
    telling_keepers.follow(event=event, was=was, actor=actor)
    called = telling.call(event=event, actor=actor) if "due" in changed else Told()
    return telling.follow(event=event, was=was, actor=actor) + called


def _carry_to_sessions(event: Event, before: Details, actor: Person) -> None:
    """Let the sessions follow what the whole says of all of them."""
    if not event.session_count:
        return
    for session in sessions.sessions_of(event.id):
        session.title = rules.title_of(event.title, session.session_name)
        session.kind, session.audience, session.host = event.kind, event.audience, event.host
        session.contact = event.contact
        if session.place == before.place and session.state in rules.MOVABLE:
            session.place, session.venue = event.place, event.venue
            if session.venue is None:
                venues.leave(session)
        save(session, actor, "event.edit", fields=["whole"])
        index(session)


def _figures(before: Details, now: Details, changed: set[str]) -> dict[str, object]:
    """Return old and new values for the audit: of times, place and number, not of texts."""
    told = changed & {"title", "starts_at", "ends_at", "place", "capacity", "audience"}
    return {name: [str(getattr(before, name)), str(getattr(now, name))] for name in sorted(told)}


def _expect(event: Event, organisations: tuple[Organisation, ...]) -> None:
    wanted = {organisation.id: organisation for organisation in organisations}
    known = {row.organisation_id for row in event.due_organisations}
    for row in list(event.due_organisations):
        if row.organisation_id not in wanted:
            event.due_organisations.remove(row)
    for organisation_id, organisation in wanted.items():
        if organisation_id not in known:
            event.due_organisations.append(EventDueOrganisation(organisation=organisation))


def save(event: Event, actor: Person, action: str, **noted: object) -> None:
    """Flush a change of an event, note it, and let the rooms above follow up."""
    event.updated_at = clock.now()
    db.session.flush()
    if event.site_id is not None and not event.session_count:
        venues.follow(event)
    audit.record(action, event, actor=actor, **noted)
    for listener in hooks.listeners:
        listener.event_changed(event, actor=actor)


def copy(*, event: Event, actor: Person) -> Event:
    """Make a draft like the event at its next date: same weekday and hours, next month.

    Whoever was invited is invited again, what is attached is attached again; sign-up closes as
    long before the start as it did.
    """
    if event.part_of_id is not None:
        raise ConflictError("一场不能单独复制，请复制整个活动。")
    before = written.of(event)
    starts_at = next_occurrence(event.starts_at, clock.now())
    shift = starts_at - event.starts_at
    details = Details(
        **{
            **{name: getattr(before, name) for name in COLUMNS},
            "starts_at": starts_at,
            "ends_at": event.ends_at + shift,
            "signup_opens_at": None,
            "signup_closes_at": event.signup_closes_at and event.signup_closes_at + shift,
        },
        host=before.host,
        due=before.due,
    )
    made = create(details=details, actor=actor, copied_from=event)
    carry_over(event, made, actor=actor)
    if event.session_count and not made.session_count:
        _copy_sessions(event, made, shift, actor)
    return made


def _copy_sessions(event: Event, made: Event, shift: timedelta, actor: Person) -> None:
    """Give the copy the same sessions, moved by as much, without those that were called off."""
    found = [one for one in sessions.sessions_of(event.id) if one.state not in rules.OFF]
    for one in found:
        session = Event(
            **{name: getattr(one, name) for name in COLUMNS},
            session_name=one.session_name,
            part_of_id=made.id,
            state=EventState.DRAFT,
            host=made.host,
            created_by=actor,
            created_at=made.created_at,
            updated_at=made.updated_at,
            copied_from_id=one.id,
        )
        session.title = rules.title_of(made.title, one.session_name)
        session.starts_at, session.ends_at = one.starts_at + shift, one.ends_at + shift
        db.session.add(session)
        db.session.flush()
        index(session)
    rules.respan(made, sessions.sessions_of(made.id))
    db.session.flush()


def carry_over(event: Event, made: Event, *, actor: Person) -> None:
    """Give a copy agenda, materials and rules of the event; who was invited is invited again."""
    agenda_rows.copy(event.id, [made.id])
    if event.audience is Audience.INVITED:
        there = select(EventInvitation.person_id).where(EventInvitation.event_id == made.id)
        invited = select(EventInvitation.person_id).where(
            EventInvitation.event_id == event.id, EventInvitation.person_id.not_in(there)
        )
        again = [
            {
                "event_id": made.id,
                "person_id": person_id,
                "invited_by_id": actor.id,
                "invited_at": made.created_at,
            }
            for person_id in db.session.scalars(invited)
        ]
        if again:
            db.session.execute(insert(EventInvitation), again)
    attachment_services.copy_to(event=event, made=made)
    for listener in hooks.listeners:
        listener.event_copied(event, made)


def next_occurrence(starts_at: datetime, moment: datetime) -> datetime:
    """Return the same weekday of the month and time of day in the first month after both.

    A month is the rhythm of lessons and theme days (DOMAIN 2.2). The fifth weekday of a
    month that has only four is the last one.
    """
    local = clock.local(starts_at)
    nth = (local.day - 1) // 7
    first = local.replace(day=1)
    while True:
        first = (first + timedelta(days=32)).replace(day=1)
        to_weekday = (local.weekday() - first.weekday()) % 7
        candidate = first + timedelta(days=to_weekday + 7 * nth)
        if candidate.month != first.month:
            candidate -= timedelta(days=7)
        found = clock.from_local(candidate.replace(tzinfo=None))
        if found > moment:
            return found


def discard(*, event: Event, actor: Person) -> None:
    """Throw a draft away; raise ConflictError once others have seen it."""
    after(event.state, Move.DISCARD)
    if event.part_of_id is not None:
        raise ConflictError("请在整个活动的“场次”里删除这一场。")
    audit.record("event.discard", event, actor=actor, title=event.title)
    search.remove(SEARCH_KIND, event.id)
    for session in sessions.sessions_of(event.id):
        search.remove(SEARCH_KIND, session.id)
        db.session.execute(
            update(Event).where(Event.copied_from_id == session.id).values(copied_from_id=None)
        )
        db.session.delete(session)
    db.session.flush()
    db.session.execute(
        update(Event).where(Event.copied_from_id == event.id).values(copied_from_id=None)
    )
    db.session.delete(event)
    db.session.flush()


def index(event: Event) -> None:
    """Make the event findable: host is loaded."""
    search.index(
        SEARCH_KIND,
        event.id,
        titles=[event.title, event.kind.label, event.place, event.host.name, event.host.short_name],
        names=[event.lecturer],
        body=[event.summary, event.agenda, event.note, *_words_of_agenda(event)],
        at=event.starts_at,
    )


def _words_of_agenda(event: Event) -> list[str]:
    return [f"{row.title} {row.speaker}".strip() for row in agenda_rows.rows(event.id)]
