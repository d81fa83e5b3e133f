"""Questions of an event where somebody signs up others: asked for each, what was typed stays."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from portal.events.models import Event
from portal.people.models import Person
from portal.signups import queries, services
from portal.signups.errors import AnswerRefusedError
from portal.signups.questions import Question
from portal.signups.services import Outcome
from portal.web.templating import render

# More would be a page that nobody fills in.
MOST_ASKED = 50
_ANSWERS, _SKIP = "answers", "skip"


@dataclass(frozen=True)
class Asked:
    """Somebody who is asked: `key` begins the names of the fields."""

    key: str
    name: str
    unit: str = ""


def key_of(person: Person) -> str:
    """Return the key of somebody on the roster."""
    return f"p{person.id}"


def asked_of(event: Event, people: Sequence[Person]) -> list[Asked]:
    """Return whom of these to ask: not those who are on the list already."""
    ids = [person.id for person in people]
    live = queries.live_signups(event.id, ids)
    units = queries.units(ids)
    return [
        Asked(key_of(person), person.name, units.get(person.id) or person.work_unit)
        for person in people
        if person.id not in live
    ]


def is_to_ask(questions: Sequence[Question]) -> bool:
    """Return whether the questions come before anybody is signed up."""
    return bool(questions) and request.form.get("step") not in {_ANSWERS, _SKIP}


def typed_for(
    questions: Sequence[Question], keys: Mapping[int, str]
) -> dict[int, dict[str, str]] | None:
    """Return what was answered, by person and name of field; None if that is left to them.

    `keys` are the keys of the people by their id.
    """
    if not questions or request.form.get("step") != _ANSWERS:
        return None
    return {
        person_id: {
            question.field: request.form.get(f"{key}-{question.field}", "")
            for question in questions
        }
        for person_id, key in keys.items()
    }


def sign_up_or_ask(
    *, event: Event, people: Sequence[Person], actor: Person, together: bool, where: str
) -> Response | list[tuple[Person, Outcome]]:
    """Sign people of the roster up, or answer with the page that asks each of them first.

    `where` is the page that was sent, and is sent again with the answers. Raises what
    `services.sign_up_many` raises but for an answer that cannot be taken: that is asked again.
    """
    return sign_up_entered_or_ask(
        event=event,
        whom_to_ask=lambda: asked_of(event, people),
        enter=lambda: (people, {person.id: key_of(person) for person in people}),
        actor=actor,
        together=together,
        where=where,
        back=where,
    )


def sign_up_entered_or_ask(
    *,
    event: Event,
    whom_to_ask: Callable[[], Sequence[Asked]],
    enter: Callable[[], tuple[Sequence[Person], Mapping[int, str]]],
    actor: Person,
    together: bool,
    where: str,
    back: str,
) -> Response | list[tuple[Person, Outcome]]:
    """Do the same where some are on no roster yet: `enter` makes them, once all are asked.

    It returns who is to be signed up, and their keys by id; what it raises is passed on.
    """
    questions = queries.questions_of(event.id)
    asked = whom_to_ask() if questions else []
    if asked and is_to_ask(questions):
        return _ask_page(event, people=asked, questions=questions, action=where, back=back)
    people, keys = enter()
    try:
        return services.sign_up_many(
            event=event,
            people=people,
            actor=actor,
            together=together,
            answers=typed_for(questions, keys),
        )
    except AnswerRefusedError as error:
        return _ask_page(
            event,
            people=asked,
            questions=questions,
            action=where,
            back=back,
            error=error,
            keys=keys,
        )


def _ask_page(
    event: Event,
    *,
    people: Sequence[Asked],
    questions: Sequence[Question],
    action: str,
    back: str,
    without: Collection[str] = ("csrf_token", "step"),
    error: AnswerRefusedError | None = None,
    keys: Mapping[int, str] | None = None,
) -> Response:
    """Ask for each of the people; all that was sent before goes along in hidden fields."""
    key = (keys or {}).get(error.person_id, "") if error else ""
    prefixes = tuple(f"{person.key}-" for person in people)
    kept = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in without and not name.startswith(prefixes)
    ]
    return render(
        "signups/answers_for_others.html",
        status=422 if error else 200,
        event=event,
        people=people,
        questions=questions,
        action=action,
        back=back,
        kept=kept,
        typed=request.form,
        field=f"{key}-{error.field}" if error else "",
        sentence=error.message if error else "",
        who=next((person.name for person in people if person.key == key), ""),
        is_too_many=len(people) > MOST_ASKED,
        most=MOST_ASKED,
    )
