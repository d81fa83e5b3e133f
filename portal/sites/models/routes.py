"""Routes: sites in order, with the minutes at each and on the way to the next (DOMAIN 2.9)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base
from portal.people.models import Organisation, Person
from portal.sites.models.site import Site


class Route(Base):
    """A walk from site to site; only its keepers see it until it is published."""

    __tablename__ = "route"
    __table_args__ = (
        CheckConstraint(
            "starts_minute IS NULL OR starts_minute BETWEEN 0 AND 1439", name="starts_within_a_day"
        ),
        Index(None, "organisation_id"),
    )

    name: Mapped[str] = mapped_column(String(80))
    summary: Mapped[str] = mapped_column(Text, default="")
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    contact: Mapped[str] = mapped_column(String(120), default="")
    is_published: Mapped[bool] = mapped_column(default=True)
    # When it usually sets out, in minutes of China's day; each walk may say otherwise.
    starts_minute: Mapped[int | None]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    created_by: Mapped[Person] = relationship(lazy="raise_on_sql")
    stops: Mapped[list["RouteStop"]] = relationship(
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        order_by="RouteStop.position, RouteStop.id",
    )

    __mapper_args__ = {"version_id_col": version}


class RouteStop(Base):
    """A site on a route: minutes spent there, minutes (and metres) on foot to the next stop."""

    __tablename__ = "route_stop"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes_positive"),
        CheckConstraint("walk_minutes >= 0", name="walk"),
        CheckConstraint("walk_metres IS NULL OR walk_metres >= 0", name="metres"),
        Index(None, "route_id", "position"),
        Index(None, "site_id"),
    )

    route_id: Mapped[int] = mapped_column(ForeignKey("route.id", ondelete="CASCADE"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    # From 1; rewritten without gaps whenever the order changes, under the route's lock.
    position: Mapped[int]
    minutes: Mapped[int]
    walk_minutes: Mapped[int] = mapped_column(default=0)
    walk_metres: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(200), default="")

    site: Mapped[Site] = relationship(lazy="raise_on_sql")
