"""Who sees which cases, as a condition: the same rule as `policies.may_see`.

Readers see many cases or few. Who sees many walks the cases in the order of a list until its page
is full; for that indexes have what the condition asks for. Who sees few gathers them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, and_, false, or_, select, union_all

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
    return _visible(Whose(person.id, roots, of_units, is_opener), walks=_is_wide(roots))


class Sight(NamedTuple):
    """What of a reader decides how statements are built, whoever it is."""

    duties: int
    is_officer: bool
    is_opener: bool
    is_nobody: bool = False


@dataclass(frozen=True)
class Visible:
    """What a reader sees, for statements that are built once for each `sight`."""

    sight: Sight
    parameters: dict[str, Any]

    @property
    def condition(self) -> ColumnElement[bool]:
        """The condition that the reader sees a case that is walked past, or known by its id."""
        return seen_walking(self.sight)


def visible_to_reader(person: Somebody) -> Visible:
    """Return the condition of `visible_to` for statements that are kept."""
    if is_administrator(person):
        return Visible(Sight(0, False, False, is_nobody=True), bound.values(person, []))
    roots, own = scope(person, HOSTS), scope(person, OFFICERS)
    parameters = bound.values(person, roots)
    if own:
        parameters["own_units"] = sorted({one.id for one in own})
    sight = Sight(len(roots), bool(own), holds_anywhere(person, OPENERS))
    return Visible(sight, parameters)


@lru_cache(maxsize=64)
def seen_walking(sight: Sight) -> ColumnElement[bool]:
    """Return the condition for cases that are walked in the order of an index."""
    if sight.is_nobody:
        return _NOTHING
    is_more_than_named = bool(sight.duties) or sight.is_officer or sight.is_opener
    return _visible(whose(sight), walks=is_more_than_named)


@lru_cache(maxsize=64)
def gathered(sight: Sight) -> CompoundSelect[int]:
    """Select the ids of all cases that the reader sees, some of them twice."""
    if sight.is_nobody:
        return union_all(select(Case.id).where(_NOTHING))
    reader = whose(sight)
    found = [select(Case.id).where(Case.lead_person_id == reader.id)]
    if reader.is_opener:
        found.append(select(Case.id).where(Case.opened_by_id == reader.id))
    if reader.roots:
        below = select(Organisation.id).where(in_subtrees(reader.roots))
        found.append(select(Case.id).where(Case.organisation_id.in_(below)))
    working = reader.working
    if working is not None:
        found += [
            select(Case.id).where(Case.lead_id.in_(select(Organisation.id).where(working))),
            select(CaseHelper.case_id).where(
                CaseHelper.organisation_id.in_(select(Organisation.id).where(working))
            ),
        ]
    return union_all(*found)


@dataclass(frozen=True)
class Whose:
    """A reader, or what stands for one: where the duties lie, which units are the own ones."""

    id: Any
    roots: Sequence[Somewhere]
    of_units: ColumnElement[bool] | None
    is_opener: bool

    @property
    def working(self) -> ColumnElement[bool] | None:
        """The condition that an organisation's work is the reader's business."""
        units = [in_subtrees(self.roots)] if self.roots else []
        if self.of_units is not None:
            units.append(and_(Organisation.kind == OrganisationKind.UNIT, self.of_units))
        return or_(*units) if units else None


def whose(sight: Sight) -> Whose:
    """Return what stands for a reader in statements that are kept."""
    of_units = one_of(Organisation.id, "own_units") if sight.is_officer else None
    return Whose(bound.reader().id, bound.roots(sight.duties), of_units, sight.is_opener)


def _is_wide(roots: Sequence[Somewhere]) -> bool:
    """Whether somebody stands so high that nearly every case is seen."""
    return any(root.path.count("/") == _OF_A_ROOT for root in roots)


def _visible(reader: Whose, *, walks: bool) -> ColumnElement[bool]:
    def asked(column: Any) -> Any:
        # An expression has no index: the database has no choice but to walk.
        return column + 0 if walks else column

    wanted: list[ColumnElement[bool]] = [asked(Case.lead_person_id) == reader.id]
    if reader.is_opener:
        wanted.append(asked(Case.opened_by_id) == reader.id)
    if reader.roots:
        below = select(Organisation.id).where(in_subtrees(reader.roots))
        wanted.append(asked(Case.organisation_id).in_(below))
    if reader.working is not None:
        working = select(Organisation.id).where(reader.working)
        wanted.append(asked(Case.lead_id).in_(working))
        helped = select(CaseHelper.case_id).where(CaseHelper.organisation_id.in_(working))
        wanted.append(asked(Case.id).in_(helped))
    return or_(*wanted)
