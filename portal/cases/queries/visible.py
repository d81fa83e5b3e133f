"""Who sees which cases, as a condition: the same rule as `policies.may_see`."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from portal.cases.models import Case, CaseHelper
from portal.cases.policies import OFFICERS, OPENERS
from portal.database import one_of
from portal.people import bound
from portal.people.models import Organisation, OrganisationKind
from portal.people.policies import HOSTS, holds_anywhere, is_administrator, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody, Somewhere

_NOTHING = false()


def visible_to(person: Somebody) -> ColumnElement[bool]:
    """Return the condition that the person sees a case."""
    if is_administrator(person):
        return _NOTHING
    own = scope(person, OFFICERS)
    of_units = Organisation.id.in_([one.id for one in own]) if own else None
    return _visible(person.id, scope(person, HOSTS), of_units, holds_anywhere(person, OPENERS))


@dataclass(frozen=True)
class Visible:
    """`visible_to` as a condition that is built once, and the parameters that go with it."""

    condition: ColumnElement[bool]
    parameters: dict[str, Any]


def visible_to_reader(person: Somebody) -> Visible:
    """Return the condition of `visible_to` for statements that are kept."""
    if is_administrator(person):
        return Visible(_NOTHING, {})
    roots, own = scope(person, HOSTS), scope(person, OFFICERS)
    parameters = bound.values(person, roots)
    if own:
        parameters["own_units"] = sorted({one.id for one in own})
    is_opener = holds_anywhere(person, OPENERS)
    return Visible(_visible_to_reader(len(roots), bool(own), is_opener), parameters)


@lru_cache(maxsize=64)
def _visible_to_reader(duties: int, is_officer: bool, is_opener: bool) -> ColumnElement[bool]:
    of_units = one_of(Organisation.id, "own_units") if is_officer else None
    return _visible(bound.reader().id, bound.roots(duties), of_units, is_opener)


def _visible(
    reader_id: Any,
    roots: Sequence[Somewhere],
    of_units: ColumnElement[bool] | None,
    is_opener: bool,
) -> ColumnElement[bool]:
    wanted: list[ColumnElement[bool]] = [Case.lead_person_id == reader_id]
    units: list[ColumnElement[bool]] = []
    if is_opener:
        wanted.append(Case.opened_by_id == reader_id)
    if roots:
        below = in_subtrees(roots)
        units.append(below)
        wanted.append(Case.organisation_id.in_(select(Organisation.id).where(below)))
    if of_units is not None:
        units.append(and_(Organisation.kind == OrganisationKind.UNIT, of_units))
    if units:
        working = select(Organisation.id).where(or_(*units))
        helped = select(CaseHelper.case_id).where(CaseHelper.organisation_id.in_(working))
        wanted += [Case.lead_id.in_(working), Case.id.in_(helped)]
    return or_(*wanted)
