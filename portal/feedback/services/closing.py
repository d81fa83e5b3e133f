"""After the end: who has answered is forgotten, the numbers stay."""

from sqlalchemy import delete, select, update

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.events.models import Event
from portal.feedback import queries
from portal.feedback.models import EventFeedback, FeedbackDismissal, FeedbackMark


def forget_marks(feedback_id: int) -> bool:
    """Delete who has answered, and who wanted to be left alone; return False if it is too early.

    From then on the questionnaire takes no answer, whatever happens to its event: nobody could
    say any more who has answered already.
    """
    feedback = db.session.scalar(
        select(EventFeedback)
        .where(EventFeedback.id == feedback_id, EventFeedback.marks_deleted_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    now = clock.now()
    if feedback is None:
        return False
    event = db.session.get_one(Event, feedback.event_id)
    if not queries.is_to_be_forgotten(feedback, event, now):
        return False
    for mark in (FeedbackMark, FeedbackDismissal):
        db.session.execute(delete(mark).where(mark.feedback_id == feedback_id))
    # No new version: nothing has changed that a host has written.
    db.session.execute(
        update(EventFeedback).where(EventFeedback.id == feedback_id).values(marks_deleted_at=now)
    )
    audit.record("feedback.forget", feedback, actor=None, event_id=event.id)
    return True
