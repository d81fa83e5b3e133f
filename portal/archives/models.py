"""Year archives that were asked for, and what became of them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.people.models import Organisation, Person

_UNDER_WAY_SQL = "state = 'asked'"


class ArchiveState(StrEnum):
    """Where an archive stands."""

    ASKED = "asked"
    READY = "ready"
    FAILED = "failed"

    @property
    def label(self) -> str:
        """Chinese words."""
        return {"asked": "正在制作", "ready": "已制作", "failed": "没有做成"}[self.value]

    @property
    def tone(self) -> str:
        """Colour of the badge."""
        return {"asked": "amber", "ready": "green", "failed": "red"}[self.value]


class YearArchive(Base):
    """All papers of a subtree's year in one file, as they were when it was made."""

    __tablename__ = "year_archive"
    __table_args__ = (
        # One at a time for a year of an organisation; making it again later is another one.
        Index(
            "uq_year_archive_under_way",
            "organisation_id",
            "year",
            unique=True,
            sqlite_where=text(_UNDER_WAY_SQL),
            postgresql_where=text(_UNDER_WAY_SQL),
        ),
        CheckConstraint("year BETWEEN 1949 AND 2200", name="year_plausible"),
        Index(None, "organisation_id", "year"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    state: Mapped[ArchiveState] = mapped_column(choice(ArchiveState))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime | None]
    papers: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    digest: Mapped[str] = mapped_column(String(64), default="")
    # Why it came to nothing, in a sentence for the reader.
    failure: Mapped[str] = mapped_column(String(300), default="")

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    asked_by: Mapped[Person] = relationship(lazy="raise_on_sql")

    @property
    def title(self) -> str:
        """The name of the archive and of its only folder: 汕头路社区第一党支部2026年度档案."""
        return f"{self.organisation.name}{self.year}年度档案"
