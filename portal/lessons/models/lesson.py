"""Series, lessons, and every step of a lesson's life."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.lessons.models.choices import PUBLIC, LessonState
from portal.people.models import Organisation, Person


class LessonSeries(Base):
    """Lessons that belong together under one name."""

    __tablename__ = "lesson_series"
    __table_args__ = (Index("uq_lesson_series", "organisation_id", "name", unique=True),)

    name: Mapped[str] = mapped_column(String(80))
    summary: Mapped[str] = mapped_column(Text, default="")
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class Lesson(Base):
    """A themed lesson: each giving of it is an event.

    `title` and `state` are those of the version that readers see. `preparing` is the state of
    the newest version while that one is not public (a lesson nobody has published, or a
    revision of a published one); None when nothing is being prepared.
    """

    __tablename__ = "lesson"
    __table_args__ = (
        Index(None, "organisation_id"),
        # The order of the list of lessons.
        Index(None, "state", "updated_at", "id"),
        Index(None, "preparing"),
    )

    title: Mapped[str] = mapped_column(String(120))
    state: Mapped[LessonState] = mapped_column(choice(LessonState), default=LessonState.DRAFT)
    preparing: Mapped[LessonState | None] = mapped_column(choice(LessonState))
    last_number: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    # When it was published first.
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    created_by: Mapped[Person] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_public(self) -> bool:
        """Whether everybody with business may read it."""
        return self.state in PUBLIC


class LessonMove(Base):
    """One step of a version's life: who took it, when, with which words."""

    __tablename__ = "lesson_move"
    __table_args__ = (Index(None, "lesson_id", "id"),)

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id", ondelete="CASCADE"))
    number: Mapped[int]
    from_state: Mapped[LessonState | None] = mapped_column(choice(LessonState))
    to_state: Mapped[LessonState] = mapped_column(choice(LessonState))
    remark: Mapped[str] = mapped_column(Text, default="")
    moved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    moved_by: Mapped[Person] = relationship(lazy="raise_on_sql")
