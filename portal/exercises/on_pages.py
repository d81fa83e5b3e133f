"""What exercises add to the page of a lesson and to that of an event."""

from collections.abc import Mapping

from flask import Flask

from portal import clock
from portal.events import hooks
from portal.events.models import Event
from portal.exercises import policies, queries
from portal.lessons import hooks as lesson_hooks
from portal.lessons.models import Lesson
from portal.people.models import Person


def _lesson_panel(lesson: Lesson, reader: Person) -> Mapping[str, object] | None:
    """Readers are told that there is something to do; those who give it open the exercise."""
    found = queries.of_lesson(lesson)
    is_builder = policies.may_build(reader, lesson)
    if not found and not is_builder:
        return None
    return {
        "exercises": found,
        "is_builder": is_builder,
        "sees_answers": policies.may_see_answers(reader, lesson),
    }


def _event_panel(event: Event, reader: Person) -> Mapping[str, object] | None:
    """Those who take part go to their own page, hosts to the results."""
    if event.lesson_id is None:
        return None
    runs = queries.runs_of_event(event.id)
    is_host = policies.may_see_results(reader, event)
    takes_part = bool(runs) and queries.takes_part(event.id, reader)
    if not runs or not (is_host or takes_part):
        return None
    stages = {}
    if takes_part:
        for run in runs:
            entry = queries.find_entry(run, reader)
            stages[run.id] = entry.stage if entry is not None else None
    return {
        "runs": runs,
        "is_host": is_host,
        "stages": stages,
        "day": clock.today(),
    }


_LESSON = lesson_hooks.Panel("exercises/lesson_panel.html", "main", _lesson_panel)
_EVENT = hooks.Panel("exercises/event_panel.html", "side", _event_panel)


def init_app(_app: Flask) -> None:
    """Take part in the pages of lessons and events."""
    if _LESSON not in lesson_hooks.panels:
        lesson_hooks.panels.append(_LESSON)
        hooks.panels.append(_EVENT)
