"""What the page of a site shows, by few statements: what is one to a site comes with its row."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, ScalarSelect, bindparam, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from portal import clock
from portal.database import db
from portal.lists import ShortList, ShortLists
from portal.people import bound
from portal.people.models import Organisation, OrganisationKind, Person, Post
from portal.people.policies import scope
from portal.people.readers import Somebody
from portal.sites.models import (
    Level,
    Route,
    RouteStop,
    Site,
    SiteMove,
    SitePicture,
    SiteState,
    SiteTitle,
)
from portal.sites.policies import KEEPERS
from portal.sites.queries import found_or_unknown, visible_to
from portal.sites.routes.queries import visible_below


class Presented(NamedTuple):
    """A site with its rooms and hours, the community it lies in, and who heads its party.

    Either name is None where there is none: above communities, and without a post in the
    directory.
    """

    site: Site
    community: str | None
    secretary: str | None


def presented(person: Somebody, site_id: int) -> Presented:
    """Return the site if the person may see it; raise NotFoundError else, as if there were none."""
    wanted = (
        select(Site, _community_name(), _secretary_name())
        .join(Organisation, Organisation.id == Site.organisation_id)
        .where(Site.id == site_id, visible_to(person))
        .options(
            joinedload(Site.organisation),
            selectinload(Site.rooms),
            selectinload(Site.opening_hours),
            selectinload(Site.closures),
        )
    )
    row = db.session.execute(wanted, {"today": clock.today()}).one_or_none()
    return Presented._make(found_or_unknown(row))


def _community_name() -> ScalarSelect[str]:
    """Return the name of the community that an organisation is or lies in."""
    above = aliased(Organisation)
    return (
        select(above.name)
        .where(
            above.kind == OrganisationKind.COMMUNITY,
            func.substr(Organisation.path, 1, func.length(above.path)) == above.path,
        )
        .limit(1)
        .correlate(Organisation)
        .scalar_subquery()
    )


def _secretary_name() -> ScalarSelect[str]:
    """Return who heads an organisation today, by the posts in the directory."""
    today = bindparam("today", type_=Date)
    return (
        select(Person.name)
        .join(Post, Post.person_id == Person.id)
        .where(
            Post.organisation_id == Organisation.id,
            Post.title.contains("书记"),
            ~Post.title.contains("副书记"),
            or_(Post.valid_from.is_(None), Post.valid_from <= today),
            or_(Post.valid_to.is_(None), Post.valid_to >= today),
        )
        .order_by(Post.id)
        .limit(1)
        .correlate(Organisation)
        .scalar_subquery()
    )


# ------------------------------------------------------------------ what is told of it


class ShownTitle(NamedTuple):
    """An honour."""

    id: int
    name: str
    title_level: Level
    issuer: str
    document: str
    awarded_on: date | None
    valid_until: date | None

    def is_expired_on(self, day: date) -> bool:
        """Return whether the title holds no longer on that day."""
        return SiteTitle.is_expired_on(self, day)  # type: ignore[arg-type]


class ShownPicture(NamedTuple):
    """A picture of the gallery."""

    material_id: int
    alt_text: str
    caption: str


class ShownMove(NamedTuple):
    """A step of its life; `by` is the name of who wrote it down."""

    to_state: SiteState
    moved_on: date
    reason: str
    document: str
    recorded_at: datetime
    by: str


class ShownRoute(NamedTuple):
    """A route that leads here."""

    id: int
    name: str


class Told(NamedTuple):
    """The short lists of a page, each in its order; of its moves the latest first."""

    titles: Sequence[ShownTitle]
    pictures: Sequence[ShownPicture]
    moves: Sequence[ShownMove]
    routes: Sequence[ShownRoute]

    def honours(self, day: date) -> list[ShownTitle]:
        """Return the honours by level, the highest first, those expired on that day last."""
        levels = list(Level)
        return sorted(
            self.titles, key=lambda one: (one.is_expired_on(day), levels.index(one.title_level))
        )


def told_of(person: Somebody, site: Site) -> Told:
    """Return what is told of a site beside its own words; of routes, those the person may see."""
    roots = scope(person, KEEPERS)
    values = {"site_id": site.id, **bound.values(person, roots)}
    return Told._make(_lists(len(roots)).rows(values))


@lru_cache(maxsize=64)
def _lists(duties: int) -> ShortLists:
    this: Any = bindparam("site_id", type_=Integer)
    through = select(RouteStop.route_id).where(RouteStop.site_id == this)
    return ShortLists(
        ShortList(
            select(*(getattr(SiteTitle, name) for name in ShownTitle._fields)).where(
                SiteTitle.site_id == this
            ),
            [SiteTitle.id],
            ShownTitle._make,
        ),
        ShortList(
            select(*(getattr(SitePicture, name) for name in ShownPicture._fields)).where(
                SitePicture.site_id == this
            ),
            [SitePicture.position, SitePicture.id],
            ShownPicture._make,
        ),
        ShortList(
            select(
                *(getattr(SiteMove, name) for name in ShownMove._fields if name != "by"),
                Person.name,
            )
            .join(Person, Person.id == SiteMove.by_id)
            .where(SiteMove.site_id == this),
            [SiteMove.id.desc()],
            ShownMove._make,
        ),
        ShortList(
            select(Route.id, Route.name).where(
                Route.id.in_(through), visible_below(bound.roots(duties))
            ),
            [Route.name, Route.id],
            ShownRoute._make,
        ),
    )
