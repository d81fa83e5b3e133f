"""The record of one kind of a gathering, from the first draft to the dated addenda."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.events.models import Event
from portal.people.models import Organisation, Person

LONGEST_TITLE = 120
LONGEST_PLACE = 120
LONGEST_NAME = 60
LONGEST_TEXT = 60_000
LONGEST_REASON = 200
LONGEST_ADDENDUM = 4_000
LONGEST_QUESTION = 500


class RecordKind(StrEnum):
    """What kind of organisation life a record counts as (DOMAIN 2.2)."""

    BRANCH_CONGRESS = "branch_congress"
    BRANCH_COMMITTEE = "branch_committee"
    GROUP_MEETING = "group_meeting"
    PARTY_LESSON = "party_lesson"
    THEME_DAY = "theme_day"
    ORG_LIFE_MEETING = "org_life_meeting"
    MEMBER_APPRAISAL = "member_appraisal"
    ELECTION = "election"
    HEART_TALK = "heart_talk"
    TRAINING_CLASS = "training_class"
    SCENARIO_LESSON = "scenario_lesson"
    SEMINAR = "seminar"
    VOLUNTEER_EVENT = "volunteer_event"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Chinese name of the kind."""
        return {
            "branch_congress": "支部党员大会",
            "branch_committee": "支部委员会会议",
            "group_meeting": "党小组会",
            "party_lesson": "党课",
            "theme_day": "主题党日",
            "org_life_meeting": "组织生活会",
            "member_appraisal": "民主评议党员",
            "election": "选举",
            "heart_talk": "谈心谈话",
            "training_class": "集中轮训",
            "scenario_lesson": "情景党课",
            "seminar": "研讨座谈",
            "volunteer_event": "志愿服务",
            "other": "其他活动",
        }[self.value]


class RecordState(StrEnum):
    """Still written on, or confirmed by host and recorder: then only addenda."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"

    @property
    def label(self) -> str:
        """Chinese word for the badge."""
        return {"draft": "草稿", "confirmed": "已确认"}[self.value]


class MeetingRecord(Base):
    """One record; a gathering that served two kinds has two, written apart.

    Who came is never written here: it is read from the roll of the event. What is confirmed
    stays as it is; `confirmed_at` is when the second of the two, host and recorder, confirmed.
    """

    __tablename__ = "meeting_record"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("host_confirmed_by_id <> recorder_confirmed_by_id", name="two_confirm"),
        Index(None, "event_id", "id"),
        Index(None, "organisation_id", "starts_at"),
        Index(None, "starts_at", "id"),
        Index(None, "state", "starts_at"),
    )

    # No cascade: an event that has a record is not thrown away.
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[RecordKind] = mapped_column(choice(RecordKind))
    # Whose record book it belongs to: the host, or a branch below it.
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[RecordState] = mapped_column(choice(RecordState), default=RecordState.DRAFT)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(LONGEST_PLACE), default="")
    chair: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    recorder: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    agenda: Mapped[str] = mapped_column(Text, default="")
    reported: Mapped[str] = mapped_column(Text, default="")
    discussion: Mapped[str] = mapped_column(Text, default="")
    conclusion: Mapped[str] = mapped_column(Text, default="")
    # 补录: begun so long after the gathering, by the server's clock; and why.
    is_late: Mapped[bool] = mapped_column(default=False)
    late_reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")
    # The lines of the template with which it began: they count as nothing written.
    began_with: Mapped[str] = mapped_column(Text, default="", server_default="")
    # How many statements there are: the next one's place, and what a confirmation has seen.
    statements: Mapped[int] = mapped_column(default=0)
    host_confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    host_confirmed_at: Mapped[datetime | None]
    recorder_confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorder_confirmed_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    updated_at: Mapped[datetime]
    # Of the text alone: statements come without making it stale.
    version: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    created_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[created_by_id])
    updated_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[updated_by_id])
    host_confirmed_by: Mapped[Person | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[host_confirmed_by_id]
    )
    recorder_confirmed_by: Mapped[Person | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[recorder_confirmed_by_id]
    )

    @property
    def is_draft(self) -> bool:
        """Whether it may still be written on."""
        return self.state is RecordState.DRAFT


class Addendum(Base):
    """What was added to a confirmed record: dated, named, never changed."""

    __tablename__ = "record_addendum"
    __table_args__ = (Index(None, "record_id", "id"),)

    record_id: Mapped[int] = mapped_column(ForeignKey("meeting_record.id"))
    text: Mapped[str] = mapped_column(Text)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]

    written_by: Mapped[Person] = relationship(lazy="raise_on_sql")


class PreparedQuestion(Base):
    """A question that is taken along to a gathering (带着问题去); asked there, or not yet."""

    __tablename__ = "prepared_question"
    __table_args__ = (Index("uq_prepared_question", "event_id", "position", unique=True),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(LONGEST_QUESTION))
    # For whom it is meant: a site, a unit, somebody; free words.
    addressee: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
