"""Sites as the search page finds them: those that the reader may see."""

from sqlalchemy import select

from portal.people.models import Organisation, Person
from portal.search import hooks
from portal.search.queries import look_up
from portal.sites.models import Site, SiteState
from portal.sites.policies import may_see_sites
from portal.sites.queries import SEARCH_KIND, visible_to


def find(person: Person, typed: str, limit: int, offset: int) -> hooks.Findings:
    """Return sites that match, by name first."""
    rows = (
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
        .where(visible_to(person))
    )
    found, total = look_up(rows, Site.id, SEARCH_KIND, typed, limit=limit, offset=offset)
    return hooks.Findings(
        [
            hooks.Found(
                row.id,
                row.name,
                [row.sort.label, row.compound, row.address, row.short_name],
                state="" if row.state is SiteState.NAMED else row.state.label,
                texts=[row.summary, row.story, row.facilities],
            )
            for row in found
        ],
        total,
    )


SOURCE = hooks.Source(SEARCH_KIND, "点位", "sites.show", "site_id", 30, may_see_sites, find)
