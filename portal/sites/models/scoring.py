"""The score sheet: off until the office switches it on with an approving document.

Creating and rating demonstration sites is restricted (DOMAIN finding 12), so a scheme names its
依据文件, and sheets exist only under a scheme.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.people.models import Organisation, Person
from portal.sites.models.site import Site


class CriterionKind(StrEnum):
    """Points, or a gate: a condition to be met first, or a fault that rules out all."""

    POINTS = "points"
    CONDITION = "condition"
    VETO = "veto"

    @property
    def label(self) -> str:
        """Chinese name of the kind."""
        return {"points": "计分项", "condition": "前置条件", "veto": "一票否决"}[self.value]


class SheetStage(StrEnum):
    """How far a sheet is: each stage has one hand that writes."""

    SELF = "self"
    COMMUNITY = "community"
    OFFICE = "office"
    PUBLICITY = "publicity"
    SETTLED = "settled"

    @property
    def label(self) -> str:
        """Chinese name of the stage."""
        return {
            "self": "点位自评",
            "community": "社区核查",
            "office": "街道评定",
            "publicity": "公示中",
            "settled": "已定",
        }[self.value]


class ScoringScheme(Base):
    """Criteria that may be applied in one part of the tree, and the document that allows it."""

    __tablename__ = "scoring_scheme"
    __table_args__ = (
        CheckConstraint("publicity_days > 0", name="publicity"),
        # At most one scheme is switched on for one organisation.
        Index(
            "uq_scoring_scheme_open",
            "organisation_id",
            unique=True,
            sqlite_where=text("closed_on IS NULL"),
            postgresql_where=text("closed_on IS NULL"),
        ),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(80))
    document_title: Mapped[str] = mapped_column(String(120))
    document_number: Mapped[str] = mapped_column(String(60))
    document_date: Mapped[date]
    publicity_days: Mapped[int]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    criteria: Mapped[list["Criterion"]] = relationship(
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        order_by="Criterion.position, Criterion.id",
    )

    __mapper_args__ = {"version_id_col": version}


class Criterion(Base):
    """A line of the criteria tree; children's points never add up to more than the parent's."""

    __tablename__ = "criterion"
    __table_args__ = (
        CheckConstraint("max_points >= 0", name="points_not_negative"),
        Index(None, "scheme_id"),
        Index(None, "parent_id"),
    )

    scheme_id: Mapped[int] = mapped_column(ForeignKey("scoring_scheme.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("criterion.id", ondelete="CASCADE"))
    kind: Mapped[CriterionKind] = mapped_column(choice(CriterionKind))
    name: Mapped[str] = mapped_column(String(120))
    max_points: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)


class ScoreSheet(Base):
    """A site's sheet for one year under a scheme."""

    __tablename__ = "score_sheet"
    __table_args__ = (
        CheckConstraint("for_year BETWEEN 2000 AND 2099", name="year_known"),
        Index("uq_score_sheet", "site_id", "scheme_id", "for_year", unique=True),
    )

    scheme_id: Mapped[int] = mapped_column(ForeignKey("scoring_scheme.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    for_year: Mapped[int]
    stage: Mapped[SheetStage] = mapped_column(choice(SheetStage), default=SheetStage.SELF)
    publicity_from: Mapped[date | None]
    publicity_until: Mapped[date | None]
    # The sentence in which the office settled it.
    result: Mapped[str] = mapped_column(String(200), default="")
    settled_on: Mapped[date | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    site: Mapped[Site] = relationship(lazy="raise_on_sql")
    scheme: Mapped[ScoringScheme] = relationship(lazy="raise_on_sql")
    entries: Mapped[list["ScoreEntry"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="ScoreEntry.id"
    )

    __mapper_args__ = {"version_id_col": version}


class ScoreEntry(Base):
    """What one stage said of one criterion: points (of a gate: 1 met or found, 0 not), why."""

    __tablename__ = "score_entry"
    __table_args__ = (
        CheckConstraint("points >= 0", name="points_not_negative"),
        Index("uq_score_entry", "sheet_id", "criterion_id", "stage", unique=True),
    )

    sheet_id: Mapped[int] = mapped_column(ForeignKey("score_sheet.id", ondelete="CASCADE"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    stage: Mapped[SheetStage] = mapped_column(choice(SheetStage))
    points: Mapped[int]
    evidence: Mapped[str] = mapped_column(String(500), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person] = relationship(lazy="raise_on_sql")
