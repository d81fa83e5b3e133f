"""Who answers for a site: those who are told of what takes place there."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.database import db
from portal.people.models import Organisation, Role, RoleGrant
from portal.people.policies import SECRETARIES
from portal.sites.models import Site


def answering_for(site: Site, *, but: int = 0) -> Select[Any]:
    """Select those who answer for a site, `but` one person: its keepers, else its secretaries."""
    above = aliased(Organisation)
    today = clock.today()

    def holding(roles: Collection[Role]) -> Select[Any]:
        return (
            select(RoleGrant.person_id)
            .join(above, above.id == RoleGrant.organisation_id)
            .where(
                RoleGrant.role.in_(roles),
                or_(RoleGrant.valid_from.is_(None), RoleGrant.valid_from <= today),
                or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
                func.substr(site.organisation.path, 1, func.length(above.path)) == above.path,
            )
        )

    keepers = holding({Role.SITE_KEEPER})
    if db.session.scalar(keepers.limit(1)) is None:
        keepers = holding(SECRETARIES - {Role.OFFICE})
    return keepers.where(RoleGrant.person_id != but)
