"""Events and their audience."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.events.series.models import EventSeries
from portal.lessons.models import Lesson
from portal.materials.models import Material
from portal.people.models import Organisation, Person
from portal.sites.models import Room, Site


class EventKind(StrEnum):
    """What kind of gathering it is (CONTRACT: values of the field `kind`)."""

    LESSON = "lesson"
    SEMINAR = "seminar"
    SITE_VISIT = "site_visit"
    MEETING = "meeting"
    THEME_DAY = "theme_day"
    SURVEY = "survey"
    HOME_VISIT = "home_visit"
    FAIR = "fair"

    @property
    def label(self) -> str:
        """Chinese name of the kind."""
        return {
            "lesson": "主题党课",
            "seminar": "研讨座谈",
            "site_visit": "参观走访",
            "meeting": "组织会议",
            "theme_day": "主题党日",
            "survey": "实地调研",
            "home_visit": "入户走访",
            "fair": "集市活动",
        }[self.value]


class Audience(StrEnum):
    """Who is meant: anybody, everybody of some organisations, or named persons."""

    OPEN = "open"
    DUE = "due"
    INVITED = "invited"

    @property
    def label(self) -> str:
        """Chinese name of the audience."""
        return {"open": "公开报名", "due": "应到人员", "invited": "邀请名单"}[self.value]


class EventState(StrEnum):
    """What was decided about the event; what the clock adds is `EventPhase`."""

    DRAFT = "draft"
    PUBLISHED = "published"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    ENDED = "ended"
    RECORDED = "recorded"
    ARCHIVED = "archived"


class EventPhase(StrEnum):
    """What a reader is told: the state and the clock together (DOMAIN 1.4)."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SIGNUP_OPEN = "signup_open"
    SIGNUP_CLOSED = "signup_closed"
    RUNNING = "running"
    ENDED = "ended"
    RECORDED = "recorded"
    ARCHIVED = "archived"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """Chinese word for the badge."""
        return {
            "draft": "草稿",
            "published": "已发布",
            "signup_open": "报名中",
            "signup_closed": "报名截止",
            "running": "进行中",
            "ended": "待确认",
            "recorded": "已确认",
            "archived": "已归档",
            "postponed": "延期待定",
            "cancelled": "已取消",
        }[self.value]


@dataclass(frozen=True)
class Venue:
    """The site, and the room of it, in which an event takes place."""

    site: Site
    room: Room | None = None

    @property
    def name(self) -> str:
        """Return what people call the place: 鲁商首府小区红色物业示范点 红色书屋."""
        return f"{self.site.name} {self.room.name}" if self.room else self.site.name

    @property
    def key(self) -> str:
        """Return how a form carries it: the site's number, and the room's."""
        return f"{self.site.id}-{self.room.id}" if self.room else str(self.site.id)


class Event(Base):
    """A gathering at a place and time, hosted by an organisation."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity_positive"),
        Index(None, "starts_at"),
        Index(None, "host_id", "starts_at"),
        Index(None, "state", "starts_at", "ends_at"),
        Index(None, "part_of_id", "starts_at"),
    )

    title: Mapped[str] = mapped_column(String(120))
    kind: Mapped[EventKind] = mapped_column(choice(EventKind))
    state: Mapped[EventState] = mapped_column(choice(EventState), default=EventState.DRAFT)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(120), default="")
    host_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    audience: Mapped[Audience] = mapped_column(choice(Audience), default=Audience.OPEN)
    capacity: Mapped[int | None]
    signup_opens_at: Mapped[datetime | None]
    signup_closes_at: Mapped[datetime | None]
    lecturer: Mapped[str] = mapped_column(String(60), default="")
    contact: Mapped[str] = mapped_column(String(120), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    agenda: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    # Why it was called off or moved, as the secretary wrote it.
    state_reason: Mapped[str] = mapped_column(String(200), default="")
    # When it was to begin, as people were last told before it was moved.
    moved_from_at: Mapped[datetime | None]
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    # The lesson that is given, and the site and room that it takes for itself.
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lesson.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    # The series it belongs to, and when that has planned it: what was moved by hand differs.
    series_id: Mapped[int | None] = mapped_column(ForeignKey("event_series.id"), index=True)
    planned_at: Mapped[datetime | None]
    # A session is part of a whole, which has the sign-ups; the whole knows how many it has.
    part_of_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    session_name: Mapped[str] = mapped_column(String(40), default="")
    session_count: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    host: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    created_by: Mapped[Person] = relationship(lazy="raise_on_sql")
    lesson: Mapped[Lesson | None] = relationship(lazy="raise_on_sql")
    series: Mapped[EventSeries | None] = relationship(lazy="raise_on_sql")
    site: Mapped[Site | None] = relationship(lazy="raise_on_sql")
    room: Mapped[Room | None] = relationship(lazy="raise_on_sql")
    due_organisations: Mapped[list["EventDueOrganisation"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="EventDueOrganisation.id"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def venue(self) -> Venue | None:
        """The site and room that it takes for itself; both are loaded."""
        return Venue(self.site, self.room) if self.site else None

    @venue.setter
    def venue(self, venue: Venue | None) -> None:
        self.site = venue.site if venue else None
        self.room = venue.room if venue else None

    @property
    def list_id(self) -> int:
        """The event on whose lists its people stand: the whole, for a session."""
        return self.part_of_id or self.id

    def signup_closes(self) -> datetime:
        """Return the deadline for signing up: the one set, and in any case the start."""
        return min(self.signup_closes_at or self.starts_at, self.starts_at)

    def phase(self, moment: datetime) -> EventPhase:
        """Return what the reader is told at that moment."""
        return phase_of(self, moment)


class Timed(Protocol):
    """What of an event decides about its phase: the event itself, or a row of a list."""

    @property
    def state(self) -> EventState: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def signup_opens_at(self) -> datetime | None: ...
    @property
    def signup_closes_at(self) -> datetime | None: ...


def phase_of(event: Timed, moment: datetime) -> EventPhase:
    """Return what a reader is told about the event at that moment (DOMAIN 1.4)."""
    if event.state is not EventState.PUBLISHED:
        return EventPhase(event.state.value)
    if moment >= event.ends_at:
        return EventPhase.ENDED
    if moment >= event.starts_at:
        return EventPhase.RUNNING
    if event.signup_closes_at is not None and moment >= event.signup_closes_at:
        return EventPhase.SIGNUP_CLOSED
    if event.signup_opens_at is not None and moment < event.signup_opens_at:
        return EventPhase.PUBLISHED
    return EventPhase.SIGNUP_OPEN


class EventDueOrganisation(Base):
    """An organisation whose members are all expected (audience `due`)."""

    __tablename__ = "event_due_organisation"
    __table_args__ = (
        Index("uq_event_due_organisation", "event_id", "organisation_id", unique=True),
        Index(None, "organisation_id"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class EventInvitation(Base):
    """A person named for the event (audience `invited`)."""

    __tablename__ = "event_invitation"
    __table_args__ = (
        Index("uq_event_invitation", "event_id", "person_id", unique=True),
        Index(None, "person_id"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    invited_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])


class EventMaterial(Base):
    """A material attached to an event, in the order in which its hosts put them."""

    __tablename__ = "event_material"
    __table_args__ = (
        Index("uq_event_material", "event_id", "material_id", unique=True),
        Index(None, "material_id"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    material_id: Mapped[int] = mapped_column(ForeignKey("material.id"))
    position: Mapped[int] = mapped_column(default=0)

    material: Mapped[Material] = relationship(lazy="raise_on_sql")


class EventNotice(Base):
    """What people were last told about an event, how many were, and how many could not be."""

    __tablename__ = "event_notice"
    __table_args__ = (Index(None, "event_id", "id"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    state: Mapped[EventState] = mapped_column(choice(EventState))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    # Place, site and room in one text, to be compared.
    whereabouts: Mapped[str] = mapped_column(String(160))
    what: Mapped[str] = mapped_column(String(40))
    told: Mapped[int]
    without_account: Mapped[int]
    at: Mapped[datetime]

    @property
    def words(self) -> str:
        """How many were told, as the host reads it."""
        others = f"；{self.without_account} 人没有账号，请另行告知" if self.without_account else ""
        return f"已通知 {self.told} 人{others}"
