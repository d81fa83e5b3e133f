"""Uses of rooms, and how a site receives visits."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.database import Base, choice
from portal.sites.models import Room, Site, SiteState

LONGEST_LABEL = 120
# A visit takes one slot of its site, or up to so many that follow each other.
MOST_SLOTS = 3
# Sites that people may visit: those put forward are not known yet, those delisted no more.
RECEIVING = frozenset({SiteState.NAMED, SiteState.UNDER_REVIEW, SiteState.RECTIFY})


class UseSource(StrEnum):
    """Which room of the house took it; with `source_id` it names one booking or one event."""

    BOOKING = "booking"
    EVENT = "event"


class UseKind(StrEnum):
    """What it is taken for."""

    VISIT = "visit"
    LESSON = "lesson"
    SEMINAR = "seminar"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Chinese name of the kind."""
        return {"visit": "参观", "lesson": "党课", "seminar": "研讨", "other": "活动"}[self.value]


class RoomUse(Base):
    """A room of a site taken for a time by a booking or an event.

    Two uses of one room never overlap: on PostgreSQL an exclusion constraint, on SQLite
    triggers refuse it (migration 0008). Without a room it only says what happens at the site.
    """

    __tablename__ = "room_use"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("people IS NULL OR people > 0", name="people_positive"),
        CheckConstraint(f"slots BETWEEN 1 AND {MOST_SLOTS}", name="slots_in_a_row"),
        Index("uq_room_use_source", "source", "source_id", unique=True),
        Index(None, "site_id", "starts_at"),
        # What is to come is what a new use could meet.
        Index(None, "room_id", "ends_at"),
    )

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    source: Mapped[UseSource] = mapped_column(choice(UseSource))
    source_id: Mapped[int]
    kind: Mapped[UseKind] = mapped_column(choice(UseKind))
    label: Mapped[str] = mapped_column(String(LONGEST_LABEL))
    people: Mapped[int | None]
    # How many slots of the site a visit takes in a row; all else counts once.
    slots: Mapped[int] = mapped_column(default=1)
    # Whether everybody may be told the label; else only that the room is taken.
    is_open: Mapped[bool]
    # A use that was only asked for holds the room until then; None is firm.
    held_until: Mapped[datetime | None]

    room: Mapped[Room | None] = relationship(lazy="raise_on_sql")
    site: Mapped[Site] = relationship(lazy="raise_on_sql")

    @property
    def is_firm(self) -> bool:
        """Whether it was agreed to, and not only asked for."""
        return self.held_until is None

    @property
    def days(self) -> list[date]:
        """The days of China's calendar on which it stands."""
        first = clock.local(self.starts_at).date()
        last = clock.local(self.ends_at - timedelta(microseconds=1)).date()
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]

    @property
    def told(self) -> str:
        """What everybody may be told of it."""
        return self.label if self.is_open else f"其他{self.kind.label}"


class VisitRules(Base):
    """How a site receives visits: length of a slot, rest days, how many a week at most.

    A site without a row receives them by the defaults.
    """

    __tablename__ = "visit_rules"
    __table_args__ = (
        CheckConstraint("slot_minutes BETWEEN 15 AND 480", name="slot_within_a_day"),
        CheckConstraint("weekly_visits > 0", name="weekly_visits_positive"),
        CheckConstraint("answer_days > 0", name="answer_days_positive"),
        CheckConstraint("days_ahead > 0", name="days_ahead_positive"),
        Index("uq_visit_rules", "site_id", unique=True),
    )

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    takes_visits: Mapped[bool] = mapped_column(default=True)
    slot_minutes: Mapped[int] = mapped_column(default=90)
    # A soft cap: above it the page says so and offers other weeks and merging.
    weekly_visits: Mapped[int] = mapped_column(default=6)
    # Weekdays without visits, as digits (0 Monday).
    rest_weekdays: Mapped[str] = mapped_column(String(7), default="")
    # A question that is not answered within so many days lapses.
    answer_days: Mapped[int] = mapped_column(default=3)
    days_ahead: Mapped[int] = mapped_column(default=90)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    def length_of(self, slots: int) -> timedelta:
        """Return how long a visit of so many slots lasts."""
        return timedelta(minutes=self.slot_minutes * slots)

    @property
    def rest_days(self) -> frozenset[int]:
        """The weekdays on which the site rests, 0 for Monday."""
        return frozenset(int(digit) for digit in self.rest_weekdays)


def default_rules(site_id: int) -> VisitRules:
    """Return the rules of a site that has not set any."""
    return VisitRules(
        site_id=site_id,
        takes_visits=True,
        slot_minutes=90,
        weekly_visits=6,
        rest_weekdays="",
        answer_days=3,
        days_ahead=90,
    )
