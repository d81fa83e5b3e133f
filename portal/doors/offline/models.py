"""What a staff page without a network sends besides check-ins: ticks taken back, and names."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.people.models import Person


class Taken(StrEnum):
    """What came of taking a check-in back."""

    # It counts no more; the person is as before it.
    WITHDRAWN = "withdrawn"
    # Somebody else has seen or marked the person too: that stands.
    KEPT = "kept"
    UNKNOWN = "unknown"
    CLOSED = "closed"


class DoorWithdrawal(Base):
    """A check-in that the device which made it has taken back, with the answer it got.

    `client_id` is the check-in's: the same again gets the same answer.
    """

    __tablename__ = "door_withdrawal"
    __table_args__ = (Index("uq_door_withdrawal", "event_id", "client_id", unique=True),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    client_id: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[Taken] = mapped_column(choice(Taken))
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(String(60))
    received_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class DoorName(Base):
    """Somebody who came and was on no list, as written down at a door without a network.

    The host says later who it was (`person_id`), or why nobody is counted (`reason`).
    """

    __tablename__ = "door_name"
    __table_args__ = (
        Index("uq_door_name", "event_id", "client_id", unique=True),
        CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled_by_somebody"
        ),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    client_id: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(String(60))
    received_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")

    person: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])
    settled_by: Mapped[Person | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[settled_by_id]
    )
