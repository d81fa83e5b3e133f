"""Every version of what is written about a lesson, what is attached, and who wrote."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.lessons.models.choices import OPEN, LecturerOrigin, LessonForm, LessonState
from portal.lessons.models.lesson import Lesson, LessonSeries
from portal.materials.models import Material
from portal.people.models import Person
from portal.sites.models import Route

_OPEN_SQL = "state IN ('draft', 'in_review')"
_PUBLIC_SQL = "state IN ('published', 'archived')"


class LessonVersion(Base):
    """All that is written about a lesson, as it stood when it was submitted.

    A version that somebody else has seen is never written again: changing it begins the next
    number. `revision` grows with every saving of a draft.
    """

    __tablename__ = "lesson_version"
    __table_args__ = (
        CheckConstraint("minutes IS NULL OR minutes > 0", name="minutes_positive"),
        CheckConstraint("credit_halves IS NULL OR credit_halves >= 0", name="credit_not_negative"),
        Index("uq_lesson_version", "lesson_id", "number", unique=True),
        Index(
            "uq_lesson_version_open",
            "lesson_id",
            unique=True,
            sqlite_where=text(_OPEN_SQL),
            postgresql_where=text(_OPEN_SQL),
        ),
        Index(
            "uq_lesson_version_public",
            "lesson_id",
            unique=True,
            sqlite_where=text(_PUBLIC_SQL),
            postgresql_where=text(_PUBLIC_SQL),
        ),
        Index(None, "series_id"),
        Index(None, "lecturer_id"),
        Index(None, "route_id"),
        Index(None, "cover_id"),
    )

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[LessonState] = mapped_column(choice(LessonState), default=LessonState.DRAFT)
    title: Mapped[str] = mapped_column(String(120))
    form: Mapped[LessonForm] = mapped_column(choice(LessonForm), default=LessonForm.LECTURE)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("lesson_series.id"))
    lecturer_origin: Mapped[LecturerOrigin] = mapped_column(
        choice(LecturerOrigin), default=LecturerOrigin.INSIDE
    )
    lecturer_name: Mapped[str] = mapped_column(String(60), default="")
    # Who of the roster that is; None for invited lecturers and names that are still unclear.
    lecturer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lecturer_unit: Mapped[str] = mapped_column(String(80), default="")
    lecturer_post: Mapped[str] = mapped_column(String(60), default="")
    # Who allowed an invited lecturer, and by which document.
    approval_document: Mapped[str] = mapped_column(String(120), default="")
    approved_by: Mapped[str] = mapped_column(String(60), default="")
    policy_basis: Mapped[str] = mapped_column(Text, default="")
    policy_document: Mapped[str] = mapped_column(String(120), default="")
    audience: Mapped[str] = mapped_column(String(120), default="")
    # How long it takes, and the hours that it credits, in halves of an hour (DOMAIN 2.6).
    minutes: Mapped[int | None]
    credit_halves: Mapped[int | None]
    hours_rule: Mapped[str] = mapped_column(String(200), default="")
    takeaway: Mapped[str] = mapped_column(Text, default="")
    # One question a line, in their order.
    questions: Mapped[str] = mapped_column(Text, default="")
    # The sites one walks to, with the minutes at each.
    route_id: Mapped[int | None] = mapped_column(ForeignKey("route.id"))
    # The picture on its cover; without one a cover is drawn.
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("material.id"))
    # Markdown, see `portal.lessons.text`.
    body: Mapped[str] = mapped_column(Text, default="")
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    edited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    edited_at: Mapped[datetime]
    # The open form that saved last: its own savings are no conflict with it.
    desk: Mapped[str] = mapped_column(String(32), default="")
    submitted_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # What the reviewer wrote when returning it.
    remark: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=1)

    lesson: Mapped[Lesson] = relationship(lazy="raise_on_sql")
    series: Mapped[LessonSeries | None] = relationship(lazy="raise_on_sql")
    route: Mapped[Route | None] = relationship(lazy="raise_on_sql")
    lecturer: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[lecturer_id])
    created_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[created_by_id])
    edited_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[edited_by_id])
    settled_by: Mapped[Person | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[settled_by_id]
    )
    writers: Mapped[list["LessonWriter"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="LessonWriter.id"
    )

    __mapper_args__ = {"version_id_col": revision}

    @property
    def is_open(self) -> bool:
        """Whether it is still being worked on."""
        return self.state in OPEN

    @property
    def credit_hours(self) -> Decimal | None:
        """The hours that it credits, in steps of a half."""
        return None if self.credit_halves is None else Decimal(self.credit_halves) / 2

    @property
    def lecturer_words(self) -> str:
        """The lecturer with unit and post, as a notice has it."""
        more = "".join((self.lecturer_unit, self.lecturer_post))
        return (
            f"{self.lecturer_name}（{more}）" if self.lecturer_name and more else self.lecturer_name
        )

    @property
    def question_list(self) -> list[str]:
        """The discussion questions in their order."""
        return [line.strip() for line in self.questions.splitlines() if line.strip()]


class LessonMaterial(Base):
    """A material of a version, in the order in which its writers put them."""

    __tablename__ = "lesson_material"
    __table_args__ = (
        Index("uq_lesson_material", "version_id", "material_id", unique=True),
        Index(None, "material_id"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("lesson_version.id", ondelete="CASCADE"))
    material_id: Mapped[int] = mapped_column(ForeignKey("material.id"))
    position: Mapped[int] = mapped_column(default=0)
    # A picture of the text, not told among the materials.
    is_in_text: Mapped[bool] = mapped_column(default=False)

    material: Mapped[Material] = relationship(lazy="raise_on_sql")


class LessonWriter(Base):
    """Somebody who wrote in a version, and so can not be the one who reviews it."""

    __tablename__ = "lesson_writer"
    __table_args__ = (Index("uq_lesson_writer", "version_id", "person_id", unique=True),)

    version_id: Mapped[int] = mapped_column(ForeignKey("lesson_version.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
