"""To whom a case is open beside those whose business it is."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.models.choices import Openness
from portal.database import Base, choice
from portal.people.models import Organisation


class CaseOpening(Base):
    """A case that members may read; without this row only the units that handle it do.

    `organisation` is the community whose members may read it; none of them is all members.
    """

    __tablename__ = "case_opening"
    __table_args__ = (
        Index(None, "organisation_id"),
        CheckConstraint(
            "openness <> 'units' AND (openness = 'members') = (organisation_id IS NULL)",
            name="to_whom",
        ),
    )

    case_id: Mapped[int] = mapped_column(
        ForeignKey("supervised_case.id", ondelete="CASCADE"), unique=True
    )
    openness: Mapped[Openness] = mapped_column(choice(Openness))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]

    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
