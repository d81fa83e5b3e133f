"""Stored files, the materials of the library, and uploads under way."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.people.models import Organisation, Person

LONGEST_TITLE = 120
LONGEST_FILENAME = 160


class MaterialKind(StrEnum):
    """What a file is, as its content says."""

    DOCUMENT = "document"
    SLIDES = "slides"
    SPREADSHEET = "spreadsheet"
    PICTURE = "picture"
    AUDIO = "audio"
    VIDEO = "video"

    @property
    def label(self) -> str:
        """Chinese name of the kind."""
        return {
            "document": "文档",
            "slides": "课件",
            "spreadsheet": "表格",
            "picture": "图片",
            "audio": "音频",
            "video": "视频",
        }[self.value]


class StoredFile(Base):
    """Bytes that are kept once, under the SHA-256 of what they are.

    `source_digest` is that of what was uploaded: pictures are made anew, so it may differ.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        CheckConstraint("size > 0", name="size_positive"),
        Index(None, "source_digest"),
    )

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    source_digest: Mapped[str] = mapped_column(String(64))
    # What browsers are told; of texts with their encoding.
    media_type: Mapped[str] = mapped_column(String(100))
    extension: Mapped[str] = mapped_column(String(8))
    size: Mapped[int] = mapped_column(BigInteger)
    # Of pictures, in pixels.
    width: Mapped[int | None]
    height: Mapped[int | None]
    created_at: Mapped[datetime]


class Material(Base):
    """A file of the library: what it is called, whose it is, who put it there."""

    __tablename__ = "material"
    __table_args__ = (
        # Nobody puts the same file twice into an organisation's part of the library.
        Index("uq_material", "organisation_id", "file_id", "uploaded_by_id", unique=True),
        Index(None, "file_id"),
        Index(None, "uploaded_by_id"),
        Index(None, "poster_id"),
    )

    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    kind: Mapped[MaterialKind] = mapped_column(choice(MaterialKind))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    # What the file was called where it came from.
    filename: Mapped[str] = mapped_column(String(LONGEST_FILENAME))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
    # The picture that stands for a video before it is played.
    poster_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    archived_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    file: Mapped[StoredFile] = relationship(lazy="raise_on_sql", foreign_keys=[file_id])
    poster: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql", foreign_keys=[poster_id])
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    uploaded_by: Mapped[Person] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_archived(self) -> bool:
        """Whether it was put away: nobody chooses it any more, what uses it goes on."""
        return self.archived_at is not None


class UploadUnderWay(Base):
    """A file that arrives in pieces; how much has arrived is the length of its part on disk."""

    __tablename__ = "upload_under_way"
    __table_args__ = (
        CheckConstraint("length > 0", name="length_positive"),
        Index(None, "person_id"),
        Index(None, "expires_at"),
    )

    # The SHA-256 of the key that stands in its address.
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    filename: Mapped[str] = mapped_column(String(LONGEST_FILENAME))
    length: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[datetime]
    # What became of it, once it had arrived: a material, or the sentence that refused it.
    material_id: Mapped[int | None] = mapped_column(ForeignKey("material.id", ondelete="CASCADE"))
    was_known: Mapped[bool] = mapped_column(default=False)
    refusal: Mapped[str] = mapped_column(String(300), default="")

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")

    @property
    def is_settled(self) -> bool:
        """Whether it has arrived and been judged."""
        return self.material_id is not None or bool(self.refusal)
