"""What the search page offers, and the index of organisations."""

from collections.abc import Sequence

from flask import Flask

from portal.cases.on_search import SOURCE as CASES
from portal.events.on_search import SOURCE as EVENTS
from portal.find import queries
from portal.lessons.on_search import SOURCE as LESSONS
from portal.materials.on_search import SOURCE as MATERIALS
from portal.people import hooks as people_hooks
from portal.people.models import Organisation
from portal.people.policies import is_administrator, may_list_people
from portal.people.readers import Somebody
from portal.records.on_search import RECORDS, STATEMENTS
from portal.search import hooks
from portal.search import services as search
from portal.sites.on_search import SOURCE as SITES
from portal.sites.routes.on_search import SOURCE as ROUTES

PEOPLE = hooks.Source(
    "person", "人员", "people.show", "person_id", 50, may_list_people, queries.find_people
)


def _may_find_organisations(person: Somebody) -> bool:
    return may_list_people(person) and not is_administrator(person)


ORGANISATIONS = hooks.Source(
    queries.ORGANISATION_KIND,
    "组织",
    "people.organisation",
    "organisation_id",
    60,
    _may_find_organisations,
    queries.find_organisations,
)


def index(named: Sequence[Organisation]) -> None:
    """Make organisations findable by the names they bear now; what stands higher comes first."""
    for one in named:
        search.index(
            queries.ORGANISATION_KIND,
            one.id,
            titles=[one.name, one.short_name, one.code],
            rank=100 - one.path.count("/"),
        )


# What the rooms offer, each by its own rules; a new kind is one more name here.
OFFERED = (
    EVENTS,
    LESSONS,
    CASES,
    RECORDS,
    STATEMENTS,
    SITES,
    ROUTES,
    MATERIALS,
    PEOPLE,
    ORGANISATIONS,
)


def init_app(_app: Flask) -> None:
    """Offer what can be found; follow the names of organisations."""
    for source in OFFERED:
        hooks.offer(source)
    if index not in people_hooks.names_changed:
        people_hooks.names_changed.append(index)
