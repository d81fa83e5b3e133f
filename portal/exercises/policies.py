"""Who may: pure predicates over a person, a lesson, and a giving of it."""

from datetime import date

from portal.events.models import Event, EventState
from portal.events.policies import may_host
from portal.exercises.models import Exercise, ExerciseRun
from portal.lessons import policies as lessons
from portal.lessons.models import Lesson
from portal.people.policies import is_administrator
from portal.people.readers import Somebody

# A giving at which people can work: it is announced and not called off.
_HELD = frozenset(
    {EventState.PUBLISHED, EventState.ENDED, EventState.RECORDED, EventState.ARCHIVED}
)


def may_build(person: Somebody, lesson: Lesson) -> bool:
    """Those who keep the lesson build its exercises."""
    return lessons.may_keep(person, lesson)


def may_see_answers(person: Somebody, lesson: Lesson) -> bool:
    """Those who run events and see the lesson know the reference answers: they may give it."""
    return lessons.may_write(person) and lessons.may_see(person, lesson)


def may_open(person: Somebody, exercise: Exercise, event: Event) -> bool:
    """Whoever hosts a giving of the lesson opens its exercises there."""
    return (
        may_host(person, event) and event.lesson_id == exercise.lesson_id and event.state in _HELD
    )


def may_see_results(person: Somebody, event: Event) -> bool:
    """Whoever hosts the giving sees which fields go wrong, and nobody's answers."""
    return may_host(person, event)


def may_fill_in(person: Somebody, run: ExerciseRun, day: date, *, takes_part: bool) -> bool:
    """Those signed up or on the roll, while it is open and its answers are kept."""
    return takes_part and not is_administrator(person) and run.is_open_on(day)


def may_see_own(person: Somebody, run: ExerciseRun, day: date, *, takes_part: bool) -> bool:
    """Those who take part see their own result until it is deleted, and no other's."""
    return takes_part and not is_administrator(person) and not run.is_over_on(day)
