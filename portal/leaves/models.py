"""Requests for leave, one for one event, and lessons made up."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.attendance.models import AttendanceStatus
from portal.database import Base, choice
from portal.events.models import Event
from portal.materials.models import Material
from portal.people.models import Person

LONGEST_REASON = 200
# Why somebody could not come is nobody's business for longer: the kind of leave stays.
REASONS_KEPT = timedelta(days=180)
LONGEST_PROOF = 200
LONGEST_PROVIDER = 80


class LeaveKind(StrEnum):
    """Why somebody asks for leave (DOMAIN 2.4)."""

    PUBLIC = "public"
    SICK = "sick"
    PERSONAL = "personal"

    @property
    def label(self) -> str:
        """Chinese name of the kind."""
        return {"public": "公假", "sick": "病假", "personal": "事假"}[self.value]

    @property
    def explanation(self) -> str:
        """What belongs to the kind, for whoever chooses."""
        return {
            "public": "出差、培训、值班等公务",
            "sick": "本人生病",
            "personal": "家中有事等其他原因",
        }[self.value]

    @property
    def status(self) -> AttendanceStatus:
        """How somebody with such a leave stands on the roll."""
        return AttendanceStatus(f"leave_{self.value}")


class LeaveState(StrEnum):
    """Where a request stands."""

    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """Chinese word for the badge."""
        return {
            "pending": "待审批",
            "granted": "已批准",
            "refused": "未批准",
            "withdrawn": "已撤回",
        }[self.value]


_LIVE_SQL = "state IN ('pending', 'granted')"


class LeaveRequest(Base):
    """One person's request for leave from one event; never a blanket leave.

    Somebody else may have entered it (代录: a telephone call); it says so. A request made at
    or after the start is marked so for good (事后请假).
    """

    __tablename__ = "leave_request"
    __table_args__ = (
        # Whoever was refused or has withdrawn may ask again; nobody asks twice at once.
        Index(
            "uq_leave_request_live",
            "event_id",
            "person_id",
            unique=True,
            sqlite_where=text(_LIVE_SQL),
            postgresql_where=text(_LIVE_SQL),
        ),
        Index(None, "event_id", "state"),
        Index(None, "person_id", "id"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[LeaveKind] = mapped_column(choice(LeaveKind))
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")
    # A paper was shown (a doctor's note, an order): it was looked at, it is not kept.
    proof_seen: Mapped[bool] = mapped_column(default=False)
    state: Mapped[LeaveState] = mapped_column(choice(LeaveState))
    is_after_start: Mapped[bool]
    requested_at: Mapped[datetime]
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")

    event: Mapped[Event] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])
    entered_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[entered_by_id])
    decided_by: Mapped[Person | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[decided_by_id]
    )

    @property
    def is_entered(self) -> bool:
        """Whether somebody else entered it for the person (代录)."""
        return self.entered_by_id != self.person_id


class MakeUpMethod(StrEnum):
    """How a lesson was made up (DOMAIN 2.5)."""

    DELIVERED = "delivered"
    SELF_STUDY = "self_study"
    OTHER_SESSION = "other_session"
    RECORDING = "recording"

    @property
    def label(self) -> str:
        """Chinese name of the method."""
        return {
            "delivered": "送学上门",
            "self_study": "自学",
            "other_session": "参加他场",
            "recording": "观看录像",
        }[self.value]


class MakeUp(Base):
    """A lesson made up by somebody who was on leave or absent; the roll stays as it was."""

    __tablename__ = "make_up"
    __table_args__ = (
        Index("uq_make_up", "event_id", "person_id", unique=True),
        Index(None, "person_id"),
        Index(None, "material_id"),
        CheckConstraint("credit_halves BETWEEN 0 AND 32", name="credit_halves"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    method: Mapped[MakeUpMethod] = mapped_column(choice(MakeUpMethod))
    made_on: Mapped[date]
    # Who gave it, or where: a lecturer, another branch's event.
    provider: Mapped[str] = mapped_column(String(LONGEST_PROVIDER), default="")
    # Study hours (学时) in halves; the rules of hours decide whether they count.
    credit_halves: Mapped[int] = mapped_column(default=0)
    proof: Mapped[str] = mapped_column(String(LONGEST_PROOF), default="")
    # The proof as a file, in the part of the library that the person's own branch has.
    material_id: Mapped[int | None] = mapped_column(ForeignKey("material.id"))
    # Later than the portal's limit for making up: noted, never refused.
    is_late: Mapped[bool] = mapped_column(default=False)
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime]

    event: Mapped[Event] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])
    confirmed_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[confirmed_by_id])
    material: Mapped[Material | None] = relationship(lazy="raise_on_sql")

    @property
    def hours(self) -> str:
        """The study hours as written; empty for none."""
        return hours_words(self.credit_halves)


def hours_words(halves: int) -> str:
    """Return study hours as written: 1.5, 2; empty for none."""
    whole, half = divmod(halves, 2)
    return f"{whole}{'.5' if half else ''}" if halves else ""
