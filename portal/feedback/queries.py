"""Questions about questionnaires: which is whose, who may answer, what has come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import joinedload

from portal import clock
from portal.attendance.models import AttendanceEntry, Roll
from portal.database import db
from portal.errors import NotFoundError
from portal.events.models import Event, EventState
from portal.feedback import tally
from portal.feedback.models import (
    MOST_DAYS,
    EventFeedback,
    FeedbackDismissal,
    FeedbackMark,
    FeedbackTally,
    FeedbackTemplate,
)
from portal.feedback.tally import Tally
from portal.people.models import Organisation
from portal.people.policies import HOSTS, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody
from portal.signups.models import Signup, SignupStatus

_ENDED = frozenset({EventState.ENDED, EventState.RECORDED, EventState.ARCHIVED})


@dataclass(frozen=True)
class Standing:
    """Where one person stands with the questionnaire of an event."""

    feedback: EventFeedback
    has_come: bool
    has_answered: bool
    is_dismissed: bool


def find_feedback(event_id: int) -> EventFeedback | None:
    """Return the questionnaire of the event, None if its host has chosen none."""
    return db.session.scalar(select(EventFeedback).where(EventFeedback.event_id == event_id))


def feedback(event_id: int) -> EventFeedback:
    """Return the questionnaire of the event; raise NotFoundError."""
    return _found(find_feedback(event_id))


def feedback_to_change(event_id: int) -> EventFeedback:
    """Return the questionnaire as it is now, its row locked until the transaction ends."""
    return _found(
        db.session.scalar(
            select(EventFeedback)
            .where(EventFeedback.event_id == event_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _found(found: EventFeedback | None) -> EventFeedback:
    if found is None:
        raise NotFoundError("这次活动没有问卷。")
    return found


def tally_of(feedback: EventFeedback) -> FeedbackTally:
    """Return what is kept of the answers, as it is now."""
    return db.session.scalars(
        select(FeedbackTally)
        .where(FeedbackTally.feedback_id == feedback.id)
        .execution_options(populate_existing=True)
    ).one()


def both_tallies(feedback: EventFeedback) -> tuple[Tally, Tally]:
    """Return the tally that may be looked at, and the one that is held back."""
    row = tally_of(feedback)
    return tally.read(row.released), tally.read(row.held)


def count_answers(feedback: EventFeedback) -> int:
    """Return how many people have answered: the marks are gone once it is closed."""
    released, held = both_tallies(feedback)
    return released.answers + held.answers


def to_forget() -> Sequence[int]:
    """Return the ids of questionnaires that are closed and still know who has answered."""
    now = clock.now()
    rows = db.session.execute(
        select(Event, EventFeedback)
        .join(EventFeedback, EventFeedback.event_id == Event.id)
        .where(EventFeedback.marks_deleted_at.is_(None), Event.ends_at <= now - timedelta(days=1))
        .order_by(EventFeedback.id)
    )
    return [asked.id for event, asked in rows if is_to_be_forgotten(asked, event, now)]


def is_to_be_forgotten(feedback: EventFeedback, event: Event, moment: datetime) -> bool:
    """Return whether nobody will answer any more: its time is over, not put off with its event."""
    is_over = event.state in {EventState.PUBLISHED, EventState.CANCELLED, *_ENDED}
    return is_over and moment >= feedback.closes_at(event)


def standing(event: Event, person: Somebody) -> Standing | None:
    """Return where the person stands with the event's questionnaire, None if there is none."""
    row = db.session.execute(_STANDING, {"event_id": event.id, "person_id": person.id}).first()
    return None if row is None else Standing(row[0], bool(row[1]), bool(row[2]), bool(row[3]))


def count_invited(event: Event) -> int:
    """Return how many people may answer: see `has_come`."""
    on_roll = select(AttendanceEntry.person_id).where(
        AttendanceEntry.event_id == event.id, AttendanceEntry.has_come
    )
    signed_up = select(Signup.person_id).where(
        Signup.event_id == event.id,
        Signup.status == SignupStatus.CONFIRMED,
        ~exists(select(Roll.id).where(Roll.event_id == event.id)),
    )
    people = on_roll.union(signed_up).subquery()
    return db.session.scalar(select(func.count()).select_from(people)) or 0


def waiting_for(person: Somebody, *, limit: int) -> Sequence[Event]:
    """Return the events that the person was at and may still say something about, latest first.

    Not those that were answered, nor those of which the person does not want to hear again.
    """
    now = clock.now()
    mine = (FeedbackMark.feedback_id == EventFeedback.id, FeedbackMark.person_id == person.id)
    dismissed = (
        FeedbackDismissal.feedback_id == EventFeedback.id,
        FeedbackDismissal.person_id == person.id,
    )
    rows = db.session.execute(
        select(Event, EventFeedback)
        .join(EventFeedback, EventFeedback.event_id == Event.id)
        .where(
            Event.ends_at > now - timedelta(days=MOST_DAYS),
            or_(
                Event.state.in_(_ENDED),
                and_(Event.state == EventState.PUBLISHED, Event.ends_at <= now),
            ),
            has_come(person.id),
            ~exists(select(FeedbackMark.person_id).where(*mine)),
            ~exists(select(FeedbackDismissal.person_id).where(*dismissed)),
        )
        .order_by(Event.ends_at.desc(), Event.id.desc())
    )
    return [event for event, asked in rows if asked.is_open(event, now)][:limit]


def answered_by(person: Somebody) -> Sequence[str]:
    """Return the titles of the events about which the person has said something; never what.

    The night after a questionnaire has closed it is forgotten.
    """
    return db.session.scalars(
        select(Event.title)
        .join(EventFeedback, EventFeedback.event_id == Event.id)
        .join(FeedbackMark, FeedbackMark.feedback_id == EventFeedback.id)
        .where(FeedbackMark.person_id == person.id)
        .order_by(Event.starts_at, Event.id)
    ).all()


def has_come(person_id: object) -> ColumnElement[bool]:
    """Return the condition that the person was at an event, as far as the portal knows.

    On its roll as present, late or left early, or as a guest who came; where no roll was
    opened, signed up with a place.
    """
    on_roll = exists(
        select(AttendanceEntry.id)
        .where(
            AttendanceEntry.event_id == Event.id,
            AttendanceEntry.person_id == person_id,
            AttendanceEntry.has_come,
        )
        .correlate(Event)
    )
    signed_up = exists(
        select(Signup.id)
        .where(
            Signup.event_id == Event.id,
            Signup.person_id == person_id,
            Signup.status == SignupStatus.CONFIRMED,
        )
        .correlate(Event)
    )
    has_roll = exists(select(Roll.id).where(Roll.event_id == Event.id).correlate(Event))
    return or_(on_roll, and_(signed_up, ~has_roll))


def _standing() -> Select[EventFeedback, bool, bool, bool]:
    person_id: BindParameter[int] = bindparam("person_id", type_=Integer)
    answered = exists(
        select(FeedbackMark.person_id)
        .where(FeedbackMark.feedback_id == EventFeedback.id, FeedbackMark.person_id == person_id)
        .correlate(EventFeedback)
    )
    dismissed = exists(
        select(FeedbackDismissal.person_id)
        .where(
            FeedbackDismissal.feedback_id == EventFeedback.id,
            FeedbackDismissal.person_id == person_id,
        )
        .correlate(EventFeedback)
    )
    return (
        select(EventFeedback, has_come(person_id), answered, dismissed)
        .join(Event, Event.id == EventFeedback.event_id)
        .where(EventFeedback.event_id == bindparam("event_id"))
    )


# Asked at every event page: built once.
_STANDING = _standing()


# ------------------------------------------------------------------ templates


def templates_for(person: Somebody) -> Select[FeedbackTemplate]:
    """Select the questionnaires that the person may use: of the own part of the tree, and above.

    What an organisation has written serves those below it too.
    """
    roots = scope(person, HOSTS)
    above = [
        func.substr(root.path, 1, func.length(Organisation.path)) == Organisation.path
        for root in roots
    ]
    return (
        select(FeedbackTemplate)
        .join(Organisation, Organisation.id == FeedbackTemplate.organisation_id)
        .where(or_(in_subtrees(roots), *above))
        .order_by(Organisation.path, FeedbackTemplate.name, FeedbackTemplate.id)
        .options(joinedload(FeedbackTemplate.organisation))
    )


def template(person: Somebody, template_id: int) -> FeedbackTemplate:
    """Return a questionnaire that the person may use; raise NotFoundError."""
    wanted = templates_for(person).where(FeedbackTemplate.id == template_id)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFoundError("没有找到这份问卷模板，可能已被删除。")
    return found


def find_namesake(organisation: Organisation, name: str) -> FeedbackTemplate | None:
    """Return the organisation's questionnaire of that name."""
    return db.session.scalar(
        select(FeedbackTemplate).where(
            FeedbackTemplate.organisation_id == organisation.id, FeedbackTemplate.name == name
        )
    )
