"""Who may write on a sheet: each stage has its own hand. Pure."""

from portal.people.models import Role
from portal.people.policies import holds, is_administrator
from portal.people.readers import Somebody
from portal.sites.models import ScoreSheet, SheetStage, Site
from portal.sites.policies import may_decide, may_keep

COMMUNITY = frozenset({Role.COMMUNITY_SECRETARY, Role.OFFICE})


def may_check(person: Somebody, site: Site) -> bool:
    """The community's secretary checks what a site says of itself; the office may step in."""
    return holds(person, COMMUNITY, site.organisation) and not is_administrator(person)


def may_write(person: Somebody, site: Site, sheet: ScoreSheet) -> bool:
    """Whoever's turn it is; during publicity and afterwards nobody."""
    match sheet.stage:
        case SheetStage.SELF:
            return may_keep(person, site)
        case SheetStage.COMMUNITY:
            return may_check(person, site)
        case SheetStage.OFFICE:
            return may_decide(person, site)
        case _:
            return False
