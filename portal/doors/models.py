"""Passes that people show, tokens that devices speak with, kiosks, and sheets of paper."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.events.models import Event
from portal.materials.models import Material
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


class Kiosk(Base):
    """A browser that was left at the door: it does nothing but let people sign in by touch.

    Only hashes are kept: of the token in the browser's cookie, and of the PIN with which staff
    leave it. It is worth no more than the rights that whoever started it has today.
    """

    __tablename__ = "kiosk"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    # Which door it stands at: 东门.
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    pin_hash: Mapped[str] = mapped_column(String(200))
    pin_failures: Mapped[int] = mapped_column(default=0)
    pin_failed_at: Mapped[datetime | None]
    # Names are shown as 李*静.
    masks_names: Mapped[bool]
    # People may also type their name and the last four digits of their phone.
    takes_tails: Mapped[bool]
    started_at: Mapped[datetime]
    started_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship(lazy="raise_on_sql")
    started_by: Mapped[Person] = relationship(lazy="raise_on_sql")

    def is_live_at(self, moment: datetime) -> bool:
        """Return whether people sign in there."""
        return self.ended_at is None and moment < self.expires_at


class PrintedSheet(Base):
    """A sign-in sheet as it was printed: who stood on which line, whatever the roll is now."""

    __tablename__ = "printed_sheet"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    # The roll's revision at that moment.
    revision: Mapped[int]
    printed_at: Mapped[datetime]
    printed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    printed_by: Mapped[Person] = relationship(lazy="raise_on_sql")


class PrintedRow(Base):
    """One line of a printed sheet, counted from one over all its pages."""

    __tablename__ = "printed_row"
    __table_args__ = (Index("uq_printed_row", "sheet_id", "number", unique=True),)

    sheet_id: Mapped[int] = mapped_column(ForeignKey("printed_sheet.id", ondelete="CASCADE"))
    number: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class PaperEntry(Base):
    """A page of paper that was entered: when, by whom, why so late, and the scan of it."""

    __tablename__ = "paper_entry"
    __table_args__ = (
        Index(None, "material_id"),
        Index("ix_paper_entry_sheet_id", "sheet_id", "page"),
    )

    sheet_id: Mapped[int] = mapped_column(ForeignKey("printed_sheet.id", ondelete="CASCADE"))
    page: Mapped[int]
    # How many were marked by it.
    people: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
    material_id: Mapped[int | None] = mapped_column(ForeignKey("material.id"))
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    sheet: Mapped[PrintedSheet] = relationship(lazy="raise_on_sql")
    material: Mapped[Material | None] = relationship(lazy="raise_on_sql")
    entered_by: Mapped[Person] = relationship(lazy="raise_on_sql")
