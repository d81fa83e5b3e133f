"""What an event asks, what was answered, and how many have chosen what."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, select

from portal.database import db
from portal.signups.models import LIVE, Signup
from portal.signups.question_models import SignupAnswer, SignupChoice, SignupQuestion
from portal.signups.questions import Choice, Question


def questions_of(event_id: int) -> list[Question]:
    """Return the questions in order, with how many of those on the list have chosen what."""
    rows = db.session.scalars(
        select(SignupQuestion)
        .where(SignupQuestion.event_id == event_id)
        .order_by(SignupQuestion.position)
    ).all()
    if not rows:
        return []
    taken = (
        select(func.count())
        .select_from(SignupAnswer)
        .join(Signup, Signup.id == SignupAnswer.signup_id)
        .where(SignupAnswer.choice_id == SignupChoice.id, Signup.status.in_(LIVE))
        .scalar_subquery()
    )
    choices: dict[int, list[Choice]] = {row.id: [] for row in rows}
    for row in db.session.execute(
        select(
            SignupChoice.question_id, SignupChoice.label, SignupChoice.most, SignupChoice.id, taken
        )
        .where(SignupChoice.question_id.in_(choices))
        .order_by(SignupChoice.question_id, SignupChoice.position)
    ):
        choices[row[0]].append(Choice(*row[1:]))
    return [
        Question(row.label, row.kind, row.is_required, tuple(choices[row.id]), row.id)
        for row in rows
    ]


def answers_of(signup_ids: Collection[int]) -> dict[int, dict[int, tuple[str, int | None]]]:
    """Return, by sign-up and question, the words of each answer and the choice if it is one."""
    found: dict[int, dict[int, tuple[str, int | None]]] = {}
    rows = db.session.execute(
        select(
            SignupAnswer.signup_id,
            SignupAnswer.question_id,
            SignupAnswer.words,
            SignupAnswer.choice_id,
        ).where(SignupAnswer.signup_id.in_(signup_ids))
    )
    for signup_id, question_id, words, choice_id in rows:
        found.setdefault(signup_id, {})[question_id] = (words, choice_id)
    return found


def told_answers() -> ColumnElement[str]:
    """Return the answers of a sign-up as the host's list tells them: "午餐：面条", one a line."""
    told = SignupQuestion.label + "：" + SignupAnswer.words
    return (
        select(func.aggregate_strings(told, "\n"))
        .select_from(SignupAnswer)
        .join(SignupQuestion, SignupQuestion.id == SignupAnswer.question_id)
        .where(SignupAnswer.signup_id == Signup.id)
        .correlate(Signup)
        .scalar_subquery()
    )


def has_answers(event_id: int) -> bool:
    """Return whether anybody has answered any question of the event."""
    wanted = (
        select(SignupAnswer.id)
        .join(SignupQuestion, SignupQuestion.id == SignupAnswer.question_id)
        .where(SignupQuestion.event_id == event_id)
        .limit(1)
    )
    return db.session.scalar(wanted) is not None
