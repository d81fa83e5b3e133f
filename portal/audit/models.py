"""The audit chain's tables; triggers in the migration refuse UPDATE and DELETE."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base


class AuditEntry(Base):
    """One act: `hash` = SHA-256 over the entry and the hash of the one before it."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "object_type", "object_id"),
        Index(None, "actor_id"),
        Index(None, "action", "id"),
        Index(None, "at"),
    )

    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(60))
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(60))
    details: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(String(60))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The chain's last link, one row: locked while a link is added, so links never fork."""

    __tablename__ = "audit_head"

    last_id: Mapped[int]
    last_hash: Mapped[str] = mapped_column(String(64))
