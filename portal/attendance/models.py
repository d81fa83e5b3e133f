"""The roll of an event: who was due, who came, and every mark that said so."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice, sorted_bytewise
from portal.events.models import Event
from portal.people.models import Person


class AttendanceStatus(StrEnum):
    """Where a person on the roll stands (CONTRACT: values of `data-status`)."""

    EXPECTED = "expected"
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    LEAVE_PUBLIC = "leave_public"
    LEAVE_SICK = "leave_sick"
    LEAVE_PERSONAL = "leave_personal"
    ABSENT = "absent"
    EXEMPT = "exempt"
    INVITED = "invited"
    GUEST = "guest"

    @property
    def label(self) -> str:
        """Chinese word for the badge."""
        return {
            "expected": "未到",
            "present": "已到",
            "late": "迟到",
            "left_early": "早退",
            "leave_public": "公假",
            "leave_sick": "病假",
            "leave_personal": "事假",
            "absent": "缺席",
            "exempt": "免参加",
            "invited": "列席",
            "guest": "来宾",
        }[self.value]


# DOMAIN 2.4: late and left early count as present; exempt, invited and guests are not due.
PRESENT = frozenset({AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.LEFT_EARLY})
LEAVE = frozenset(
    {
        AttendanceStatus.LEAVE_PUBLIC,
        AttendanceStatus.LEAVE_SICK,
        AttendanceStatus.LEAVE_PERSONAL,
    }
)
AWAY = LEAVE | {AttendanceStatus.ABSENT}
MISSING = frozenset({AttendanceStatus.EXPECTED, AttendanceStatus.ABSENT})
NOT_DUE = frozenset({AttendanceStatus.EXEMPT, AttendanceStatus.INVITED, AttendanceStatus.GUEST})
# The standing of people outside the due list: whether they came is `has_come`.
OUTSIDE = frozenset({AttendanceStatus.INVITED, AttendanceStatus.GUEST})


class Method(StrEnum):
    """How a mark was made (DOMAIN 2.16)."""

    TICK = "tick"
    LATER = "later"
    ALL_PRESENT = "all_present"
    CODE = "code"
    SCAN = "scan"
    KIOSK = "kiosk"
    WALK_IN = "walk_in"
    CONFIRMATION = "confirmation"
    CORRECTION = "correction"
    UNDO = "undo"
    CHECKED = "checked"
    MERGED = "merged"
    LEAVING = "leaving"

    @property
    def label(self) -> str:
        """Chinese name of the method."""
        return {
            "tick": "点名",
            "later": "补录",
            "all_present": "批量点名",
            "code": "签到码",
            "scan": "扫码",
            "kiosk": "自助签到",
            "walk_in": "现场登记",
            "confirmation": "名册确认",
            "correction": "更正",
            "undo": "撤销",
            "checked": "核对",
            "merged": "合并",
            "leaving": "签退",
        }[self.value]


# What people do themselves: the moment of it decides whether they are late.
OWN_ACTS = frozenset({Method.CODE, Method.SCAN, Method.KIOSK})


class Direction(StrEnum):
    """Which way somebody went, where the door says it (CONTRACT: values of `direction`)."""

    IN = "in"
    OUT = "out"


class Outcome(StrEnum):
    """What came of a check-in that a door sent (CONTRACT: values of `outcome`)."""

    RECORDED = "recorded"
    ALREADY = "already"
    UNKNOWN = "unknown"
    NOT_EXPECTED = "not_expected"
    CLOSED = "closed"
    BAD_PASS = "bad_pass"  # noqa: S105  no password

    @property
    def label(self) -> str:
        """Chinese words for the host's list."""
        return {
            "recorded": "已登记",
            "already": "已经登记过",
            "unknown": "查无此人",
            "not_expected": "不在名册上",
            "closed": "签到未开放",
            "bad_pass": "签到凭证无效",
        }[self.value]


# Answers after which nobody is counted: the host looks at them before confirming.
REFUSED = frozenset({Outcome.UNKNOWN, Outcome.NOT_EXPECTED, Outcome.CLOSED, Outcome.BAD_PASS})


# Minutes, until the host says otherwise.
EARLY_GRACE, MINIMUM_STAY = 10, 30


class Roll(Base):
    """The roll of one event: opened, frozen at the start, confirmed by the host.

    `revision` grows with every change: a screen that knows it need not read the rest. The
    row is locked by whoever changes the roll, so changes of one roll come one by one.
    """

    __tablename__ = "roll"
    __table_args__ = (Index("uq_roll_short_code", "short_code", unique=True),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    opened_at: Mapped[datetime]
    # When the due list was fixed: the event's start. None while people still sign up.
    frozen_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Over the seals of all rows (`attendance.sealing`): none was added or taken away since.
    seal: Mapped[str | None] = mapped_column(String(64))
    # Secret from which the projected code of each interval is made.
    code_secret: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(default=0)
    # What the list was last drawn from (`queries.sources`), and when.
    drawn_from: Mapped[str] = mapped_column(String(120), default="")
    drawn_at: Mapped[datetime]
    # On the wall the names of those who came last are masked (李*静).
    masks_names: Mapped[bool] = mapped_column(default=False)
    # Six digits to type instead of the projected code; only where the host shows them. Too
    # many wrong guesses of those who are expected end it (`services.note_wrong_code`).
    short_code: Mapped[str | None] = mapped_column(String(6))
    short_code_failures: Mapped[int] = mapped_column(default=0)
    # People are asked to sign out; who is seen again after the minimum stay has left then, and
    # who left before the end by more than the grace is proposed as having left early. Minutes.
    signs_out: Mapped[bool] = mapped_column(default=False)
    early_grace: Mapped[int] = mapped_column(default=EARLY_GRACE)
    minimum_stay: Mapped[int] = mapped_column(default=MINIMUM_STAY)

    event: Mapped[Event] = relationship(lazy="raise_on_sql")
    confirmed_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")

    @property
    def stay(self) -> timedelta | None:
        """The stay after which who is seen again has left; None where nobody signs out."""
        return timedelta(minutes=self.minimum_stay) if self.signs_out else None


def is_unsaid(status: AttendanceStatus, *, has_come: bool) -> bool:
    """Return whether nothing has been said yet about somebody who stands so on the roll."""
    return not has_come if status in OUTSIDE else status is AttendanceStatus.EXPECTED


class AttendanceEntry(Base):
    """One person on one roll; name, unit and sort keys as they were when it was made.

    The status alone decides how the person counts. Those `is_listed` stand on the due list
    and may have every status; the others are invited or guests, whatever happens.
    """

    __tablename__ = "attendance_entry"
    __table_args__ = (
        Index("uq_attendance_entry", "event_id", "person_id", unique=True),
        Index(None, "person_id", "event_id"),
        Index(None, "event_id", "unit_path", "stroke_key"),
        Index(None, "event_id", "status", "has_come"),
        Index(None, "event_id", "arrived_at"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(60))
    unit_name: Mapped[str] = mapped_column(String(80), default="")
    unit_path: Mapped[str] = mapped_column(sorted_bytewise(400), default="")
    stroke_key: Mapped[str] = mapped_column(sorted_bytewise(160), default="")
    # The last four digits tell namesakes apart at the door.
    phone_tail: Mapped[str] = mapped_column(String(4), default="")
    status: Mapped[AttendanceStatus] = mapped_column(choice(AttendanceStatus))
    # Drawn as due (members of due organisations, the exempt among them; confirmed sign-ups).
    is_listed: Mapped[bool]
    # Came without being on the list when the roll was frozen.
    is_walk_in: Mapped[bool] = mapped_column(default=False)
    # Is or was here: of those on the due list, whoever counts as present.
    has_come: Mapped[bool] = mapped_column(default=False)
    # When, as far as the portal saw it: nothing for what was entered later.
    arrived_at: Mapped[datetime | None]
    # When somebody last said that the person is not here: what a door saw before does not count.
    away_at: Mapped[datetime | None]
    # When the person left, where the event asks for it; by hand it stands, whatever doors see.
    left_at: Mapped[datetime | None]
    left_by_hand: Mapped[bool] = mapped_column(default=False)
    # When a door saw the person last, and which way, if it said so: what `left_at` is made from.
    last_seen_at: Mapped[datetime | None]
    last_seen_as: Mapped[Direction | None] = mapped_column(choice(Direction))
    method: Mapped[Method | None] = mapped_column(choice(Method))
    # The door where the person was seen, nothing where somebody ticked the roll.
    device: Mapped[str] = mapped_column(String(60), default="")
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    marked_at: Mapped[datetime | None]
    # What the confirmation froze of the row, under the portal's key; None before.
    seal: Mapped[str | None] = mapped_column(String(64))
    # The roll's revision when this entry last changed.
    revision: Mapped[int] = mapped_column(default=0)

    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])

    @property
    def is_open(self) -> bool:
        """Whether nothing has been said about the person yet."""
        return is_unsaid(self.status, has_come=self.has_come)


class AttendanceMark(Base):
    """One mark, never changed: what it was, what it became, by whom, how, why.

    `client_id` makes a repeated request harmless: the same id is the same mark. A mark with
    `is_correction` was made after the confirmation and carries its reason. Marks of one act
    on many people share a `batch`.
    """

    __tablename__ = "attendance_mark"
    __table_args__ = (
        Index("uq_attendance_mark_client", "event_id", "client_id", unique=True),
        Index(None, "event_id", "marked_by_id", "id"),
        Index(None, "entry_id", "id"),
        Index(
            "ix_attendance_mark_correction",
            "event_id",
            "id",
            sqlite_where=text("is_correction"),
            postgresql_where=text("is_correction"),
        ),
        Index("ix_attendance_mark_batch", "batch"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("attendance_entry.id", ondelete="CASCADE"))
    client_id: Mapped[str | None] = mapped_column(String(40))
    batch: Mapped[str | None] = mapped_column(String(40))
    from_status: Mapped[AttendanceStatus | None] = mapped_column(choice(AttendanceStatus))
    to_status: Mapped[AttendanceStatus] = mapped_column(choice(AttendanceStatus))
    from_has_come: Mapped[bool] = mapped_column(default=False)
    to_has_come: Mapped[bool] = mapped_column(default=False)
    from_arrived_at: Mapped[datetime | None]
    from_left_at: Mapped[datetime | None]
    to_left_at: Mapped[datetime | None]
    method: Mapped[Method] = mapped_column(choice(Method))
    is_correction: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(200), default="")
    device: Mapped[str] = mapped_column(String(60), default="")
    # Of who signed in with the code: the browser, by a random number that it keeps for a day.
    browser: Mapped[str] = mapped_column(String(16), default="")
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    entry: Mapped[AttendanceEntry] = relationship(lazy="raise_on_sql")
    marked_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")


class HeadCount(Base):
    """How many people the host counted in the room, beside how many the roll had then."""

    __tablename__ = "head_count"
    __table_args__ = (Index(None, "event_id", "id"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    people: Mapped[int]
    on_roll: Mapped[int]
    counted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    counted_at: Mapped[datetime]

    counted_by: Mapped[Person] = relationship(lazy="raise_on_sql")

    @property
    def difference(self) -> int:
        """How many more people were in the room than on the roll; less than none: fewer."""
        return self.people - self.on_roll


class CodeFailure(Base):
    """A code that somebody typed or scanned and that opened nothing: too many, and wait."""

    __tablename__ = "code_failure"
    __table_args__ = (Index(None, "person_id", "at"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    at: Mapped[datetime]


class AttendanceScan(Base):
    """One check-in as a door sent it, with the answer it got; never changed.

    The same `client_id` is the same check-in and gets the same answer, refusals too. Marks say
    what changed on the roll; scans say what was seen, whether it changed anything or not.
    """

    __tablename__ = "attendance_scan"
    __table_args__ = (
        Index("uq_attendance_scan_client", "event_id", "client_id", unique=True),
        Index(None, "event_id", "outcome", "id"),
        Index(None, "person_id", "event_id"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    client_id: Mapped[str] = mapped_column(String(40))
    # What was sent together.
    batch: Mapped[str] = mapped_column(String(32))
    # Nobody where the pass or the number leads to nobody.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # What was presented then, so far as it may be kept: a number, the end of a pass.
    given: Mapped[str] = mapped_column(String(24), default="")
    method: Mapped[Method] = mapped_column(choice(Method))
    # When the door says that it was, and the moment that counts; they differ where the door's
    # clock is ahead, or before the roll opens (`is_clamped`).
    reported_at: Mapped[datetime]
    counted_at: Mapped[datetime]
    is_clamped: Mapped[bool] = mapped_column(default=False)
    direction: Mapped[Direction | None] = mapped_column(choice(Direction))
    # What the door was told: when the person left, as far as it was known then.
    left_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome))
    status: Mapped[AttendanceStatus | None] = mapped_column(choice(AttendanceStatus))
    # The door, by the name its token has; nothing where somebody signed in used a page.
    device: Mapped[str] = mapped_column(String(60), default="")
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])
