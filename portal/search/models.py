"""What is found: one row of tokens for each thing that can be looked for."""

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base


class SearchEntry(Base):
    """The tokens of one object; migration 0003 builds the full-text index over them.

    SQLite: an FTS5 table kept by triggers. PostgreSQL: a GIN index over a tsvector.
    """

    __tablename__ = "search_entry"
    __table_args__ = (Index("uq_search_entry", "kind", "object_id", unique=True),)

    kind: Mapped[str] = mapped_column(String(24))
    object_id: Mapped[int]
    # ASCII words with a space between them, see `tokens`.
    tokens: Mapped[str] = mapped_column(Text)
