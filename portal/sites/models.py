"""Demonstration sites, their rooms, and when these are open."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.people.models import Organisation, Person


class SiteState(StrEnum):
    """Where the site stands in its life (DOMAIN 2.11)."""

    NOMINATED = "nominated"
    NAMED = "named"
    UNDER_REVIEW = "under_review"
    RECTIFY = "rectify"
    DELISTED = "delisted"

    @property
    def label(self) -> str:
        """Chinese name of the state."""
        return {
            "nominated": "申报中",
            "named": "在册",
            "under_review": "复审中",
            "rectify": "整改中",
            "delisted": "已摘牌",
        }[self.value]


class Site(Base):
    """A place that people visit: a red-property demonstration site or a stop of a route."""

    __tablename__ = "site"
    __table_args__ = (Index(None, "organisation_id"), Index(None, "state"))

    name: Mapped[str] = mapped_column(String(80))
    state: Mapped[SiteState] = mapped_column(choice(SiteState), default=SiteState.NOMINATED)
    # The party organisation it belongs to: its part of the tree keeps the page.
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    summary: Mapped[str] = mapped_column(Text, default="")
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    created_by: Mapped[Person] = relationship(lazy="raise_on_sql")
    rooms: Mapped[list["Room"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="Room.position, Room.id"
    )
    opening_hours: Mapped[list["OpeningHours"]] = relationship(
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        order_by="OpeningHours.weekday, OpeningHours.opens_minute",
    )
    closures: Mapped[list["Closure"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="Closure.starts_on"
    )

    __mapper_args__ = {"version_id_col": version}


class Room(Base):
    """A room of a site: what a visit, a lesson or a seminar takes for itself."""

    __tablename__ = "room"
    __table_args__ = (
        CheckConstraint("capacity > 0", name="capacity_positive"),
        Index("uq_room", "site_id", "name", unique=True),
    )

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    capacity: Mapped[int]
    equipment: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)
    is_bookable: Mapped[bool] = mapped_column(default=True)


class OpeningHours(Base):
    """One span of one weekday (0 Monday) in which the site is open, in minutes of China's day."""

    __tablename__ = "opening_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
        CheckConstraint(
            "opens_minute >= 0 AND closes_minute > opens_minute AND closes_minute <= 1440",
            name="within_a_day",
        ),
        Index(None, "site_id"),
    )

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    weekday: Mapped[int]
    opens_minute: Mapped[int]
    closes_minute: Mapped[int]


class Closure(Base):
    """Days on which the site, or one room of it, is shut: a span of days, or a day each week.

    With a `weekday` it recurs on that day of every week between the two dates.
    """

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("weekday IS NULL OR weekday BETWEEN 0 AND 6", name="weekday_known"),
        Index(None, "site_id"),
    )

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    starts_on: Mapped[date]
    # None: until further notice.
    ends_on: Mapped[date | None]
    weekday: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(120), default="")
