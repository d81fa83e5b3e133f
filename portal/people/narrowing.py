"""Lists that can be narrowed to an organisation: which are offered, and what lies below one."""

from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Date, Integer, Select, bindparam, or_, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.people import bound
from portal.people.models import Organisation, OrganisationKind
from portal.people.policies import HOSTS, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody
from portal.statements import Ready

BROAD = (OrganisationKind.SUB_DISTRICT, OrganisationKind.COMMUNITY)
_LAST = "\U0010ffff"


class Choice(NamedTuple):
    """An organisation that a list can be narrowed to."""

    id: int
    short_name: str


def organisations_to_choose(
    person: Somebody, broad: tuple[OrganisationKind, ...] = BROAD
) -> tuple[Choice, ...]:
    """Return the organisations a list can be narrowed to: the `broad` ones, and one's own part."""
    roots = scope(person, HOSTS)
    values = {"today": clock.today(), **bound.values(person, roots)}
    return tuple(Choice._make(row) for row in _organisations(len(roots), broad).rows(values))


def chosen_and_below() -> Select[int]:
    """Select the ids of the organisation in the parameter `org`, and of all below it."""
    org = bindparam("org", type_=Integer)
    root = select(Organisation.path).where(Organisation.id == org).scalar_subquery()
    below = aliased(Organisation)
    return select(below.id).where(below.path >= root, below.path < root.concat(_LAST))


@lru_cache(maxsize=64)
def _organisations(duties: int, broad: tuple[OrganisationKind, ...]) -> Ready:
    roots = bound.roots(duties)
    chosen: ColumnElement[bool] = Organisation.kind.in_(broad)
    return Ready(
        select(Organisation.id, Organisation.short_name)
        .where(
            or_(chosen, in_subtrees(roots)) if roots else chosen,
            or_(
                Organisation.valid_to.is_(None),
                Organisation.valid_to >= bindparam("today", type_=Date),
            ),
        )
        .order_by(Organisation.path)
    )
