"""Sign-ups and the log of every move in the queue."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.events.models import Event
from portal.people.models import Person


class SignupStatus(StrEnum):
    """Where a sign-up stands (CONTRACT: values of `data-my-signup`, besides `none`)."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"
    DECLINED = "declined"

    @property
    def label(self) -> str:
        """Chinese word for the badge."""
        return {
            "pending": "待审核",
            "confirmed": "已报名",
            "waitlisted": "候补",
            "cancelled": "已取消",
            "declined": "未通过",
        }[self.value]


LIVE = frozenset({SignupStatus.PENDING, SignupStatus.CONFIRMED, SignupStatus.WAITLISTED})
_LIVE_SQL = "status IN ('pending', 'confirmed', 'waitlisted')"


class SignupOrigin(StrEnum):
    """How the sign-up came about."""

    SELF = "self"
    ON_BEHALF = "on_behalf"
    WALK_IN = "walk_in"

    @property
    def label(self) -> str:
        """Chinese name of the way."""
        return {"self": "本人报名", "on_behalf": "代报", "walk_in": "现场登记"}[self.value]


class Signup(Base):
    """One person's sign-up to one event; the queue goes by `id`, the order of arrival."""

    __tablename__ = "signup"
    __table_args__ = (
        # A withdrawn person may come back; nobody is in twice.
        Index(
            "uq_signup_live",
            "event_id",
            "person_id",
            unique=True,
            sqlite_where=text(_LIVE_SQL),
            postgresql_where=text(_LIVE_SQL),
        ),
        Index(None, "event_id", "status", "id"),
        Index(None, "person_id", "status"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    status: Mapped[SignupStatus] = mapped_column(choice(SignupStatus))
    origin: Mapped[SignupOrigin] = mapped_column(choice(SignupOrigin))
    signed_up_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(String(200), default="")

    event: Mapped[Event] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])
    signed_up_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[signed_up_by_id])


class SignupMove(Base):
    """One move of a sign-up, with the sentence that says why: the queue's log."""

    __tablename__ = "signup_move"
    __table_args__ = (Index(None, "event_id", "id"), Index(None, "signup_id"))

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    signup_id: Mapped[int] = mapped_column(ForeignKey("signup.id", ondelete="CASCADE"))
    from_status: Mapped[SignupStatus | None] = mapped_column(choice(SignupStatus))
    to_status: Mapped[SignupStatus] = mapped_column(choice(SignupStatus))
    reason: Mapped[str] = mapped_column(String(200))
    moved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    signup: Mapped[Signup] = relationship(lazy="raise_on_sql")
    moved_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")
