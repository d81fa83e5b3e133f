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
# How many strokes the path of an organisation has that none stands above.
_OF_A_ROOT = 2


def visible_to(person: Somebody) -> ColumnElement[bool]:
    """Return the condition that the person sees a case."""
    if is_administrator(person):
        return _NOTHING
    own = scope(person, OFFICERS)
    of_units = Organisation.id.in_([one.id for one in own]) if own else None
    roots, is_opener = scope(person, HOSTS), holds_anywhere(person, OPENERS)
    return _visible(person.id, roots, of_units, is_opener, _is_wide(roots))


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
    found = _visible_to_reader(len(roots), bool(own), is_opener, _is_wide(roots))
    return Visible(found, parameters)


@lru_cache(maxsize=64)
def _visible_to_reader(
    duties: int, is_officer: bool, is_opener: bool, is_wide: bool
) -> ColumnElement[bool]:
    of_units = one_of(Organisation.id, "own_units") if is_officer else None
    return _visible(bound.reader().id, bound.roots(duties), of_units, is_opener, is_wide)


def _is_wide(roots: Sequence[Somewhere]) -> bool:
    """Whether somebody stands so high that nearly every case is seen.

    Then a list is walked in its order until the page is full, and nothing is gathered first.
    """
    return any(root.path.count("/") == _OF_A_ROOT for root in roots)


def _visible(
    reader_id: Any,
    roots: Sequence[Somewhere],
    of_units: ColumnElement[bool] | None,
    is_opener: bool,
    is_wide: bool,
) -> ColumnElement[bool]:
    def asked(column: Any) -> Any:
        # An expression has no index: the database has no choice but to walk.
        return column + 0 if is_wide else column

    wanted: list[ColumnElement[bool]] = [asked(Case.lead_person_id) == reader_id]
    units: list[ColumnElement[bool]] = []
    if is_opener:
        wanted.append(asked(Case.opened_by_id) == reader_id)
    if roots:
        below = in_subtrees(roots)
        units.append(below)
        wanted.append(asked(Case.organisation_id).in_(select(Organisation.id).where(below)))
    if of_units is not None:
        units.append(and_(Organisation.kind == OrganisationKind.UNIT, of_units))
    if units:
        working = select(Organisation.id).where(or_(*units))
        helped = select(CaseHelper.case_id).where(CaseHelper.organisation_id.in_(working))
        wanted += [asked(Case.lead_id).in_(working), asked(Case.id).in_(helped)]
    return or_(*wanted)
