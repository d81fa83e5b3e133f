"""Cases as the search page finds them: the reader's business, and what is open to members."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select

from portal import clock
from portal.cases.models import Case, CasePhase
from portal.cases.policies import may_list_cases
from portal.cases.queries import SEARCH_KIND, readable_to_reader
from portal.cases.queries.listed import ListedCase, listed, rows_of
from portal.cases.queries.marked import readable_by_reader
from portal.people.readers import Somebody
from portal.search import hooks
from portal.search.queries import look_up

# The first pages of those who look at the same time.
_MOST_SAID = 2_000


def find(person: Somebody, typed: str, limit: int, offset: int) -> hooks.Findings:
    """Return cases that match, by their first words, then the latest."""
    seen = readable_to_reader(person)
    found, total = look_up(
        _rows(seen.condition),
        Case.id,
        SEARCH_KIND,
        typed,
        limit=limit,
        offset=offset,
        values=seen.parameters,
        narrowed=readable_by_reader(seen.sight),
    )
    now = clock.now()
    cases = [listed(row) for row in found]
    return hooks.Findings([_said(case, case.phase(now)) for case in cases], total)


@lru_cache(maxsize=_MOST_SAID)
def _said(case: ListedCase, phase: CasePhase) -> hooks.Found:
    return hooks.Found(
        case.id,
        case.headline,
        (case.number, case.kind.label, case.place, case.lead),
        case.opened_at,
        phase.label,
        (case.words,),
    )


@lru_cache(maxsize=64)
def _rows(visible: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return rows_of().where(visible)


SOURCE = hooks.Source(
    SEARCH_KIND,
    "问题建议",
    "cases.show",
    "case_id",
    25,
    may_list_cases,
    find,
    is_among_all=False,
)
