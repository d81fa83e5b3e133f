"""What events add to the page of a lesson (its givings), and lessons to that of an event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import Flask
from sqlalchemy import ColumnElement, Integer, bindparam, select

from portal import clock
from portal.events import hooks, queries
from portal.events.models import Event
from portal.lessons import hooks as lesson_hooks
from portal.lessons import policies as lesson_policies
from portal.lessons import queries as lessons
from portal.lessons.models import Lesson
from portal.people.models import Organisation
from portal.people.readers import Somebody
from portal.statements import Ready
from portal.told import Told

MOST_GIVINGS = 12
_GIVING = Told(Event, is_first=True, host=Told(Organisation))


@dataclass(frozen=True)
class Givings:
    """The events that give a lesson, as far as the reader sees them; told, never changed."""

    coming: Sequence[Event]
    past: Sequence[Event]


def givings(lesson: Lesson, reader: Somebody) -> Givings:
    """Return the latest givings: those to come in order of their start, then the past."""
    now, seen = clock.now(), queries.visible_to_reader(reader)
    values = {"lesson_id": lesson.id, **seen.parameters}
    found = [_GIVING.read(tuple(row)) for row in _latest(seen.condition).rows(values)]
    coming = [event for event in reversed(found) if event.ends_at >= now]
    return Givings(coming, [event for event in found if event.ends_at < now])


@lru_cache(maxsize=64)
def _latest(visible: ColumnElement[bool]) -> Ready:
    host = _GIVING.related["host"].table
    return Ready(
        select(*_GIVING.columns)
        .join(host, host.id == Event.host_id)
        .where(Event.lesson_id == bindparam("lesson_id", type_=Integer), visible)
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(MOST_GIVINGS)
    )


def _givings_panel(lesson: Lesson, reader: Somebody) -> Mapping[str, object] | None:
    """Everybody sees when it is given; those who run events may give it."""
    if not lesson.is_public:
        return None
    return {
        "givings": givings(lesson, reader),
        "may_give": lesson_policies.may_give(reader, lesson),
    }


def _lesson_panel(event: Event, reader: Somebody) -> Mapping[str, object] | None:
    """Whoever sees the event is told of the lesson that it gives, once that is public."""
    if event.lesson_id is None:
        return None
    shown = lessons.find_shown_to(reader, event.lesson_id)
    return {"shown": shown} if shown is not None else None


_GIVINGS = lesson_hooks.Panel("events/givings_panel.html", "side", _givings_panel)
_LESSON = hooks.Panel("events/lesson_panel.html", "main", _lesson_panel)


def init_app(_app: Flask) -> None:
    """Take part in the pages of lessons, and show lessons on those of events."""
    if _GIVINGS not in lesson_hooks.panels:
        lesson_hooks.panels.append(_GIVINGS)
        hooks.panels.append(_LESSON)
