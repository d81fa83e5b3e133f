"""Series: made from one event, changed from one event on, published and ended together."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.events import agenda_rows, moves, services, telling, telling_keepers
from portal.events import details as written
from portal.events.details import LABELS, Details
from portal.events.models import Event, EventState
from portal.events.series import patterns, queries, rhythm
from portal.events.series.models import EventSeries
from portal.events.series.patterns import Pattern, title_on
from portal.events.series.rhythm import Days, Plan
from portal.events.states import SETTLED, Move, after
from portal.messages.services import Told
from portal.people.models import Person

# What may be changed for an event and all that follow it, besides its times.
FIELDS = ("title", "place", "lecturer", "contact", "capacity", "summary", "note")
_OVER = SETTLED | {EventState.ENDED}


@dataclass
class Changed:
    """What became of a change: how many events, what was left as changed by hand, who was told."""

    number: int = 0
    kept: list[tuple[Event, list[str]]] = field(default_factory=list)
    told: Told = field(default_factory=Told)


def planned(*, event: Event, plan: Plan, skips_holidays: bool) -> Days:
    """Return the days of a series that begins with the event; raise InvalidInputError."""
    first = clock.local(event.starts_at).date()
    holidays = queries.holidays_from(first) if skips_holidays else {}
    return rhythm.days(plan, event.starts_at, holidays=holidays)


def make(
    *,
    event: Event,
    plan: Plan,
    title: str,
    skips_holidays: bool,
    publishes: bool,
    actor: Person,
) -> tuple[EventSeries, Told]:
    """Make the events that follow `event`, which becomes the first; all of them or none.

    `title` may hold the placeholders of `patterns`. Raise ConflictError if the event belongs
    to a series already, InvalidInputError for a plan without end.
    """
    after(event.state, Move.EDIT)
    if event.series_id is not None:
        raise ConflictError("这次活动已经在一个系列里了。")
    days = planned(event=event, plan=plan, skips_holidays=skips_holidays)
    if len(days.starts) < 2:
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
    for number, starts_at in enumerate(days.starts[1:], 2):
        details = _titled(_moved(before, starts_at - event.starts_at), pattern, number)
        made = services.create(details=details, actor=actor, copied_from=event)
        services.carry_over(event, made, actor=actor)
        events.append(made)
    for one, starts_at in zip(events, days.starts, strict=True):
        one.series_id, one.planned_at = series.id, starts_at
    db.session.flush()
    audit.record("series.create", series, actor=actor, title=title, count=len(events))
    told = _publish(series, events, actor) if publishes else Told()
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


def publish(*, series: EventSeries, actor: Person) -> tuple[int, Told]:
    """Publish all drafts of the series; return how many, and how many people were told."""
    drafts = [e for e in queries.events_to_change(series.id) if e.state is EventState.DRAFT]
    if not drafts:
        raise ConflictError("这个系列里没有还没发布的活动。")
    return len(drafts), _publish(series, drafts, actor)


def _publish(series: EventSeries, events: Sequence[Event], actor: Person) -> Told:
    fresh, told_of = [], []
    for event in events:
        if event.state is EventState.DRAFT:
            was = telling.standing(event)
            with _naming_the_day(event):
                moves.publish(event=event, actor=actor, tells=False)
            fresh.append(event)
            told_of.append((event, was))
    telling_keepers.follow_together(changes=told_of, actor=actor)
    return telling.call_together(events=fresh, about=f"series:{series.id}", actor=actor)


def change_following(*, event: Event, typed: Details, version: int, actor: Person) -> Changed:
    """Change the event, and in the same way all that follow it in its series.

    What somebody has changed by hand in one of them stays as it is, and is listed. Times move
    as far as those of this event. What is over or settled is left alone. All or nothing:
    InvalidInputError and ConflictError name the day at which it fails.
    """
    series, following = _from(event)
    if version != event.version:
        raise ConflictError("您填写期间，别人也改了这次活动。请核对下面的内容，再保存一次。")
    before, old = written.of(event), patterns.read(series.pattern)
    shown = replace(before, title=title_to_type(event, series, following))
    names = [name for name in FIELDS if getattr(typed, name) != getattr(shown, name)]
    shift = typed.starts_at - before.starts_at
    longer = (typed.ends_at - typed.starts_at) - (before.ends_at - before.starts_at)
    report, told_of = Changed(), []
    for number, one in following:
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
        if changes:
            with _naming_the_day(one, event):
                services.edit(
                    event=one, details=replace(details, **changes), actor=actor, tells=False
                )
            report.number += 1
            told_of.append((one, was))
        if kept:
            report.kept.append((one, kept))
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


class _naming_the_day:  # noqa: N801  reads as a sentence: with _naming_the_day(event)
    """Say of a refusal at which event of many it happened."""

    def __init__(self, event: Event, asked: Event | None = None) -> None:
        self.event, self.asked = event, asked

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if self.event is self.asked or not isinstance(error, InvalidInputError | ConflictError):
            return
        local = clock.local(self.event.starts_at)
        error.message = f"{local.month}月{local.day}日那一次：{error.message}"
