"""What the invited have answered, besides signing up: that they cannot come."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base


class InvitationRefusal(Base):
    """Somebody invited by name who cannot come; signing up later takes it back."""

    __tablename__ = "invitation_refusal"
    __table_args__ = (Index("uq_invitation_refusal", "event_id", "person_id", unique=True),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    answered_at: Mapped[datetime]
