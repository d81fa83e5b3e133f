"""How a site came to stand where it stands: its moves and its reviews, kept for good."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.people.models import Person


class SiteState(StrEnum):
    """Where the site stands in its life (DOMAIN 2.11)."""

    NOMINATED = "nominated"
    NAMED = "named"
    UNDER_REVIEW = "under_review"
    RECTIFY = "rectify"
    DELISTED = "delisted"

    @property
    def label(self) -> str:
        """Chinese name of the state."""
        return {
            "nominated": "申报中",
            "named": "在册",
            "under_review": "复审中",
            "rectify": "整改中",
            "delisted": "已摘牌",
        }[self.value]


class ReviewResult(StrEnum):
    """How a review ended."""

    PASSED = "passed"
    RECTIFY = "rectify"
    DELISTED = "delisted"

    @property
    def label(self) -> str:
        """Chinese words."""
        return {"passed": "复审通过", "rectify": "限期整改", "delisted": "摘牌"}[self.value]


class SiteMove(Base):
    """One step of a site's life: from where to where, why, by which document; never changed."""

    __tablename__ = "site_move"
    __table_args__ = (Index(None, "site_id"),)

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    # None: it was put forward for the first time.
    from_state: Mapped[SiteState | None] = mapped_column(choice(SiteState))
    to_state: Mapped[SiteState] = mapped_column(choice(SiteState))
    moved_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200))
    document: Mapped[str] = mapped_column(String(120), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]

    by: Mapped[Person] = relationship(lazy="raise_on_sql")


class SiteReview(Base):
    """A review that was done: when it was due, when it was done, with what result."""

    __tablename__ = "site_review"
    __table_args__ = (Index(None, "site_id"),)

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    due_on: Mapped[date | None]
    done_on: Mapped[date]
    result: Mapped[ReviewResult] = mapped_column(choice(ReviewResult))
    note: Mapped[str] = mapped_column(Text, default="")
    document: Mapped[str] = mapped_column(String(120), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]

    by: Mapped[Person] = relationship(lazy="raise_on_sql")
