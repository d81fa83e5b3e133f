"""Votes, counted and entered, and what was resolved."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.people.models import Person

LONGEST_MATTER = 200
LONGEST_RESOLUTION = 1_000
LONGEST_OWNER = 60
LONGEST_NOTE = 500


class VoteMethod(StrEnum):
    """How people voted."""

    HANDS = "hands"
    BALLOTS = "ballots"

    @property
    def label(self) -> str:
        """Chinese name of the method."""
        return {"hands": "举手表决", "ballots": "无记名投票"}[self.value]


class VoteBasis(StrEnum):
    """By which rule a vote is judged (DOMAIN 2.2, 2.4)."""

    RESOLUTION = "resolution"
    COMMITTEE = "committee"
    ELECTION = "election"

    @property
    def label(self) -> str:
        """Chinese name of the rule."""
        return {"resolution": "党员大会表决", "committee": "委员会表决", "election": "选举"}[
            self.value
        ]


class Vote(Base):
    """One vote: who should attend with a vote, who did, and how the votes fell.

    `listed` is how many stood on the roll's due list, the exempt among them, when it was
    entered; sick leave does not shrink it. Taken off are those without a vote and those whom
    the higher body agreed to leave out, with the paper that says so.
    """

    __tablename__ = "vote"
    __table_args__ = (
        Index(None, "record_id", "id"),
        CheckConstraint(
            "listed >= 0 AND without_vote >= 0 AND left_out >= 0 AND present >= 0"
            " AND votes_for >= 0 AND votes_against >= 0 AND abstained >= 0 AND invalid >= 0",
            name="counts",
        ),
        CheckConstraint(
            "present <= listed - without_vote - left_out"
            " AND votes_for + votes_against + abstained + invalid <= present",
            name="within",
        ),
    )

    record_id: Mapped[int] = mapped_column(ForeignKey("meeting_record.id"))
    # A matter, or in an election the name of a candidate.
    matter: Mapped[str] = mapped_column(String(LONGEST_MATTER))
    basis: Mapped[VoteBasis] = mapped_column(choice(VoteBasis))
    method: Mapped[VoteMethod] = mapped_column(choice(VoteMethod))
    listed: Mapped[int]
    without_vote: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    left_out_basis: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    present: Mapped[int]
    votes_for: Mapped[int]
    votes_against: Mapped[int] = mapped_column(default=0)
    abstained: Mapped[int] = mapped_column(default=0)
    invalid: Mapped[int] = mapped_column(default=0)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]


class Progress(StrEnum):
    """How far a resolution has been carried out."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        """Chinese word for the badge."""
        return {
            "open": "未开始",
            "under_way": "落实中",
            "done": "已落实",
            "dropped": "不再落实",
        }[self.value]

    @property
    def is_over(self) -> bool:
        """Whether nothing more is waited for."""
        return self in {Progress.DONE, Progress.DROPPED}


class Resolution(Base):
    """What was resolved, who sees to it, until when, and how far it has come."""

    __tablename__ = "resolution"
    __table_args__ = (Index(None, "record_id", "id"), Index(None, "progress", "due_on"))

    record_id: Mapped[int] = mapped_column(ForeignKey("meeting_record.id"))
    text: Mapped[str] = mapped_column(Text)
    # Somebody, or a unit: as people call it.
    owner: Mapped[str] = mapped_column(String(LONGEST_OWNER))
    due_on: Mapped[date | None]
    progress: Mapped[Progress] = mapped_column(choice(Progress), default=Progress.OPEN)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]

    steps: Mapped[list["ResolutionStep"]] = relationship(
        lazy="raise_on_sql", order_by="ResolutionStep.id"
    )

    def is_overdue_on(self, day: date) -> bool:
        """Return whether its day has passed and it is not over."""
        return self.due_on is not None and self.due_on < day and not self.progress.is_over


class ResolutionStep(Base):
    """How far a resolution had come at a moment, in the words of whoever reported it."""

    __tablename__ = "resolution_step"
    __table_args__ = (Index(None, "resolution_id", "id"),)

    resolution_id: Mapped[int] = mapped_column(ForeignKey("resolution.id", ondelete="CASCADE"))
    progress: Mapped[Progress] = mapped_column(choice(Progress))
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]

    written_by: Mapped[Person] = relationship(lazy="raise_on_sql")
