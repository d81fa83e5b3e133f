"""The host's side: choose a questionnaire for an event, change its days, take it back."""

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.events.models import Event
from portal.feedback import policies, queries, tally
from portal.feedback.models import LONGEST_NAME, MOST_DAYS, EventFeedback, FeedbackTally
from portal.feedback.questions import Question, check, kept
from portal.people.models import Person

_CHANGED = "别人刚刚改过这份问卷。下面是现在的设置，请再看一遍后提交。"
_FORGOTTEN = "问卷已经截止，谁填过已经不再记着，不能再开放。要再问一次，请撤下后另选一份。"


def ask(
    *,
    event: Event,
    name: str,
    questions: tuple[Question, ...],
    days: int,
    version: int | None,
    actor: Person,
) -> EventFeedback:
    """Choose the questions and for how many days after the event they may be answered.

    `version` is that of the questionnaire as the host saw it, None for none yet. Once there
    are answers the questions stay; once it is forgotten who has answered it stays closed.
    Raises ConflictError, InvalidInputError.
    """
    if not policies.can_be_asked_about(event):
        raise ConflictError("这次活动还是草稿，或者已取消、延期，不能征集反馈。")
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInputError(f"开放天数请填 1 到 {MOST_DAYS}。", field="days")
    check(questions)
    known = queries.find_feedback(event.id)
    if (known.version if known else None) != version:
        raise ConflictError(_CHANGED)
    if known is None:
        return _begin(event, name, questions, days, actor)
    feedback = queries.feedback_to_change(event.id)
    if feedback.marks_deleted_at is not None:
        raise ConflictError(_FORGOTTEN)
    changes_questions = kept(questions) != feedback.questions
    if changes_questions and queries.count_answers(feedback):
        raise ConflictError("已经有人填写，题目不能再换；开放天数还可以改。")
    if changes_questions:
        feedback.name, feedback.questions = name[:LONGEST_NAME], kept(questions)
        _empty(queries.tally_of(feedback), questions)
    before, feedback.days = feedback.days, days
    if changes_questions or before != days:
        feedback.updated_at = clock.now()
        db.session.flush()
        audit.record(
            "feedback.change", feedback, actor=actor, event_id=event.id, name=name, days=days
        )
    return feedback


def _begin(
    event: Event, name: str, questions: tuple[Question, ...], days: int, actor: Person
) -> EventFeedback:
    now = clock.now()
    feedback = EventFeedback(
        event_id=event.id,
        name=name[:LONGEST_NAME],
        questions=kept(questions),
        days=days,
        created_by_id=actor.id,
        created_at=now,
        updated_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(feedback)
    except IntegrityError as error:
        raise ConflictError(_CHANGED) from error
    row = FeedbackTally(feedback_id=feedback.id)
    _empty(row, questions)
    db.session.add(row)
    db.session.flush()
    audit.record("feedback.ask", feedback, actor=actor, event_id=event.id, name=name, days=days)
    return feedback


def _empty(row: FeedbackTally, questions: tuple[Question, ...]) -> None:
    row.released = row.held = tally.kept(tally.empty(questions))


def stop(*, event: Event, actor: Person) -> int:
    """Take the questionnaire back, and with it all answers; return how many were lost."""
    feedback = queries.feedback_to_change(event.id)
    lost = queries.count_answers(feedback)
    audit.record("feedback.stop", feedback, actor=actor, event_id=event.id, answers=lost)
    db.session.delete(feedback)
    db.session.flush()
    return lost
