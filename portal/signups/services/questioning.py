"""Asking questions of those who sign up, keeping their answers, forgetting them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select, update

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.events.states import Move, after
from portal.people.models import Person
from portal.signups import policies, queries, seats
from portal.signups.answer_models import InvitationRefusal
from portal.signups.errors import SignupRefusedError
from portal.signups.models import LIVE, Signup
from portal.signups.question_models import (
    ANSWERS_KEPT,
    SignupAnswer,
    SignupChoice,
    SignupQuestion,
)
from portal.signups.questions import MOST_QUESTIONS, Given, Question, answers_to


def set_questions(*, event: Event, questions: Sequence[Question], actor: Person) -> None:
    """Ask these questions; once somebody has answered, only the limits of choices change.

    Raises InvalidInputError: too many, changed after answers, a limit below what is taken.
    """
    after(event.state, Move.EDIT)
    if len(questions) > MOST_QUESTIONS:
        raise InvalidInputError(f"最多问 {MOST_QUESTIONS} 题。")
    known = seats.look(event, lambda: queries.questions_of(event.id))
    if [one.shape for one in known] == [one.shape for one in questions]:
        _set_limits(known, questions)
    elif queries.has_answers(event.id):
        raise InvalidInputError("已经有人回答，题目和选项不能再改，只能调整选项的名额。")
    else:
        _replace(event.id, questions)
    db.session.flush()
    labels = [one.label for one in questions]
    audit.record("signup.questions", event, actor=actor, questions=labels)


def _set_limits(known: Sequence[Question], wanted: Sequence[Question]) -> None:
    for before, now in zip(known, wanted, strict=True):
        for old, new in zip(before.choices, now.choices, strict=True):
            if new.most is not None and new.most < old.taken:
                raise InvalidInputError(
                    f"“{old.label}”已有 {old.taken} 人选，名额不能少于 {old.taken}。"
                )
            db.session.execute(
                update(SignupChoice).where(SignupChoice.id == old.id).values(most=new.most)
            )


def _replace(event_id: int, questions: Sequence[Question]) -> None:
    old = select(SignupQuestion.id).where(SignupQuestion.event_id == event_id)
    db.session.execute(delete(SignupChoice).where(SignupChoice.question_id.in_(old)))
    db.session.execute(delete(SignupQuestion).where(SignupQuestion.event_id == event_id))
    for place, one in enumerate(questions):
        row = SignupQuestion(
            event_id=event_id,
            position=place,
            label=one.label,
            kind=one.kind,
            is_required=one.is_required,
        )
        db.session.add(row)
        db.session.flush()
        db.session.add_all(
            SignupChoice(question_id=row.id, position=number, label=choice.label, most=choice.most)
            for number, choice in enumerate(one.choices)
        )


def copy_questions(*, event: Event, made: Event) -> None:
    """Let a copy of an event ask the same."""
    questions = queries.questions_of(event.id)
    if questions and not queries.questions_of(made.id):
        _replace(made.id, questions)


def write_answers(signup: Signup, given: Sequence[Given]) -> None:
    """Keep the answers of a sign-up in place of those before."""
    db.session.execute(delete(SignupAnswer).where(SignupAnswer.signup_id == signup.id))
    db.session.add_all(
        SignupAnswer(
            signup_id=signup.id,
            question_id=one.question_id,
            choice_id=one.choice_id,
            words=one.words,
        )
        for one in given
    )
    db.session.flush()


def answer(*, event: Event, signup: Signup, typed: Mapping[str, str]) -> None:
    """Answer, or answer anew, while sign-up is open; a choice one has is not lost by it.

    Raises SignupRefusedError once it is too late, InvalidInputError naming the field.
    """
    questions = seats.look(event, lambda: queries.questions_of(event.id))
    db.session.refresh(signup, ["status"])
    if signup.status not in LIVE or not policies.takes_signups(event, clock.now()):
        raise SignupRefusedError("报名已经截止或取消，回答不能再改；有变化请联系主办方。")
    mine = queries.answers_of([signup.id]).get(signup.id, {})
    held = {question_id: choice_id for question_id, (_, choice_id) in mine.items()}
    write_answers(signup, answers_to(questions, typed, held=held))


def forget_answers() -> int:
    """Delete answers to events that have been over for thirty days, and why the invited did not
    come; return how many answers.
    """
    ended = select(Event.id).where(Event.ends_at < clock.now() - ANSWERS_KEPT)
    db.session.execute(
        update(InvitationRefusal)
        .where(InvitationRefusal.event_id.in_(ended), InvitationRefusal.reason != "")
        .values(reason="")
        .execution_options(synchronize_session=False)
    )
    over = select(SignupQuestion.id).where(SignupQuestion.event_id.in_(ended))
    gone = delete(SignupAnswer).where(SignupAnswer.question_id.in_(over)).returning(SignupAnswer.id)
    number = len(db.session.execute(gone.execution_options(synchronize_session=False)).all())
    if number:
        audit.record("signup.answers_forgotten", "signups", actor=None, count=number)
    return number
