"""What is found: one row of tokens for each thing that can be looked for."""

from sqlalchemy import BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base


class SearchEntry(Base):
    """The tokens of one object; migrations 0003 and 0011 build the full-text index over them.

    SQLite: an FTS5 table kept by triggers. PostgreSQL: a GIN index over a tsvector. The id is
    the object's place in the order in which things are found (`places`), so that the first
    of many matches are found without looking at the others.
    """

    __tablename__ = "search_entry"
    __table_args__ = (Index("uq_search_entry", "kind", "object_id", unique=True),)

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(String(24))
    object_id: Mapped[int]
    # ASCII words with a space between them, see `tokens`.
    tokens: Mapped[str] = mapped_column(Text)
