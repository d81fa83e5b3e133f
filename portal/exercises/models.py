"""Hands-on exercises: forms with reference answers, their givings, and what people typed.

The portal keeps no census data: what is typed here is invented, belongs to one giving, and is
deleted on the day that the giving names. What stays are numbers without persons.
"""

from datetime import date, datetime
from enum import IntEnum, StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.events.models import Event
from portal.lessons.models import Lesson


class FieldKind(StrEnum):
    """What is typed into a field."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    SINGLE = "single"
    MULTIPLE = "multiple"

    @property
    def label(self) -> str:
        """Chinese name of the kind."""
        return {
            "text": "文字",
            "number": "数字",
            "date": "日期",
            "single": "单选",
            "multiple": "多选",
        }[self.value]

    @property
    def has_options(self) -> bool:
        """Whether one chooses instead of typing."""
        return self in {FieldKind.SINGLE, FieldKind.MULTIPLE}


class Stage(StrEnum):
    """How far somebody is with one exercise."""

    FIRST = "first"
    SECOND = "second"
    DIFFERENCES = "differences"
    CORRECTING = "correcting"
    REVIEW = "review"
    HANDED_IN = "handed_in"

    @property
    def label(self) -> str:
        """Chinese words for the badge."""
        return {
            "first": "第一遍录入",
            "second": "第二遍录入",
            "differences": "核对两遍",
            "correcting": "修改",
            "review": "回读",
            "handed_in": "已提交",
        }[self.value]


class Round(IntEnum):
    """Which typing of a field: the first, the second, and what is handed in."""

    FINAL = 0
    FIRST = 1
    SECOND = 2


class Exercise(Base):
    """A form that belongs to a lesson; the newest edition holds its fields."""

    __tablename__ = "exercise"
    __table_args__ = (
        CheckConstraint("keep_days BETWEEN 1 AND 365", name="keep_days_within_a_year"),
        Index(None, "lesson_id"),
    )

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(120))
    # What is to be done, and with which card.
    note: Mapped[str] = mapped_column(Text, default="")
    # Typed twice, the second time without seeing the first.
    is_twice: Mapped[bool] = mapped_column(default=False)
    # For so many days after it was opened the answers of a giving are kept.
    keep_days: Mapped[int] = mapped_column(default=30)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    lesson: Mapped[Lesson] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class ExerciseEdition(Base):
    """The fields as they stood: once somebody has answered, they are never changed."""

    __tablename__ = "exercise_edition"
    __table_args__ = (Index("uq_exercise_edition", "exercise_id", "number", unique=True),)

    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercise.id", ondelete="CASCADE"))
    number: Mapped[int]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]

    fields: Mapped[list["ExerciseField"]] = relationship(
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        order_by="ExerciseField.position, ExerciseField.id",
    )


class ExerciseField(Base):
    """One field: what is asked, how it is typed, and the reference answer."""

    __tablename__ = "exercise_field"
    __table_args__ = (Index(None, "edition_id", "position"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("exercise_edition.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[FieldKind] = mapped_column(choice(FieldKind))
    label: Mapped[str] = mapped_column(String(80))
    help: Mapped[str] = mapped_column(String(200), default="")
    # One option a line; empty where one types.
    options: Mapped[str] = mapped_column(Text, default="")
    # As `judging.written` writes it: of several choices, one a line in the order of the options.
    answer: Mapped[str] = mapped_column(Text, default="")

    @property
    def option_list(self) -> list[str]:
        """The options in their order."""
        return self.options.split("\n") if self.options else []


class ExerciseRun(Base):
    """An exercise at one giving of its lesson, on the edition that stood when it was opened."""

    __tablename__ = "exercise_run"
    __table_args__ = (
        Index("uq_exercise_run", "event_id", "exercise_id", unique=True),
        Index(None, "edition_id"),
        Index(None, "delete_on"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercise.id", ondelete="CASCADE"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("exercise_edition.id"))
    is_twice: Mapped[bool]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    # The day on which the answers go; when they went.
    delete_on: Mapped[date]
    deleted_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship(lazy="raise_on_sql")
    exercise: Mapped[Exercise] = relationship(lazy="raise_on_sql")
    edition: Mapped[ExerciseEdition] = relationship(lazy="raise_on_sql")

    def is_open_on(self, day: date) -> bool:
        """Return whether answers are taken on that day."""
        return self.closed_at is None and not self.is_over_on(day)

    def is_over_on(self, day: date) -> bool:
        """Return whether the answers are gone, or are to be gone, on that day."""
        return self.deleted_at is not None or day >= self.delete_on


class ExerciseEntry(Base):
    """One person's way through one giving: nobody else sees what was typed."""

    __tablename__ = "exercise_entry"
    __table_args__ = (
        Index("uq_exercise_entry", "run_id", "person_id", unique=True),
        Index(None, "person_id"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("exercise_run.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    stage: Mapped[Stage] = mapped_column(choice(Stage), default=Stage.FIRST)
    started_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]

    answers: Mapped[list["ExerciseAnswer"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan"
    )


class ExerciseAnswer(Base):
    """What was typed into one field; `is_right` is known of what was handed in."""

    __tablename__ = "exercise_answer"
    __table_args__ = (
        Index("uq_exercise_answer", "entry_id", "field_id", "round", unique=True),
        Index(None, "field_id"),
    )

    entry_id: Mapped[int] = mapped_column(ForeignKey("exercise_entry.id", ondelete="CASCADE"))
    field_id: Mapped[int] = mapped_column(ForeignKey("exercise_field.id", ondelete="CASCADE"))
    round: Mapped[int]
    value: Mapped[str] = mapped_column(Text, default="")
    is_right: Mapped[bool | None]


class ExerciseTally(Base):
    """What is left of a giving when its answers are deleted: numbers by field, nobody's."""

    __tablename__ = "exercise_tally"
    __table_args__ = (Index("uq_exercise_tally", "run_id", "field_id", unique=True),)

    run_id: Mapped[int] = mapped_column(ForeignKey("exercise_run.id", ondelete="CASCADE"))
    field_id: Mapped[int] = mapped_column(ForeignKey("exercise_field.id", ondelete="CASCADE"))
    answers: Mapped[int]
    wrong: Mapped[int]
