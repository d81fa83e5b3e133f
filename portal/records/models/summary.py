"""The closing summary of a gathering (活动小结): what came of it, in words, for all its records."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base
from portal.people.models import Person

LONGEST_SUMMARY = 60_000


class EventSummary(Base):
    """What the host says of a gathering once its roll is confirmed; one for each event.

    Who came is never written here: it is read from the roll whenever the summary is shown.
    """

    __tablename__ = "event_summary"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    written_by: Mapped[Person] = relationship(lazy="raise_on_sql")


class SummaryDraft(Base):
    """What is being written of a summary: saved as one types, nobody's paper until it is kept."""

    __tablename__ = "summary_draft"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]

    written_by: Mapped[Person] = relationship(lazy="raise_on_sql")
