"""Jobs: what is to be done in the background, and what became of it. See docs/decisions/0016."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, choice

LONGEST_KEY = 120
LONGEST_FAILURE = 300
UNFINISHED_SQL = "state IN ('waiting', 'running')"


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


UNFINISHED = frozenset({JobState.WAITING, JobState.RUNNING})


class Job(Base):
    """One piece of work; its row is written in the transaction of the act that wants it.

    Among unfinished jobs of a kind each `key` stands once. A chore never finishes: its row
    waits for the next time.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts_counted"),
        Index(
            "uq_job_unfinished",
            "kind",
            "key",
            unique=True,
            sqlite_where=text(UNFINISHED_SQL),
            postgresql_where=text(UNFINISHED_SQL),
        ),
        Index(None, "state", "not_before"),
        Index(None, "kind", "key"),
        Index(None, "asked_by_id"),
    )

    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[JobState] = mapped_column(choice(JobState), default=JobState.WAITING)
    is_chore: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    not_before: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    # Who is at it, and until when that is believed without a sign of life.
    worker: Mapped[str] = mapped_column(String(64), default="")
    believed_until: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    # Why it came to nothing, in a sentence for the reader.
    failure: Mapped[str] = mapped_column(String(LONGEST_FAILURE), default="")
