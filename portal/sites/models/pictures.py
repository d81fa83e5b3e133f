"""The gallery of a site: few pictures, each with words for whoever cannot see it."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base
from portal.materials.models import Material


class SitePicture(Base):
    """A picture of the library on the page of a site."""

    __tablename__ = "site_picture"
    __table_args__ = (
        Index("uq_site_picture", "site_id", "material_id", unique=True),
        Index(None, "material_id"),
    )

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    material_id: Mapped[int] = mapped_column(ForeignKey("material.id"))
    # What is to be seen, for screen readers; never empty.
    alt_text: Mapped[str] = mapped_column(String(120))
    caption: Mapped[str] = mapped_column(String(120), default="")
    position: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    material: Mapped[Material] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}
