"""Passes that people show at the door, and tokens that devices there speak with."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.events.models import Event
from portal.people.models import Organisation, Person


class PassKind(StrEnum):
    """Where a pass is shown from: each can be lost without the other."""

    PHONE = "phone"
    BADGE = "badge"

    @property
    def label(self) -> str:
        """Chinese name of the kind."""
        return {"phone": "手机凭证", "badge": "胸卡"}[self.value]


class PersonPass(Base):
    """A pass of one person (`passes` says what is in it): the text itself is not kept.

    One of each kind is live at a time; a revoked one opens nothing from that moment on.
    """

    __tablename__ = "person_pass"
    __table_args__ = (
        Index(
            "uq_person_pass_live",
            "person_id",
            "kind",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index(None, "revoked_at"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[PassKind] = mapped_column(choice(PassKind))
    # What the text is made from, with the portal's key.
    serial: Mapped[str] = mapped_column(String(10), unique=True)
    # SHA-256 (hex) of the text: what is looked up, here and at a door without a network.
    text_hash: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # The last day it is good for.
    expires_on: Mapped[date]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class DoorToken(Base):
    """What a device at the door speaks with: for one event, or for those of an organisation.

    Only the hash is kept. It is worth no more than its maker's rights are today.
    """

    __tablename__ = "door_token"
    __table_args__ = (
        CheckConstraint("(event_id IS NULL) <> (organisation_id IS NULL)", name="for_one_thing"),
        CheckConstraint("may_read OR may_write", name="for_something"),
    )

    event_id: Mapped[int | None] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    # What stands on the device: 东门平板.
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    may_read: Mapped[bool]
    may_write: Mapped[bool]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    last_used_at: Mapped[datetime | None]

    event: Mapped[Event | None] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    made_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[made_by_id])

    def is_live_at(self, moment: datetime) -> bool:
        """Return whether it still speaks."""
        return self.revoked_at is None and moment < self.expires_at

    def state_at(self, moment: datetime) -> "TokenState":
        """Return the one word for lists."""
        if self.revoked_at is not None:
            return TokenState.REVOKED
        return TokenState.LIVE if moment < self.expires_at else TokenState.EXPIRED


class TokenState(StrEnum):
    """How a token stands."""

    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"

    @property
    def label(self) -> str:
        """Chinese word for the badge."""
        return {"live": "可用", "expired": "已到期", "revoked": "已停用"}[self.value]
