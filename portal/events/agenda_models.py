"""The rows of an agenda."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base


class AgendaItem(Base):
    """One item: what, by whom, and for how many minutes if that is known."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        Index("uq_agenda_item", "event_id", "position", unique=True),
        CheckConstraint("minutes IS NULL OR minutes > 0", name="minutes_positive"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    speaker: Mapped[str] = mapped_column(String(60), default="")
    minutes: Mapped[int | None]
