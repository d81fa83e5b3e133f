"""Who may what with sites and routes: a truth table."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.database import db
from portal.people.models import Person, RoleGrant
from portal.sites import policies, queries
from portal.sites.models import Route, Site, SiteState
from portal.sites.routes import queries as routes
from tests import factories
from tests.factories import Street

WHO = ("a", "recorder", "branch", "secretary", "keeper", "officer", "visitor", "office", "sysadmin")
KEEPERS = {"branch", "secretary", "keeper", "office"}
SECRETARIES = {"branch", "secretary", "office"}
BUSINESS = set(WHO) - {"sysadmin"}


def known(person: Person) -> Person:
    to_grants = selectinload(Person.grants).joinedload(RoleGrant.organisation)
    statement = select(Person).where(Person.id == person.id).options(to_grants)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


@pytest.mark.parametrize("who", WHO)
def test_rights_over_a_site_inside(street: Street, who: str) -> None:
    person = known(getattr(street, who))
    site = queries.site(factories.site(street.branch_one, street.office).id)
    assert policies.may_keep(person, site) == (who in KEEPERS)
    assert policies.may_edit(person, site) == (who in KEEPERS)
    assert policies.may_nominate(person, site) == (who in SECRETARIES)
    assert policies.may_decide(person, site) == (who == "office")
    assert policies.may_create(person) == (who in SECRETARIES)
    assert policies.may_watch_reviews(person) == (who in KEEPERS)
    assert policies.may_create_route(person) == (who in KEEPERS)
    assert policies.may_see_sites(person) == (who in BUSINESS)
    assert policies.may_decide_somewhere(person) == (who == "office")


@pytest.mark.parametrize("who", WHO)
def test_rights_over_a_site_elsewhere(street: Street, who: str) -> None:
    person = known(getattr(street, who))
    site = queries.site(factories.site(street.branch_far, street.office).id)
    assert policies.may_keep(person, site) == (who == "office")
    assert policies.may_nominate(person, site) == (who == "office")
    assert policies.may_create_for(person, site.organisation) == (who == "office")


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("state", list(SiteState))
def test_who_sees_a_site_and_the_query_agrees(street: Street, who: str, state: SiteState) -> None:
    person = known(getattr(street, who))
    made: dict[str, Any] = {
        "inside": factories.site(street.branch_one, street.office, state=state),
        "outside": factories.site(street.branch_far, street.office, state=state),
    }
    for side, row in made.items():
        site = queries.site(row.id)
        keeps = who in KEEPERS if side == "inside" else who == "office"
        wanted = who in BUSINESS and (state is not SiteState.NOMINATED or keeps)
        assert policies.may_see(person, site) == wanted
        found = db.session.scalar(
            select(Site.id).where(Site.id == site.id, queries.visible_to(person))
        )
        assert (found is not None) == wanted
        kept = db.session.scalar(select(Site.id).where(Site.id == site.id, queries.kept_by(person)))
        assert (kept is not None) == keeps


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("is_published", [True, False])
def test_who_sees_a_route_and_the_query_agrees(
    street: Street, who: str, is_published: bool
) -> None:
    person = known(getattr(street, who))
    for organisation, keeps in (
        (street.branch_one, who in KEEPERS),
        (street.branch_far, who == "office"),
    ):
        made = factories.route(organisation, street.office, [], is_published=is_published)
        route = routes.route(made.id)
        assert policies.may_edit_route(person, route) == keeps
        wanted = who in BUSINESS and (is_published or keeps)
        assert policies.may_see_route(person, route) == wanted
        found = db.session.scalar(
            select(Route.id).where(Route.id == route.id, routes.visible_to(person))
        )
        assert (found is not None) == wanted
