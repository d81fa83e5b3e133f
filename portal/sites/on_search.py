"""Sites as the search page finds them: those that the reader may see."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from portal.people import bound
from portal.people.models import Organisation
from portal.people.policies import scope
from portal.people.readers import Somebody, Somewhere
from portal.search import hooks
from portal.search.below import find_below
from portal.sites.models import Site, SiteState
from portal.sites.policies import KEEPERS, may_see_sites
from portal.sites.queries import SEARCH_KIND, visible_below


def _said(row: Any) -> hooks.Found:
    return hooks.Found(
        row.id,
        row.name,
        (row.sort.label, row.compound, row.address, row.short_name),
        state="" if row.state is SiteState.NAMED else row.state.label,
        texts=(row.summary, row.story, row.facilities),
    )


@lru_cache(maxsize=64)
def _rows(duties: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Site.id,
            Site.name,
            Site.kind.label("sort"),
            Site.state,
            Site.compound,
            Site.address,
            Site.summary,
            Site.story,
            Site.facilities,
            Organisation.short_name,
        )
        .join(Organisation, Organisation.id == Site.organisation_id)
        .where(visible_below(bound.roots(duties)))
    )


def _roots(person: Somebody) -> list[Somewhere]:
    return scope(person, KEEPERS)


_FIND = find_below(_roots, _rows, Site.id, SEARCH_KIND, _said)
SOURCE = hooks.Source(SEARCH_KIND, "点位", "sites.show", "site_id", 30, may_see_sites, _FIND)
