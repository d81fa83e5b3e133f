"""Themed lessons."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.people.models import Organisation, Person


class LessonState(StrEnum):
    """How far the lesson is: written, under review, published, put away."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    PUBLISHED = "published"
    ARCHIVED = "archived"

    @property
    def label(self) -> str:
        """Chinese name of the state."""
        return {
            "draft": "草稿",
            "in_review": "待审核",
            "returned": "已退回",
            "published": "已发布",
            "archived": "已归档",
        }[self.value]


class Lesson(Base):
    """A themed lesson: each giving of it is an event."""

    __tablename__ = "lesson"
    __table_args__ = (Index(None, "organisation_id"), Index(None, "state"))

    title: Mapped[str] = mapped_column(String(120))
    state: Mapped[LessonState] = mapped_column(choice(LessonState), default=LessonState.DRAFT)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    created_by: Mapped[Person] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}
