"""What the invited answer besides signing up: that they cannot come, or who comes instead."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.people.models import Person

LONGEST_POST = 60


class InvitationRefusal(Base):
    """Somebody invited by name who cannot come; signing up later takes it back."""

    __tablename__ = "invitation_refusal"
    __table_args__ = (Index("uq_invitation_refusal", "event_id", "person_id", unique=True),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    answered_at: Mapped[datetime]


class StandInState(StrEnum):
    """What has become of somebody who was to come instead of an invited person."""

    STANDING = "standing"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """Chinese word for the badge."""
        return {"standing": "替会", "refused": "未同意替会", "withdrawn": "已改"}[self.value]


_STANDING_SQL = "state = 'standing'"


class StandIn(Base):
    """Who comes instead of an invited person (替会); that person signs up and takes the place.

    It holds while it stands and the person is on the list of the event.
    """

    __tablename__ = "stand_in"
    __table_args__ = (
        Index(
            "uq_stand_in_for",
            "event_id",
            "invited_id",
            unique=True,
            sqlite_where=text(_STANDING_SQL),
            postgresql_where=text(_STANDING_SQL),
        ),
        Index(
            "uq_stand_in_person",
            "event_id",
            "person_id",
            unique=True,
            sqlite_where=text(_STANDING_SQL),
            postgresql_where=text(_STANDING_SQL),
        ),
        Index(None, "invited_id"),
        Index(None, "person_id"),
        CheckConstraint("invited_id <> person_id", name="stand_in_is_another"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    invited_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # 副主任: as whoever sends the person has written it.
    post: Mapped[str] = mapped_column(String(LONGEST_POST), default="")
    state: Mapped[StandInState] = mapped_column(choice(StandInState))
    named_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    named_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Why the host has not agreed.
    reason: Mapped[str] = mapped_column(String(200), default="")

    invited: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[invited_id])
    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])
