"""Making a series of one event, and publishing all its drafts: all of them or none."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.events import agenda_rows, moves, services, telling, telling_keepers
from portal.events import details as written
from portal.events.details import Details
from portal.events.models import Event, EventState
from portal.events.series import patterns, queries, rhythm
from portal.events.series.models import EventSeries
from portal.events.series.patterns import Pattern, title_on
from portal.events.series.rhythm import Days, Plan
from portal.events.series.taken_dates import (
    AS_PLANNED,
    Choices,
    Otherwise,
    TakenDates,
    naming_the_day,
)
from portal.events.states import Move, after
from portal.messages.services import Told
from portal.people.models import Person
from portal.workdays.queries import holidays_from

# What is offered for a date whose room is taken, besides another room.
_NOT_MADE = {Otherwise.SKIP: "这次不办", Otherwise.DRAFT: "先存为草稿，以后再定"}
_THROWN_AWAY = {Otherwise.DRAFT: "先留着草稿，以后再定", Otherwise.SKIP: "这次不办，删除草稿"}


def planned(*, event: Event, plan: Plan, skips_holidays: bool) -> Days:
    """Return the days of a series that begins with the event; raise InvalidInputError."""
    first = clock.local(event.starts_at).date()
    holidays = holidays_from(first) if skips_holidays else {}
    return rhythm.days(plan, event.starts_at, holidays=holidays)


def make(
    *,
    event: Event,
    plan: Plan,
    title: str,
    skips_holidays: bool,
    publishes: bool,
    actor: Person,
    choices: Choices = AS_PLANNED,
) -> tuple[EventSeries, Told]:
    """Make the events that follow `event`, which becomes the first; all of them or none.

    `title` may hold the placeholders of `patterns`. Raise ConflictError if the event belongs
    to a series already, InvalidInputError for a plan without end, DatesTakenError for the dates
    on which the room is taken; `choices` say what to do on these.
    """
    after(event.state, Move.EDIT)
    if event.series_id is not None:
        raise ConflictError("这次活动已经在一个系列里了。")
    days = planned(event=event, plan=plan, skips_holidays=skips_holidays)
    starts = [day for day in days.starts if day == event.starts_at or not choices.skips(day)]
    if len(starts) < 2:
        raise InvalidInputError("按这样的安排只有一次活动，请把最后一天往后移。", field="until")
    before = written.of(event)
    pattern = patterns.of(before, agenda_rows.rows(event.id), title=title)
    series = EventSeries(
        host=event.host,
        rhythm=plan.rhythm,
        every=plan.every,
        until=plan.until,
        count=plan.count,
        skips_holidays=skips_holidays,
        pattern=patterns.kept(pattern),
        created_by_id=actor.id,
        created_at=clock.now(),
    )
    db.session.add(series)
    db.session.flush()
    services.edit(event=event, details=_titled(before, pattern, 1), actor=actor)
    events = [event]
    for number, starts_at in enumerate(starts[1:], 2):
        details = _titled(_moved(before, starts_at - event.starts_at), pattern, number)
        made = services.create(details=details, actor=actor, copied_from=event)
        services.carry_over(event, made, actor=actor)
        events.append(made)
    for one, starts_at in zip(events, starts, strict=True):
        one.series_id, one.planned_at = series.id, starts_at
    db.session.flush()
    audit.record("series.create", series, actor=actor, title=title, count=len(events))
    told = Told()
    if publishes:
        first = {Otherwise.DRAFT: _NOT_MADE[Otherwise.DRAFT]}
        otherwise = {one: first if one is event else _NOT_MADE for one in events}
        told = _publish(series, otherwise, actor, choices)
    return series, told


def _titled(details: Details, pattern: Pattern, number: int) -> Details:
    return replace(details, title=title_on(pattern.title, details.starts_at, number))


def _moved(details: Details, shift: timedelta) -> Details:
    """Return the details so much later; sign-up opens when it is published."""
    closes = details.signup_closes_at
    return replace(
        details,
        starts_at=details.starts_at + shift,
        ends_at=details.ends_at + shift,
        signup_opens_at=None,
        signup_closes_at=closes and closes + shift,
    )


def publish(
    *, series: EventSeries, actor: Person, choices: Choices = AS_PLANNED
) -> tuple[int, Told]:
    """Publish all drafts of the series; return how many, and how many people were told.

    All of them or none: DatesTakenError names the dates on which the room is taken, `choices`
    say what to do on these.
    """
    drafts = [e for e in queries.events_to_change(series.id) if e.state is EventState.DRAFT]
    if not drafts:
        raise ConflictError("这个系列里没有还没发布的活动。")
    wanted = {}
    for event in drafts:
        if choices.skips(event.starts_at):
            services.discard(event=event, actor=actor)
        else:
            wanted[event] = _THROWN_AWAY
    told = _publish(series, wanted, actor, choices)
    return sum(event.state is EventState.PUBLISHED for event in wanted), told


def _publish(
    series: EventSeries,
    events: Mapping[Event, Mapping[Otherwise, str]],
    actor: Person,
    choices: Choices,
) -> Told:
    """Publish the drafts among these events; each comes with what is offered if it cannot be."""
    fresh, told_of, taken = [], [], TakenDates(choices)
    for event, otherwise in events.items():
        if event.state is not EventState.DRAFT or choices.keeps_draft(event.starts_at):
            continue
        was, before = telling.standing(event), written.of(event)
        with naming_the_day(event), taken.trying(event, otherwise):
            into = choices.into_room(before)
            if into is not before:
                services.edit(event=event, details=into, actor=actor, tells=False)
            moves.publish(event=event, actor=actor, tells=False)
        fresh.append(event)
        told_of.append((event, was))
    taken.settle()
    telling_keepers.follow_together(changes=told_of, actor=actor)
    return telling.call_together(events=fresh, about=f"series:{series.id}", actor=actor)
