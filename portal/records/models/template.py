"""A template of sections that an office or a branch keeps for its records."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base
from portal.people.models import Organisation

LONGEST_TEMPLATE_NAME = 40
LONGEST_TEMPLATE_TEXT = 10_000


class RecordTemplate(Base):
    """What the empty parts of a new record begin with, in place of the built-in outline.

    It is offered to the organisation that keeps it and to all below.
    """

    __tablename__ = "record_template"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_TEMPLATE_NAME))
    agenda: Mapped[str] = mapped_column(Text, default="")
    reported: Mapped[str] = mapped_column(Text, default="")
    discussion: Mapped[str] = mapped_column(Text, default="")
    conclusion: Mapped[str] = mapped_column(Text, default="")
    kept_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kept_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")

    @property
    def lines(self) -> str:
        """Every line of it: what stands in a record as it began counts as nothing written."""
        parts = (self.agenda, self.reported, self.discussion, self.conclusion)
        return "\n".join(part for part in parts if part)
