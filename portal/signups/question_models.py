"""What an event asks of those who sign up, and what they have answered."""

from datetime import timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, choice

# Answers serve one event: so long after its end they are deleted.
ANSWERS_KEPT = timedelta(days=30)
LONGEST_ANSWER = 200


class QuestionKind(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"

    @property
    def label(self) -> str:
        """Chinese name of the kind."""
        return {"text": "文字", "choice": "选择", "number": "数字"}[self.value]


class SignupQuestion(Base):
    """One question of an event's sign-up."""

    __tablename__ = "signup_question"
    __table_args__ = (Index(None, "event_id", "position"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(60))
    kind: Mapped[QuestionKind] = mapped_column(choice(QuestionKind))
    is_required: Mapped[bool]


class SignupChoice(Base):
    """One of the answers to choose from, and how many may choose it (None: no limit)."""

    __tablename__ = "signup_choice"
    __table_args__ = (
        Index(None, "question_id", "position"),
        CheckConstraint("most IS NULL OR most > 0", name="most_positive"),
    )

    question_id: Mapped[int] = mapped_column(ForeignKey("signup_question.id", ondelete="CASCADE"))
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(40))
    most: Mapped[int | None]


class SignupAnswer(Base):
    """What one sign-up answers to one question: words, a number in words, or a choice."""

    __tablename__ = "signup_answer"
    __table_args__ = (
        Index("uq_signup_answer", "signup_id", "question_id", unique=True),
        Index(None, "question_id"),
        Index(None, "choice_id"),
    )

    signup_id: Mapped[int] = mapped_column(ForeignKey("signup.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("signup_question.id", ondelete="CASCADE"))
    choice_id: Mapped[int | None] = mapped_column(
        ForeignKey("signup_choice.id", ondelete="CASCADE")
    )
    words: Mapped[str] = mapped_column(String(LONGEST_ANSWER))
