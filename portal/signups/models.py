"""Sign-ups, the rules of an event's queue, and the log of every move in it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.events.models import Event
from portal.people.models import Organisation, Person


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
    """One person's sign-up to one event; the queue goes by precedence, then order of arrival.

    `id` is the order of arrival. Whoever waits and has an open offer holds a place until then.
    """

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
        Index(None, "person_id", "status", "event_id"),
        Index(None, "party_id"),
        Index(
            "ix_signup_offer_ends_at",
            "offer_ends_at",
            sqlite_where=text("offer_ends_at IS NOT NULL"),
            postgresql_where=text("offer_ends_at IS NOT NULL"),
        ),
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
    # 1 where a host has let somebody go first, with a reason in the log.
    precedence: Mapped[int] = mapped_column(default=0)
    party_id: Mapped[int | None] = mapped_column(ForeignKey("signup_party.id"))
    offer_ends_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])
    signed_up_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[signed_up_by_id])

    @property
    def is_offered(self) -> bool:
        """Whether a place is held for the person, who has not said yes or no yet."""
        return self.status is SignupStatus.WAITLISTED and self.offer_ends_at is not None


class OfferEnd(StrEnum):
    """When an offer ends at the latest, however much working time is left."""

    START = "start"
    CLOSE = "close"

    @property
    def label(self) -> str:
        """Chinese words for the form and the rule."""
        return {"start": "活动开始", "close": "报名截止"}[self.value]


class SignupRules(Base):
    """How sign-up to one event goes, where it is not the usual way; hours move with the event."""

    __tablename__ = "signup_rules"
    __table_args__ = (
        CheckConstraint("offer_hours IS NULL OR offer_hours > 0", name="offer_hours_positive"),
        CheckConstraint("cancel_hours IS NULL OR cancel_hours > 0", name="cancel_hours_positive"),
        CheckConstraint("release_hours >= 0", name="release_hours_positive"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    needs_approval: Mapped[bool] = mapped_column(default=False)
    # Working hours in which an offer is answered; None confirms at once.
    offer_hours: Mapped[int | None]
    offer_end: Mapped[OfferEnd] = mapped_column(choice(OfferEnd), default=OfferEnd.START)
    # Hours before the start after which nobody cancels alone; None is the start itself.
    cancel_hours: Mapped[int | None]
    # Hours before sign-up closes at which places kept for units are free for all.
    release_hours: Mapped[int]


class SignupQuota(Base):
    """The most places that the people of a unit may take, and those kept for them at first."""

    __tablename__ = "signup_quota"
    __table_args__ = (
        CheckConstraint("most IS NULL OR most >= floor", name="most_over_floor"),
        CheckConstraint("floor >= 0", name="floor_not_negative"),
        Index("uq_signup_quota", "event_id", "organisation_id", unique=True),
        Index(None, "organisation_id"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    most: Mapped[int | None]
    floor: Mapped[int] = mapped_column(default=0)

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class SignupParty(Base):
    """People who were signed up together: they get places together or wait together."""

    __tablename__ = "signup_party"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class SignupHelper(Base):
    """Who may sign somebody up without running anything: family or a neighbour, until revoked."""

    __tablename__ = "signup_helper"
    __table_args__ = (
        Index(
            "uq_signup_helper",
            "helper_id",
            "person_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index(None, "person_id"),
        CheckConstraint("helper_id <> person_id", name="helper_is_another"),
    )

    helper_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # 女儿, 邻居: the words of whoever keeps the record.
    relation: Mapped[str] = mapped_column(String(20))
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]

    helper: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[helper_id])
    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])


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
