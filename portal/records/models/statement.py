"""What somebody said, word for word; never changed, supplemented in sight."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.people.models import Person
from portal.records.models.record import MeetingRecord

LONGEST_STATEMENT = 4_000
LONGEST_SPEAKER = 60
LONGEST_POST = 80


class StatementKind(StrEnum):
    """What a statement is; the first five wait for an answer (DOMAIN 1.2, S10, S24, S26)."""

    QUESTION = "question"
    SUGGESTION = "suggestion"
    DIFFICULTY = "difficulty"
    NEED = "need"
    POLICY = "policy"
    ANSWER = "answer"

    @property
    def label(self) -> str:
        """Chinese name of the kind."""
        return {
            "question": "问题",
            "suggestion": "建议",
            "difficulty": "困难",
            "need": "需求",
            "policy": "政策",
            "answer": "答复",
        }[self.value]

    @property
    def can_be_followed(self) -> bool:
        """Whether it can be taken back and followed: an answer is the end of it."""
        return self is not StatementKind.ANSWER


class Statement(Base):
    """One statement: by whom, what kind, word for word; in the order in which it was taken down.

    The database refuses to change or delete it (migration 0110); all that may be set, once, is
    that it was read back to the speaker. The same `client_id` is the same statement: a browser
    that got no answer sends again without doubling it.
    """

    __tablename__ = "statement"
    __table_args__ = (
        Index("uq_statement_position", "record_id", "position", unique=True),
        Index("uq_statement_client", "record_id", "client_id", unique=True),
        Index(None, "event_id", "id"),
        Index(None, "organisation_id", "id"),
        Index(None, "speaker_id", "id"),
    )

    record_id: Mapped[int] = mapped_column(ForeignKey("meeting_record.id"))
    # As the record has them: asked about without a join among a million.
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    position: Mapped[int]
    client_id: Mapped[str] = mapped_column(String(40))
    # Nobody where the speaker is not on the roll: then name and post are as they were given.
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    speaker_name: Mapped[str] = mapped_column(String(LONGEST_SPEAKER))
    speaker_post: Mapped[str] = mapped_column(String(LONGEST_POST), default="")
    kind: Mapped[StatementKind] = mapped_column(choice(StatementKind))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # 补录: written down after the gathering was over, by the server's clock.
    is_late: Mapped[bool] = mapped_column(default=False)
    read_back_at: Mapped[datetime | None]
    read_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    record: Mapped[MeetingRecord] = relationship(lazy="raise_on_sql")
    written_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[written_by_id])
    supplements: Mapped[list["Supplement"]] = relationship(
        lazy="raise_on_sql", order_by="Supplement.id"
    )


class Supplement(Base):
    """What was put beside a statement to correct or complete it; never changed either."""

    __tablename__ = "statement_supplement"
    __table_args__ = (Index(None, "statement_id", "id"),)

    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    written_by: Mapped[Person] = relationship(lazy="raise_on_sql")
