"""What exercises add to the page of a lesson and to that of an event."""

from collections.abc import Mapping

from flask import Flask
from sqlalchemy import exists

from portal import clock
from portal.events import hooks
from portal.events.models import Event
from portal.exercises import policies, queries
from portal.exercises.models import ExerciseRun
from portal.lessons import hooks as lesson_hooks
from portal.lessons.models import Lesson
from portal.people.readers import Somebody


def _lesson_panel(lesson: Lesson, reader: Somebody) -> Mapping[str, object] | None:
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


def _event_panel(event: Event, reader: Somebody) -> Mapping[str, object] | None:
    """Those who take part go to their own page, hosts to the results."""
    is_host = policies.may_see_results(reader, event)
    found = queries.runs_of_event(event.id, reader)
    shown = [one for one in found if is_host or one.takes_part]
    return {"runs": shown, "is_host": is_host, "day": clock.today()} if shown else None


_LESSON = lesson_hooks.Panel("exercises/lesson_panel.html", "main", _lesson_panel)
_IS_OPENED = exists().where(ExerciseRun.event_id == Event.id)
_EVENT = hooks.Panel("exercises/event_panel.html", "side", _event_panel, sign=_IS_OPENED)


def init_app(_app: Flask) -> None:
    """Take part in the pages of lessons and events."""
    if _LESSON not in lesson_hooks.panels:
        lesson_hooks.panels.append(_LESSON)
        hooks.panels.append(_EVENT)
