"""A case, its log, and what hangs on it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.cases.models.choices import (
    AT_WORK,
    DONE_BY_UNIT,
    AskerSight,
    CallBackMethod,
    CaseKind,
    CaseLevel,
    CasePhase,
    CaseSource,
    CaseState,
    Counting,
    Course,
    Mark,
    Move,
    Openness,
    Satisfaction,
)
from portal.cases.models.opening import CaseOpening
from portal.database import Base, choice
from portal.events.models import Event
from portal.materials.models import Material
from portal.people.models import Organisation, Person
from portal.records.models import Statement

LONGEST_WORDS = 5000
LONGEST_STEP = 2000
LONGEST_PLACE = 120
LONGEST_NAME = 60
LONGEST_CATEGORY = 40
LONGEST_UPSTREAM = 40
HEADLINE = 42
# Who asked is needed until the asker has been called back and could come again.
ASKERS_KEPT = timedelta(days=180)
_UPSTREAM_SQL = "upstream_number <> ''"
# What decides who sees a case, but for its helpers.
_SEEN_BY = ("organisation_id", "lead_id", "lead_person_id", "opened_by_id")
_OPEN_SQL = "state NOT IN ('closed', 'void')"


@dataclass(frozen=True)
class Timed:
    """What of a case decides about its phase and its marks: the case, or a row of a list."""

    state: CaseState
    course: Course | None
    yellow_at: datetime
    red_at: datetime
    unanswered_at: datetime | None

    def phase(self, moment: datetime) -> CasePhase:
        """Return what a reader is told at that moment."""
        if self.state in DONE_BY_UNIT and self.unanswered_at and moment >= self.unanswered_at:
            return CasePhase.UNANSWERED
        if self.state is CaseState.WORKING and self.course is Course.TAKEN_BACK:
            return CasePhase.TAKEN_BACK
        return CasePhase(self.state.value)

    def mark(self, moment: datetime) -> Mark | None:
        """Return yellow or red while the unit still has to act; None else."""
        if self.state not in AT_WORK and self.state is not CaseState.RETURNED:
            return None
        if moment >= self.red_at:
            return Mark.RED
        return Mark.YELLOW if moment >= self.yellow_at else None


class Case(Base):
    """One question, suggestion or complaint, in the words in which it was said.

    The words are never changed, only supplemented by a step of the log.
    """

    __tablename__ = "supervised_case"
    __table_args__ = (
        Index(
            "uq_supervised_case_upstream_number",
            "upstream_number",
            unique=True,
            sqlite_where=text(_UPSTREAM_SQL),
            postgresql_where=text(_UPSTREAM_SQL),
        ),
        # What is not over is little, however much was ever asked: lists and boards walk it. They
        # walk within an index, so it has who sees a case and what else is asked of each.
        Index(
            "ix_supervised_case_open",
            "due_at",
            "id",
            "state",
            *_SEEN_BY,
            "asked_days",
            "yellow_at",
            "red_at",
            "unanswered_at",
            sqlite_where=text(_OPEN_SQL),
            postgresql_where=text(_OPEN_SQL),
        ),
        Index(
            "ix_supervised_case_board",
            "state",
            "due_at",
            "id",
            *_SEEN_BY,
            sqlite_where=text(_OPEN_SQL),
            postgresql_where=text(_OPEN_SQL),
        ),
        # All, and what is over, in the order of their lists.
        Index("ix_supervised_case_all", "id", *_SEEN_BY),
        Index("ix_supervised_case_over", "state", "closed_at", "id", *_SEEN_BY),
        Index(None, "opened_at", "id"),
        Index(None, "organisation_id"),
        Index(None, "lead_id"),
        Index(None, "lead_person_id"),
        Index(None, "opened_by_id"),
        Index(None, "asker_id"),
        Index(None, "event_id"),
        CheckConstraint("due_amount BETWEEN 1 AND 365", name="due_amount"),
    )

    source: Mapped[CaseSource] = mapped_column(choice(CaseSource))
    # The hotline's own number; empty for what was taken down here.
    upstream_number: Mapped[str] = mapped_column(String(LONGEST_UPSTREAM), default="")
    kind: Mapped[CaseKind] = mapped_column(choice(CaseKind))
    category: Mapped[str] = mapped_column(String(LONGEST_CATEGORY), default="")
    words: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(LONGEST_PLACE), default="")
    level: Mapped[CaseLevel] = mapped_column(choice(CaseLevel), default=CaseLevel.COMMUNITY)
    # In whose part of the tree it was said; who works on it is the lead.
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    lead_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    lead_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    asker_sight: Mapped[AskerSight] = mapped_column(choice(AskerSight), default=AskerSight.NAMED)
    asker_name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    asker_phone: Mapped[str] = mapped_column(String(20), default="")
    asker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    asker_forgotten_at: Mapped[datetime | None]
    # SHA-256 of the code with which the asker looks without an account.
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)

    state: Mapped[CaseState] = mapped_column(choice(CaseState), default=CaseState.REGISTERED)
    course: Mapped[Course | None] = mapped_column(choice(Course))
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # When the lead unit was given it, and until when it may send it back.
    assigned_at: Mapped[datetime]
    return_until: Mapped[datetime]
    # Until when somebody should first have spoken with the asker.
    respond_until: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    # When somebody first spoke with the asker.
    contacted_at: Mapped[datetime | None]
    due_amount: Mapped[int]
    due_counting: Mapped[Counting] = mapped_column(choice(Counting))
    due_at: Mapped[datetime]
    # As it was before any extension: rates are told with and without.
    first_due_at: Mapped[datetime]
    yellow_at: Mapped[datetime]
    red_at: Mapped[datetime]
    # Asked for and not decided, in working days; what was granted in all.
    asked_days: Mapped[int | None]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted_days: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str] = mapped_column(Text, default="")
    # From here on nobody has been reached: 未回访, never 满意.
    unanswered_at: Mapped[datetime | None]
    called_back_at: Mapped[datetime | None]
    called_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    call_back_method: Mapped[CallBackMethod | None] = mapped_column(choice(CallBackMethod))
    is_solved: Mapped[bool | None]
    satisfaction: Mapped[Satisfaction | None] = mapped_column(choice(Satisfaction))
    closed_at: Mapped[datetime | None]
    rework_count: Mapped[int] = mapped_column(default=0)
    # Left out of the rates by rule, with the reason; listed all the same.
    excluded_reason: Mapped[str] = mapped_column(String(200), default="")
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(
        lazy="raise_on_sql", foreign_keys=[organisation_id]
    )
    lead: Mapped[Organisation] = relationship(lazy="raise_on_sql", foreign_keys=[lead_id])
    lead_person: Mapped[Person | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[lead_person_id]
    )
    opened_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[opened_by_id])
    called_back_by: Mapped[Person | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[called_back_by_id]
    )
    event: Mapped[Event | None] = relationship(lazy="raise_on_sql")
    # What it was made of, where it was said at a meeting.
    statement: Mapped[Statement | None] = relationship(
        secondary="case_statement", lazy="raise_on_sql", viewonly=True, uselist=False
    )
    helpers: Mapped[list["CaseHelper"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="CaseHelper.id"
    )

    opening: Mapped[CaseOpening | None] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", uselist=False
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def openness(self) -> Openness:
        """Who may read it; unless somebody has decided otherwise, the units that handle it."""
        return Openness.UNITS if self.opening is None else self.opening.openness

    @property
    def number(self) -> str:
        """What people call the case: 2026-00042."""
        return number_of(self.id, self.opened_at)

    @property
    def headline(self) -> str:
        """The beginning of what was said, for lists."""
        return headline_of(self.words)

    @property
    def timed(self) -> Timed:
        """What decides about the phase and the marks."""
        return Timed(self.state, self.course, self.yellow_at, self.red_at, self.unanswered_at)

    def phase(self, moment: datetime) -> CasePhase:
        """Return what a reader is told at that moment."""
        return self.timed.phase(moment)

    def mark(self, moment: datetime) -> Mark | None:
        """Return yellow or red while the unit still has to act; None else."""
        return self.timed.mark(moment)

    @property
    def due_day(self) -> date:
        """The last day on China's calendar."""
        return clock.local(self.due_at).date()

    @property
    def asker_words(self) -> str:
        """The asker as everybody who sees the case reads it: masked where that was wished."""
        if self.asker_sight is AskerSight.ANONYMOUS:
            return "匿名"
        if self.asker_forgotten_at is not None:
            return "已按规定清除"
        if not self.asker_name:
            return "未留姓名"
        if self.asker_sight is AskerSight.MASKED:
            return f"{self.asker_name[0]}**"
        return self.asker_name

    @property
    def has_hidden_asker(self) -> bool:
        """Whether there is more to show than `asker_words` say; asking for it is noted."""
        is_masked = self.asker_sight is AskerSight.MASKED and bool(self.asker_name)
        return is_masked or bool(self.asker_phone)

    @property
    def is_settled_late(self) -> bool:
        """Whether the unit was done after the deadline, extensions counted."""
        return self.settled_at is not None and self.settled_at > self.due_at


def number_of(case_id: int, opened_at: datetime) -> str:
    """Return the number under which people speak of a case: year and running number."""
    return f"{clock.local(opened_at).year}-{case_id:05d}"


def headline_of(words: str) -> str:
    """Return the beginning of what was said in one line."""
    line = " ".join(words.split())
    return line if len(line) <= HEADLINE else f"{line[:HEADLINE]}…"


class CaseHelper(Base):
    """A unit that helps; it stays on the case after the day is over."""

    __tablename__ = "case_helper"
    __table_args__ = (
        Index("uq_case_helper", "case_id", "organisation_id", unique=True),
        Index(None, "organisation_id"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("supervised_case.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class CaseStep(Base):
    """One step of a case: who, when, in which words. Never changed, never removed."""

    __tablename__ = "case_step"
    __table_args__ = (Index(None, "case_id", "id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("supervised_case.id", ondelete="CASCADE"))
    move: Mapped[Move] = mapped_column(choice(Move))
    # How the case stood afterwards.
    state: Mapped[CaseState] = mapped_column(choice(CaseState))
    at: Mapped[datetime]
    # Nobody: the asker by the code, or the clock.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Text, default="")
    # The unit that was given the case; days asked for or granted; the deadline from then on.
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    days: Mapped[int | None]
    due_at: Mapped[datetime | None]
    method: Mapped[CallBackMethod | None] = mapped_column(choice(CallBackMethod))
    is_solved: Mapped[bool | None]
    satisfaction: Mapped[Satisfaction | None] = mapped_column(choice(Satisfaction))

    actor: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    unit: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")


class CaseLink(Base):
    """Two cases that are about the same; both go on, neither is swallowed by the other."""

    __tablename__ = "case_link"
    __table_args__ = (
        Index("uq_case_link", "case_id", "other_id", unique=True),
        Index(None, "other_id"),
        CheckConstraint("case_id < other_id", name="in_order"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("supervised_case.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("supervised_case.id", ondelete="CASCADE"))
    linked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    linked_at: Mapped[datetime]


class CaseStatement(Base):
    """The statement that a case was made of; a statement becomes one case, never two."""

    __tablename__ = "case_statement"

    case_id: Mapped[int] = mapped_column(
        ForeignKey("supervised_case.id", ondelete="CASCADE"), unique=True
    )
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), unique=True)

    statement: Mapped[Statement] = relationship(lazy="raise_on_sql")


class CaseMaterial(Base):
    """A material attached to a case."""

    __tablename__ = "case_material"
    __table_args__ = (
        Index("uq_case_material", "case_id", "material_id", unique=True),
        Index(None, "material_id"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("supervised_case.id", ondelete="CASCADE"))
    material_id: Mapped[int] = mapped_column(ForeignKey("material.id"))
    attached_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    attached_at: Mapped[datetime]

    material: Mapped[Material] = relationship(lazy="raise_on_sql")


class SavedFilter(Base):
    """Filters of the list that somebody has given a name; they stand in the address as typed."""

    __tablename__ = "case_saved_filter"
    __table_args__ = (Index("uq_case_saved_filter", "person_id", "name", unique=True),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(30))
    asked: Mapped[str] = mapped_column(String(300))
