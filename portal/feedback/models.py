"""Questionnaires, their tallies, and who has taken part. See docs/decisions/0015."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base
from portal.events.models import Event, EventPhase
from portal.feedback import questions as asked
from portal.feedback.questions import Question
from portal.people.models import Organisation, Person

LONGEST_NAME = 40
# For so many days at most a questionnaire stays open after its event.
MOST_DAYS = 60
_OVER = frozenset({EventPhase.ENDED, EventPhase.RECORDED, EventPhase.ARCHIVED})


class FeedbackTemplate(Base):
    """A questionnaire that an organisation has written, to be used again and again."""

    __tablename__ = "feedback_template"
    __table_args__ = (Index("uq_feedback_template", "organisation_id", "name", unique=True),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    # See `questions.kept`.
    questions: Mapped[str] = mapped_column(Text)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    created_by: Mapped[Person] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions."""
        return asked.read(self.questions)


class EventFeedback(Base):
    """The questionnaire of one event, its questions as they were when it was chosen.

    It is open from the event's end for so many days.
    """

    __tablename__ = "event_feedback"
    __table_args__ = (CheckConstraint(f"days BETWEEN 1 AND {MOST_DAYS}", name="days_possible"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    questions: Mapped[str] = mapped_column(Text)
    days: Mapped[int]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    # When it was forgotten who has answered: from then on it is closed, whatever else changes.
    marks_deleted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship(lazy="raise_on_sql")
    created_by: Mapped[Person] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions."""
        return asked.read(self.questions)

    def closes_at(self, event: Event) -> datetime:
        """Return when it stops taking answers: so many days after the event's planned end."""
        return event.ends_at + timedelta(days=self.days)

    def has_opened(self, event: Event, moment: datetime) -> bool:
        """Return whether the event is over, by the clock or because its host says so."""
        return event.phase(moment) in _OVER

    def is_open(self, event: Event, moment: datetime) -> bool:
        """Return whether answers are taken at that moment."""
        if self.marks_deleted_at is not None:
            return False
        return self.has_opened(event, moment) and moment < self.closes_at(event)

    def is_closed(self, event: Event, moment: datetime) -> bool:
        """Return whether the time for answers is over."""
        if self.marks_deleted_at is not None:
            return True
        return self.has_opened(event, moment) and moment >= self.closes_at(event)


class FeedbackTally(Base):
    """All that is kept of the answers: see `tally`. No person, no time, no single answer.

    `held` waits until there are enough answers to be shown with those `released`.
    """

    __tablename__ = "feedback_tally"

    feedback_id: Mapped[int] = mapped_column(
        ForeignKey("event_feedback.id", ondelete="CASCADE"), unique=True
    )
    released: Mapped[str] = mapped_column(Text)
    held: Mapped[str] = mapped_column(Text)


class FeedbackMark(Base):
    """That somebody has answered, and nothing else: its key decides that one answers once.

    Without a number of its own, and kept in the order of its key, it tells no order either.
    Once nobody can answer any more it is deleted.
    """

    __tablename__ = "feedback_mark"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id = None  # type: ignore[assignment]
    feedback_id: Mapped[int] = mapped_column(
        ForeignKey("event_feedback.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class FeedbackDismissal(Base):
    """That somebody does not want to be asked about one event any more."""

    __tablename__ = "feedback_dismissal"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id = None  # type: ignore[assignment]
    feedback_id: Mapped[int] = mapped_column(
        ForeignKey("event_feedback.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
