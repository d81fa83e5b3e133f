"""A series of events, and forms of events that are kept."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.people.models import Organisation, Person


class Rhythm(StrEnum):
    """How an event comes again; day and hour are those of the first one."""

    WEEKLY = "weekly"
    MONTHLY_DATE = "monthly_date"
    MONTHLY_WEEKDAY = "monthly_weekday"
    MONTHLY_LAST_WEEKDAY = "monthly_last_weekday"


class EventSeries(Base):
    """Events that were planned together; `pattern` is what each of them says unless changed."""

    __tablename__ = "event_series"
    __table_args__ = (CheckConstraint("every > 0", name="every_positive"), Index(None, "host_id"))

    host_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    rhythm: Mapped[Rhythm] = mapped_column(choice(Rhythm))
    every: Mapped[int]
    until: Mapped[date | None]
    count: Mapped[int | None]
    skips_holidays: Mapped[bool] = mapped_column(default=False)
    # See portal.events.series.patterns.
    pattern: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    host: Mapped[Organisation] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class EventTemplate(Base):
    """A form of an event that an organisation keeps, to begin the next one from."""

    __tablename__ = "event_template"
    __table_args__ = (Index("uq_event_template", "organisation_id", "name", unique=True),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(60))
    pattern: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    created_by: Mapped[Person] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}
