"""A site: what its page says, where it stands in its life, and its titles (DOMAIN 2.11)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.people.models import Organisation, Person
from portal.sites.models.lifecycle import SiteState
from portal.sites.models.rooms import Closure, OpeningHours, Room

# A place on the sketch is told in thousandths of its width and height, from the upper left.
SKETCH_SIDE = 1000


class SiteKind(StrEnum):
    """What people visit it for."""

    RED_PROPERTY = "red_property"
    SERVICE_CENTRE = "service_centre"
    SCIENCE_BASE = "science_base"
    CIVILISATION = "civilisation"
    INDUSTRY = "industry"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Chinese name of the kind."""
        return {
            "red_property": "红色物业示范点",
            "service_centre": "党群服务阵地",
            "science_base": "科普教育基地",
            "civilisation": "文明实践基地",
            "industry": "特色街区与行业",
            "other": "其他点位",
        }[self.value]


class Level(StrEnum):
    """Who stands behind a name or a title, the highest first."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    MUNICIPAL = "municipal"
    DISTRICT = "district"
    SUB_DISTRICT = "sub_district"
    COMMUNITY = "community"

    @property
    def label(self) -> str:
        """Chinese name of the level."""
        return {
            "national": "国家级",
            "provincial": "省级",
            "municipal": "市级",
            "district": "区级",
            "sub_district": "街道级",
            "community": "社区级",
        }[self.value]


class CoordinateSystem(StrEnum):
    """The reference system of a pair of coordinates: never guessed, never converted silently."""

    GCJ02 = "gcj02"
    CGCS2000 = "cgcs2000"

    @property
    def label(self) -> str:
        """The system as offices write it."""
        return {"gcj02": "GCJ-02", "cgcs2000": "CGCS2000"}[self.value]


class Site(Base):
    """A place that people visit: a red-property demonstration site or a stop of a route."""

    __tablename__ = "site"
    __table_args__ = (
        CheckConstraint(
            "(longitude IS NULL AND latitude IS NULL AND crs IS NULL)"
            " OR (longitude BETWEEN -180 AND 180 AND latitude BETWEEN -90 AND 90"
            " AND crs IS NOT NULL)",
            name="coordinates_whole",
        ),
        CheckConstraint(
            "(sketch_x IS NULL AND sketch_y IS NULL)"
            " OR (sketch_x BETWEEN 0 AND 1000 AND sketch_y BETWEEN 0 AND 1000)",
            name="on_the_sketch",
        ),
        CheckConstraint("valid_until IS NULL OR valid_until >= named_on", name="validity"),
        CheckConstraint("review_months IS NULL OR review_months > 0", name="review_interval"),
        Index("uq_site", "organisation_id", "name", unique=True),
        Index(None, "state"),
        Index(None, "review_due_on"),
    )

    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[SiteKind] = mapped_column(choice(SiteKind), default=SiteKind.RED_PROPERTY)
    state: Mapped[SiteState] = mapped_column(choice(SiteState), default=SiteState.NOMINATED)
    # The party organisation it belongs to: its part of the tree keeps the page.
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    summary: Mapped[str] = mapped_column(Text, default="")
    story: Mapped[str] = mapped_column(Text, default="")
    compound: Mapped[str] = mapped_column(String(80), default="")
    property_company: Mapped[str] = mapped_column(String(80), default="")
    facilities: Mapped[str] = mapped_column(Text, default="")
    accessibility: Mapped[str] = mapped_column(String(200), default="")
    deliberation: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(String(120), default="")
    address: Mapped[str] = mapped_column(String(120), default="")
    transport: Mapped[str] = mapped_column(Text, default="")
    # How it was named: the document that says so, and until when (DOMAIN 2.11).
    naming_document: Mapped[str] = mapped_column(String(120), default="")
    naming_level: Mapped[Level | None] = mapped_column(choice(Level))
    named_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    # When it is to be looked at again; `review_months` stands above the portal's setting.
    review_due_on: Mapped[date | None]
    review_months: Mapped[int | None]
    longitude: Mapped[float | None] = mapped_column(Float)
    latitude: Mapped[float | None] = mapped_column(Float)
    crs: Mapped[CoordinateSystem | None] = mapped_column(choice(CoordinateSystem))
    sketch_x: Mapped[int | None]
    sketch_y: Mapped[int | None]
    # The place was read from a text, not measured.
    is_approximate: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    created_by: Mapped[Person] = relationship(lazy="raise_on_sql")
    rooms: Mapped[list[Room]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="Room.position, Room.id"
    )
    opening_hours: Mapped[list[OpeningHours]] = relationship(
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        order_by="OpeningHours.weekday, OpeningHours.opens_minute",
    )
    closures: Mapped[list[Closure]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="Closure.starts_on, Closure.id"
    )
    titles: Mapped[list["SiteTitle"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="SiteTitle.id"
    )

    __mapper_args__ = {"version_id_col": version}

    def is_expired_on(self, day: date) -> bool:
        """Return whether the name it was given holds no longer on that day."""
        return self.valid_until is not None and self.valid_until < day


class SiteTitle(Base):
    """An honour of a site: by whom, by which document, until when."""

    __tablename__ = "site_title"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until >= awarded_on", name="validity"),
        Index("uq_site_title", "site_id", "name", "title_level", "awarded_on", unique=True),
    )

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    title_level: Mapped[Level] = mapped_column(choice(Level))
    issuer: Mapped[str] = mapped_column(String(80), default="")
    document: Mapped[str] = mapped_column(String(120), default="")
    awarded_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    def is_expired_on(self, day: date) -> bool:
        """Return whether the title holds no longer on that day."""
        return self.valid_until is not None and self.valid_until < day


__all__ = ["CoordinateSystem", "Level", "Site", "SiteKind", "SiteState", "SiteTitle"]
