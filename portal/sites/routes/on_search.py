"""Routes as the search page finds them: those that the reader may see."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from portal.people import bound
from portal.people.models import Organisation
from portal.people.policies import scope
from portal.people.readers import Somebody, Somewhere
from portal.search import hooks
from portal.search.below import find_below
from portal.sites.models import Route
from portal.sites.policies import KEEPERS, may_see_sites
from portal.sites.routes.queries import SEARCH_KIND, visible_below


def _said(row: Any) -> hooks.Found:
    return hooks.Found(
        row.id,
        row.name,
        (row.short_name,),
        state="" if row.is_published else "未发布",
        texts=(row.summary,),
    )


@lru_cache(maxsize=64)
def _rows(duties: int) -> Select[*tuple[Any, ...]]:
    return (
        select(Route.id, Route.name, Route.is_published, Route.summary, Organisation.short_name)
        .join(Organisation, Organisation.id == Route.organisation_id)
        .where(visible_below(bound.roots(duties)))
    )


def _roots(person: Somebody) -> list[Somewhere]:
    return scope(person, KEEPERS)


_FIND = find_below(_roots, _rows, Route.id, SEARCH_KIND, _said)
SOURCE = hooks.Source(SEARCH_KIND, "路线", "routes.show", "route_id", 35, may_see_sites, _FIND)
