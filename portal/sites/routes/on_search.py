"""Routes as the search page finds them: those that the reader may see."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from portal.people import bound
from portal.people.models import Organisation
from portal.people.policies import scope
from portal.people.readers import Somebody
from portal.search import hooks
from portal.search.queries import look_up
from portal.sites.models import Route
from portal.sites.policies import KEEPERS, may_see_sites
from portal.sites.routes.queries import SEARCH_KIND, visible_below


def find(person: Somebody, typed: str, limit: int, offset: int) -> hooks.Findings:
    """Return routes that match, by name first."""
    roots = scope(person, KEEPERS)
    found, total = look_up(
        _rows(len(roots)),
        Route.id,
        SEARCH_KIND,
        typed,
        limit=limit,
        offset=offset,
        values=bound.values(person, roots),
    )
    return hooks.Findings(
        [
            hooks.Found(
                row.id,
                row.name,
                [row.short_name],
                state="" if row.is_published else "未发布",
                texts=[row.summary],
            )
            for row in found
        ],
        total,
    )


@lru_cache(maxsize=64)
def _rows(duties: int) -> Select[*tuple[Any, ...]]:
    return (
        select(Route.id, Route.name, Route.is_published, Route.summary, Organisation.short_name)
        .join(Organisation, Organisation.id == Route.organisation_id)
        .where(visible_below(bound.roots(duties)))
    )


SOURCE = hooks.Source(SEARCH_KIND, "路线", "routes.show", "route_id", 35, may_see_sites, find)
