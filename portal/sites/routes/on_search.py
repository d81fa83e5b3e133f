"""Routes as the search page finds them: those that the reader may see."""

from sqlalchemy import select

from portal.people.models import Organisation, Person
from portal.search import hooks
from portal.search.queries import look_up
from portal.sites.models import Route
from portal.sites.policies import may_see_sites
from portal.sites.routes.queries import SEARCH_KIND, visible_to


def find(person: Person, typed: str, limit: int, offset: int) -> hooks.Findings:
    """Return routes that match, by name first."""
    rows = (
        select(Route.id, Route.name, Route.is_published, Route.summary, Organisation.short_name)
        .join(Organisation, Organisation.id == Route.organisation_id)
        .where(visible_to(person))
    )
    found, total = look_up(rows, Route.id, SEARCH_KIND, typed, limit=limit, offset=offset)
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


SOURCE = hooks.Source(SEARCH_KIND, "路线", "routes.show", "route_id", 35, may_see_sites, find)
