"""The plan of an event's seats: groups or rows, and who has which place in them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice

MOST_GROUPS = 60
LARGEST_GROUP = 200
LONGEST_GROUP = 20


class PlanKind(StrEnum):
    """Whether people are told a group, or a row and a seat in it."""

    GROUPS = "groups"
    SEATS = "seats"

    @property
    def label(self) -> str:
        """Chinese name of the kind."""
        return {"groups": "分组（组、桌、车）", "seats": "按排、按座"}[self.value]


class SeatPlan(Base):
    """The plan of one event; two who change it at once are told by its version."""

    __tablename__ = "seat_plan"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    kind: Mapped[PlanKind] = mapped_column(choice(PlanKind))
    # From then on people see where they sit.
    shown_at: Mapped[datetime | None]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    groups: Mapped[list["SeatGroup"]] = relationship(
        lazy="raise_on_sql", order_by="SeatGroup.position"
    )

    __mapper_args__ = {"version_id_col": version}


class SeatGroup(Base):
    """A group, a table, a bus, or a row of seats, and how many it holds."""

    __tablename__ = "seat_group"
    __table_args__ = (
        Index("uq_seat_group_name", "plan_id", "name", unique=True),
        CheckConstraint("size > 0", name="size_positive"),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey("seat_plan.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(LONGEST_GROUP))
    size: Mapped[int]


class Seat(Base):
    """Somebody's place: one seat one person, one person one seat, says the database.

    It belongs to the sign-up: once that is given back the seat is free, and whoever signs up
    anew has none. Of groups the number is only how full they are; nobody is told it.
    """

    __tablename__ = "seat"
    __table_args__ = (
        Index("uq_seat", "group_id", "number", unique=True),
        Index("uq_seat_person", "event_id", "person_id", unique=True),
        Index(None, "person_id"),
        Index(None, "signup_id"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    group_id: Mapped[int] = mapped_column(ForeignKey("seat_group.id", ondelete="CASCADE"))
    number: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Nothing for those who are due without signing up.
    signup_id: Mapped[int | None] = mapped_column(ForeignKey("signup.id", ondelete="CASCADE"))
