"""Questions about sites."""

from collections.abc import Collection, Sequence
from typing import NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock, paging
from portal.database import db
from portal.errors import NotFoundError
from portal.people.models import Organisation, OrganisationKind
from portal.people.policies import is_administrator, scope
from portal.people.queries import begins_with, in_subtrees
from portal.people.readers import Somebody, Somewhere
from portal.search.queries import matches
from portal.sites import hooks
from portal.sites.filters import Filters
from portal.sites.models import (
    Closure,
    Room,
    Site,
    SiteKind,
    SiteMove,
    SiteReview,
    SiteState,
    SiteTitle,
)
from portal.sites.policies import KEEPERS

# What sites are called in the search index.
SEARCH_KIND = "site"
# The sketch shows all that a sub-district has (DOMAIN 4.2: 5-30 sites, 20-60 stops of routes).
MOST_ON_A_MAP = 300
_UNKNOWN = "没有找到这个点位，可能已被移走，或者不对您开放。"
Found = TypeVar("Found")
_BROAD = (OrganisationKind.SUB_DISTRICT, OrganisationKind.COMMUNITY)


def _whole() -> Select[Site]:
    """Select sites with all that the site's own page shows."""
    return select(Site).options(
        joinedload(Site.organisation),
        selectinload(Site.rooms),
        selectinload(Site.opening_hours),
        selectinload(Site.closures),
        selectinload(Site.titles),
    )


def site(site_id: int) -> Site:
    """Return one site with everything on its page; raise NotFoundError."""
    return _found(_whole().where(Site.id == site_id))


def site_seen_by(person: Somebody, site_id: int) -> Site:
    """Return the site if the person may see it; raise NotFoundError else, as if there were none.

    The way in for every page about one site.
    """
    return _found(_whole().where(Site.id == site_id, visible_to(person)))


def site_to_change(person: Somebody, site_id: int) -> Site:
    """Return the site as `site_seen_by` does, its row locked until the transaction ends."""
    wanted = _whole().where(Site.id == site_id, visible_to(person))
    return _found(wanted.with_for_update(of=Site))


def _found(wanted: Select[Site]) -> Site:
    return found_or_unknown(db.session.scalars(wanted).unique().one_or_none())


def found_or_unknown(found: Found | None) -> Found:
    """Return what was found; raise NotFoundError for nothing, in words that give nothing away."""
    if found is None:
        raise NotFoundError(_UNKNOWN)
    return found


def visible_to(person: Somebody) -> ColumnElement[bool]:
    """Return the condition that the person may see a site: `policies.may_see` in SQL."""
    if is_administrator(person):
        return false()
    return visible_below(scope(person, KEEPERS))


def visible_below(roots: Collection[Somewhere]) -> ColumnElement[bool]:
    """Return the condition that whoever keeps the sites of these organisations may see a site."""
    named = Site.state != SiteState.NOMINATED
    return or_(named, _kept_below(roots)) if roots else named


def kept_by(person: Somebody) -> ColumnElement[bool]:
    """Return the condition that the person keeps a site: `policies.may_keep` in SQL."""
    if is_administrator(person):
        return false()
    return _kept_below(scope(person, KEEPERS))


def _kept_below(roots: Collection[Somewhere]) -> ColumnElement[bool]:
    if not roots:
        return false()
    return Site.organisation_id.in_(select(Organisation.id).where(in_subtrees(roots)))


# ------------------------------------------------------------------ lists


class ListedSite(NamedTuple):
    """What a list and a map say of a site."""

    id: int
    name: str
    kind: SiteKind
    state: SiteState
    compound: str
    address: str
    sketch_x: int | None
    sketch_y: int | None
    is_approximate: bool
    organisation_name: str


_COLUMNS = [getattr(Site, name) for name in ListedSite._fields if name != "organisation_name"]


def _listed(person: Somebody, filters: Filters) -> Select[ListedSite]:
    wanted = (
        select(*_COLUMNS, Organisation.short_name)
        .join(Organisation, Organisation.id == Site.organisation_id)
        .where(visible_to(person))
    )
    if filters.q:
        wanted = wanted.where(matches(Site.id, SEARCH_KIND, filters.q))
    if filters.kind is not None:
        wanted = wanted.where(Site.kind == filters.kind)
    if filters.state is not None:
        wanted = wanted.where(Site.state == filters.state)
    else:
        wanted = wanted.where(Site.state != SiteState.DELISTED)
    if filters.org is not None:
        root = db.session.scalar(select(Organisation.path).where(Organisation.id == filters.org))
        within = begins_with(Organisation.path, root) if root else false()
        wanted = wanted.where(within)
    return wanted.order_by(Organisation.path, Site.name, Site.id)


def page_of_list(person: Somebody, filters: Filters, number: int) -> paging.Page[ListedSite]:
    """Return page `number` of the sites that the person may see and asks for, by organisation."""
    return paging.page_of_rows(paging.paged(_listed(person, filters)), number, ListedSite._make, {})


def on_the_map(person: Somebody, filters: Filters) -> list[ListedSite]:
    """Return the sites asked for, those without a place on the sketch too, in order."""
    rows = db.session.execute(_listed(person, filters).limit(MOST_ON_A_MAP))
    return [ListedSite._make(row) for row in rows]


def titles_of(site_ids: Collection[int]) -> dict[int, list[SiteTitle]]:
    """Return the titles that hold today, by site."""
    found: dict[int, list[SiteTitle]] = {}
    if not site_ids:
        return found
    today = clock.today()
    wanted = select(SiteTitle).where(
        SiteTitle.site_id.in_(site_ids),
        or_(SiteTitle.valid_until.is_(None), SiteTitle.valid_until >= today),
    )
    for title in db.session.scalars(wanted.order_by(SiteTitle.id)):
        found.setdefault(title.site_id, []).append(title)
    return found


def row_facts(site_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return for each site the lines that the rooms above add to its row."""
    found: dict[int, list[str]] = {}
    for facts in hooks.row_facts if site_ids else []:
        for site_id, line in facts(site_ids).items():
            found.setdefault(site_id, []).append(line)
    return found


class Place(NamedTuple):
    """An organisation that a list can be narrowed to."""

    id: int
    short_name: str


def organisations_to_choose() -> list[Place]:
    """Return the sub-district and its communities that exist today."""
    today = clock.today()
    rows = db.session.execute(
        select(Organisation.id, Organisation.short_name)
        .where(
            Organisation.kind.in_(_BROAD),
            or_(Organisation.valid_to.is_(None), Organisation.valid_to >= today),
        )
        .order_by(Organisation.path)
    )
    return [Place._make(row) for row in rows]


# ------------------------------------------------------------------ about one site


def moves_of(site: Site) -> Sequence[SiteMove]:
    """Return the site's life, the latest first, with who decided."""
    return db.session.scalars(
        select(SiteMove)
        .where(SiteMove.site_id == site.id)
        .options(joinedload(SiteMove.by))
        .order_by(SiteMove.id.desc())
    ).all()


def reviews_of(site: Site) -> Sequence[SiteReview]:
    """Return the reviews that were done, the latest first."""
    return db.session.scalars(
        select(SiteReview)
        .where(SiteReview.site_id == site.id)
        .options(joinedload(SiteReview.by))
        .order_by(SiteReview.id.desc())
    ).all()


def room_of(site: Site, room_id: int) -> Room:
    """Return a room of this site; raise NotFoundError."""
    for room in site.rooms:
        if room.id == room_id:
            return room
    raise NotFoundError("这个点位没有这间场地，可能刚被删除。")


def closure_of(site: Site, closure_id: int) -> Closure:
    """Return a closure of this site; raise NotFoundError."""
    for closure in site.closures:
        if closure.id == closure_id:
            return closure
    raise NotFoundError("没有找到这条闭馆安排，可能刚被删除。")


def title_of(site: Site, title_id: int) -> SiteTitle:
    """Return a title of this site; raise NotFoundError."""
    for title in site.titles:
        if title.id == title_id:
            return title
    raise NotFoundError("没有找到这项荣誉，可能刚被删除。")
