"""Taking an answer in: the mark, the numbers, and nothing that joins them.

Nothing is noted in the audit chain: an entry has a person, a time and an order. See
docs/decisions/0015 for what this protects from, and from what it cannot.
"""

import random
from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.database import db
from portal.events.models import Event
from portal.feedback import queries, tally
from portal.feedback.errors import (
    AlreadyAnsweredError,
    FeedbackClosedError,
    QuestionsChangedError,
)
from portal.feedback.models import EventFeedback, FeedbackDismissal, FeedbackMark
from portal.feedback.questions import Reply, check_replies
from portal.people.models import Person

# Not to be predicted from outside: the order of words must say nothing.
_CHANCE = random.SystemRandom()


def answer(
    *, event: Event, version: int, replies: Sequence[Reply], least: int, actor: Person
) -> None:
    """Count the actor's replies; pressing twice is one answer.

    `version` is that of the questionnaire that was filled in; results are released in groups
    of `least`. Whether the actor was there has been asked (`policies.may_answer`). Raises
    FeedbackClosedError, QuestionsChangedError, AlreadyAnsweredError, InvalidInputError.
    """
    feedback = queries.feedback_to_change(event.id)
    if not feedback.is_open(event, clock.now()):
        raise FeedbackClosedError("这份问卷现在不收答卷：活动结束后才开放，过了期限就不再收。")
    _mark(feedback, actor)
    if feedback.version != version:
        raise QuestionsChangedError("主办方刚刚换了题目，请按现在的题目再填一次。")
    check_replies(feedback.asked, replies)
    row = queries.tally_of(feedback)
    held = tally.with_answer(tally.read(row.held), replies, _CHANCE)
    if held.answers >= least:
        row.released = tally.kept(tally.together(tally.read(row.released), held, _CHANCE))
        held = tally.empty(feedback.asked)
    row.held = tally.kept(held)
    db.session.flush()
    _mix_marks(feedback)


def _mark(feedback: EventFeedback, person: Person) -> None:
    """Note that the person has answered; the database decides that it is the first time."""
    try:
        with db.session.begin_nested():
            db.session.execute(
                insert(FeedbackMark).values(feedback_id=feedback.id, person_id=person.id)
            )
    except IntegrityError as error:
        raise AlreadyAnsweredError(
            "您已经填过这份问卷，一人一份；刚才这次没有重复计入。"
        ) from error


def _mix_marks(feedback: EventFeedback) -> None:
    """Write all marks anew in another order, where the order of rows is that of writing.

    Otherwise PostgreSQL's rows would tell who was the last to answer, and that it was in the
    same transaction as the last change of the tally. SQLite keeps them in order of the key.
    """
    if db.engine.dialect.name != "postgresql":
        return
    mine = FeedbackMark.feedback_id == feedback.id
    people = list(db.session.scalars(select(FeedbackMark.person_id).where(mine)))
    _CHANCE.shuffle(people)
    db.session.execute(delete(FeedbackMark).where(mine))
    db.session.execute(
        insert(FeedbackMark),
        [{"feedback_id": feedback.id, "person_id": person_id} for person_id in people],
    )


def dismiss(*, event: Event, actor: Person) -> None:
    """Do not bring this questionnaire to the actor's mind again; saying so twice is once."""
    feedback = queries.feedback_to_change(event.id)
    known = db.session.get(FeedbackDismissal, (feedback.id, actor.id))
    if known is None:
        db.session.add(FeedbackDismissal(feedback_id=feedback.id, person_id=actor.id))
        db.session.flush()
