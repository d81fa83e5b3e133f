"""Changing or calling off an event of a series and all that follow it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from portal import clock
from portal.audit import services as audit
from portal.errors import ConflictError
from portal.events import details as written
from portal.events import moves, services, telling, telling_keepers
from portal.events.details import LABELS, Details
from portal.events.models import Event, EventState
from portal.events.series import patterns, queries
from portal.events.series.models import EventSeries
from portal.events.series.patterns import Pattern, title_on
from portal.events.series.taken_dates import (
    AS_PLANNED,
    Choices,
    Otherwise,
    TakenDates,
    naming_the_day,
)
from portal.events.states import SETTLED
from portal.messages.services import Told
from portal.people.models import Person

# What may be changed for an event and all that follow it, besides its times.
FIELDS = ("title", "place", "lecturer", "contact", "capacity", "summary", "note")
_OVER = SETTLED | {EventState.ENDED}
_LEFT_ALONE = {Otherwise.SKIP: "这次不改，保持原样"}


@dataclass
class Changed:
    """What became of a change: how many events, what was left as changed by hand, who was told."""

    number: int = 0
    kept: list[tuple[Event, list[str]]] = field(default_factory=list)
    told: Told = field(default_factory=Told)


def change_following(
    *,
    event: Event,
    typed: Details,
    version: int,
    actor: Person,
    choices: Choices = AS_PLANNED,
) -> Changed:
    """Change the event, and in the same way all that follow it in its series.

    What somebody has changed by hand in one of them stays as it is, and is listed. Times move
    as far as those of this event. What is over or settled is left alone. All or nothing:
    InvalidInputError and ConflictError name the day at which it fails, DatesTakenError all days
    on which the room is taken; `choices` say what to do on these.
    """
    series, following = _from(event)
    if version != event.version:
        raise ConflictError("您填写期间，别人也改了这次活动。请核对下面的内容，再保存一次。")
    before, old = written.of(event), patterns.read(series.pattern)
    shown = replace(before, title=title_to_type(event, series, following))
    names = [name for name in FIELDS if getattr(typed, name) != getattr(shown, name)]
    shift = typed.starts_at - before.starts_at
    longer = (typed.ends_at - typed.starts_at) - (before.ends_at - before.starts_at)
    report, told_of, taken = Changed(), [], TakenDates(choices)
    # The last moves first where all move on, or each would meet the one that comes after it.
    for number, one in reversed(following) if shift > timedelta() else following:
        changes, kept = _changes(one, event, number, names, typed, before, old)
        was, details = telling.standing(one), written.of(one)
        by_hand = one is not event and one.starts_at != one.planned_at
        lasted = one.ends_at - one.starts_at
        is_longer = one is not event and lasted != before.ends_at - before.starts_at
        if shift and not by_hand:
            closes = details.signup_closes_at
            changes |= {
                "starts_at": one.starts_at + shift,
                "ends_at": one.ends_at + shift,
                "signup_closes_at": closes and closes + shift,
            }
        if longer and not is_longer:
            changes["ends_at"] = changes.get("ends_at", one.ends_at) + longer
        kept += ["时间"] * bool(shift and by_hand) + ["时长"] * bool(longer and is_longer)
        if one.planned_at is not None:
            one.planned_at += shift
        wanted = replace(details, **changes)
        if one is not event and changes and choices.skips(wanted.starts_at):
            kept, changes = [LABELS[name] for name in LABELS if name in changes], {}
        if changes:
            otherwise = {} if one is event else _LEFT_ALONE
            with naming_the_day(one, event), taken.trying(one, otherwise):
                into = choices.into_room(wanted)
                services.edit(event=one, details=into, actor=actor, tells=False)
            report.number += 1
            told_of.append((one, was))
        if kept:
            report.kept.append((one, kept))
    taken.settle()
    report.kept.sort(key=lambda one: one[0].starts_at)
    told_of.sort(key=lambda one: one[0].starts_at)
    series.pattern = _renewed(series.pattern, names, typed, longer)
    audit.record("series.change", series, actor=actor, fields=names, count=report.number)
    telling_keepers.follow_together(changes=told_of, actor=actor)
    report.told = telling.follow_together(changes=told_of, about=f"series:{series.id}", actor=actor)
    return report


def _changes(
    one: Event,
    event: Event,
    number: int,
    names: Sequence[str],
    typed: Details,
    before: Details,
    old: Pattern,
) -> tuple[dict[str, Any], list[str]]:
    """Return what changes in one event, and the labels of what was changed there by hand."""
    changes: dict[str, Any] = {}
    kept = []
    for name in names:
        present, new = getattr(one, name), getattr(typed, name)
        as_planned = {getattr(before, name), _planned(old, name)}
        if name == "title":
            at = one.planned_at or one.starts_at
            new = title_on(new, at + (typed.starts_at - before.starts_at), number)
            as_planned.add(title_on(old.title, at, number))
        if one is event or present in as_planned:
            changes[name] = new
        elif present != new:
            kept.append(LABELS[name])
    return changes, kept


def _planned(old: Pattern, name: str) -> object:
    return old.texts[name] if name in old.texts else getattr(old, name)


def _renewed(
    kept: dict[str, Any], names: Sequence[str], typed: Details, longer: timedelta
) -> dict[str, Any]:
    new = {name: getattr(typed, name) for name in names}
    texts = {name: value for name, value in new.items() if name in kept["texts"]}
    others = {name: value for name, value in new.items() if name not in texts}
    minutes = kept["minutes"] + int(longer.total_seconds()) // 60
    return {**kept, **others, "texts": {**kept["texts"], **texts}, "minutes": minutes}


def title_to_type(
    event: Event, series: EventSeries, following: Sequence[tuple[int, Event]] | None = None
) -> str:
    """Return the title as a pattern where the event has not been given one of its own."""
    pattern = patterns.read(series.pattern).title
    listed = _from(event)[1] if following is None else following
    number = next((number for number, one in listed if one is event), 1)
    made = title_on(pattern, event.planned_at or event.starts_at, number)
    return pattern if made == event.title else event.title


def cancel_following(*, event: Event, reason: str, actor: Person) -> Changed:
    """Call off the event and all that follow; drafts, which nobody has seen, are thrown away."""
    series, following = _from(event)
    report, told_of = Changed(), []
    for _, one in following:
        report.number += 1
        if one.state is EventState.DRAFT:
            services.discard(event=one, actor=actor)
            continue
        was = telling.standing(one)
        moves.cancel(event=one, reason=reason, actor=actor, tells=False)
        told_of.append((one, was))
    if not report.number:
        raise ConflictError("这次和以后都没有可以取消的活动。")
    audit.record("series.cancel", series, actor=actor, reason=reason, count=report.number)
    telling_keepers.follow_together(changes=told_of, actor=actor)
    report.told = telling.follow_together(changes=told_of, about=f"series:{series.id}", actor=actor)
    return report


def following(event: Event) -> list[tuple[int, Event]]:
    """Return, with their numbers, the events from this one on that may still change."""
    return _from(event)[1]


def _from(event: Event) -> tuple[EventSeries, list[tuple[int, Event]]]:
    """Return the series, and with their numbers the events from this one on that may change."""
    if event.series_id is None or event.planned_at is None:
        raise ConflictError("这次活动不在任何系列里。")
    now, since = clock.now(), event.planned_at
    following = [
        (number, one)
        for number, one in enumerate(queries.events_to_change(event.series_id), 1)
        if one.planned_at is not None
        and one.planned_at >= since
        and one.state not in _OVER
        and (one is event or one.starts_at > now)
    ]
    return queries.series(event.series_id), following
