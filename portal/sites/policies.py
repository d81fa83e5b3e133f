"""Who may: pure predicates over a person and a site or a route.

The keeper of a site and the secretaries above it keep its page; the sub-district office names,
reviews and delists. Everybody sees a site that has been named; one that is only put forward is
seen by its keepers. The three administrators see no business data.
"""

from portal.people.models import Organisation, Role
from portal.people.policies import SECRETARIES, holds, holds_anywhere, is_administrator
from portal.people.readers import Somebody
from portal.sites.models import Route, Site, SiteState

KEEPERS = SECRETARIES | {Role.SITE_KEEPER}
OFFICE = frozenset({Role.OFFICE})


def may_create(person: Somebody) -> bool:
    """Secretaries put a site forward."""
    return holds_anywhere(person, SECRETARIES) and not is_administrator(person)


def may_create_for(person: Somebody, organisation: Organisation) -> bool:
    """Only in one's own part of the tree may a site be put forward."""
    return holds(person, SECRETARIES, organisation) and not is_administrator(person)


def may_keep(person: Somebody, site: Site) -> bool:
    """The keeper and the secretaries of its organisation, and the office above them."""
    return holds(person, KEEPERS, site.organisation) and not is_administrator(person)


def may_edit(person: Somebody, site: Site) -> bool:
    """Whoever keeps a site changes its page, titles, pictures, rooms and hours."""
    return may_keep(person, site)


def may_nominate(person: Somebody, site: Site) -> bool:
    """Secretaries put a delisted site forward anew, and take back what was not named."""
    return may_create_for(person, site.organisation)


def may_decide(person: Somebody, site: Site) -> bool:
    """The office names a site, reviews it, asks to put it right, and delists it."""
    return holds(person, OFFICE, site.organisation) and not is_administrator(person)


def may_decide_somewhere(person: Somebody) -> bool:
    """Those who may decide about any site."""
    return holds_anywhere(person, OFFICE) and not is_administrator(person)


def may_see(person: Somebody, site: Site) -> bool:
    """Keepers always; others once it has been named, delisted sites too."""
    if is_administrator(person):
        return False
    return site.state is not SiteState.NOMINATED or may_keep(person, site)


def may_see_sites(person: Somebody) -> bool:
    """Everybody but the three administrators."""
    return not is_administrator(person)


def may_watch_reviews(person: Somebody) -> bool:
    """Those who keep any site know what is due."""
    return holds_anywhere(person, KEEPERS) and not is_administrator(person)


def may_create_route(person: Somebody) -> bool:
    """Those who keep sites, and secretaries, lay routes."""
    return holds_anywhere(person, KEEPERS) and not is_administrator(person)


def may_create_route_for(person: Somebody, organisation: Organisation) -> bool:
    """Only in one's own part of the tree."""
    return holds(person, KEEPERS, organisation) and not is_administrator(person)


def may_edit_route(person: Somebody, route: Route) -> bool:
    """Those who keep sites for the organisation that laid it, and those above."""
    return may_create_route_for(person, route.organisation)


def may_see_route(person: Somebody, route: Route) -> bool:
    """Its keepers always, others once it is published."""
    if is_administrator(person):
        return False
    return route.is_published or may_edit_route(person, route)
