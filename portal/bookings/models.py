"""Bookings of visits to a site."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.people.models import Organisation, Person
from portal.sites.models import Room, Site
from portal.sites.uses.models import MOST_SLOTS

# The contact of a visit is forgotten so long after it (DOMAIN 3.2: no longer than needed).
CONTACT_KEPT = timedelta(days=90)


class BookingState(StrEnum):
    """What was decided about a visit."""

    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    VISITED = "visited"
    NOT_COME = "not_come"


class BookingPhase(StrEnum):
    """What a reader is told: the state, and what the clock makes of it."""

    ASKED = "asked"
    LAPSED = "lapsed"
    APPROVED = "approved"
    DUE = "due"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    VISITED = "visited"
    NOT_COME = "not_come"

    @property
    def label(self) -> str:
        """Chinese word for the badge."""
        return {
            "asked": "待答复",
            "lapsed": "逾期未答复，已失效",
            "approved": "已同意",
            "due": "待登记到访",
            "declined": "未同意",
            "cancelled": "已取消",
            "visited": "已到访",
            "not_come": "未到访",
        }[self.value]


class Booking(Base):
    """A party that wants to visit a site at a time; see `states` for how it goes on.

    A party that joins another's visit (`joins_id`) takes no room of its own: it stands in the
    room of that visit, as far as there is space.
    """

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("party_size > 0", name="party_size_positive"),
        CheckConstraint(f"slots BETWEEN 1 AND {MOST_SLOTS}", name="slots_in_a_row"),
        CheckConstraint("joins_id IS NULL OR joins_id <> id", name="joins_another"),
        Index(None, "site_id", "starts_at"),
        Index(None, "asked_by_id", "starts_at"),
        Index(None, "organisation_id", "starts_at"),
        Index(None, "joins_id"),
        Index(None, "state", "starts_at"),
        Index(
            "ix_booking_contact_kept",
            "ends_at",
            sqlite_where=text("contact_phone <> ''"),
            postgresql_where=text("contact_phone <> ''"),
        ),
    )

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    # How many slots of the site it takes in a row.
    slots: Mapped[int] = mapped_column(default=1)
    state: Mapped[BookingState] = mapped_column(choice(BookingState), default=BookingState.ASKED)
    party_size: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(120))
    # Who comes: a unit in words, and its organisation where the tree knows it.
    unit: Mapped[str] = mapped_column(String(80))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    contact_name: Mapped[str] = mapped_column(String(60), default="")
    contact_phone: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    # Why it was declined, moved or called off, as the other side is told.
    reason: Mapped[str] = mapped_column(String(200), default="")
    # When it was to begin before it was moved last.
    moved_from_at: Mapped[datetime | None]
    # Without an answer until then it lapses, and the room is free again.
    answer_by: Mapped[datetime]
    joins_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    site: Mapped[Site] = relationship(lazy="raise_on_sql")
    room: Mapped[Room] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    asked_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[asked_by_id])
    decided_by: Mapped[Person | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[decided_by_id]
    )
    joins: Mapped["Booking | None"] = relationship(
        lazy="raise_on_sql", remote_side="Booking.id", foreign_keys=[joins_id]
    )

    __mapper_args__ = {"version_id_col": version}

    def phase(self, moment: datetime) -> BookingPhase:
        """Return what a reader is told at that moment."""
        if self.state is BookingState.ASKED and moment >= self.answer_by:
            return BookingPhase.LAPSED
        if self.state is BookingState.APPROVED and moment >= self.starts_at:
            return BookingPhase.DUE
        return BookingPhase(self.state.value)

    def is_live(self, moment: datetime) -> bool:
        """Whether it still counts: asked and to be answered, agreed to, or come."""
        return self.phase(moment) in LIVE_PHASES

    def contact_is_kept(self, moment: datetime) -> bool:
        """Whether the contact may still be shown: 90 days after the visit it is forgotten."""
        return (
            bool(self.contact_name or self.contact_phone) and moment < self.ends_at + CONTACT_KEPT
        )


LIVE_PHASES = frozenset(
    {BookingPhase.ASKED, BookingPhase.APPROVED, BookingPhase.DUE, BookingPhase.VISITED}
)
