"""Cases that are like what is being written: the same place, like words; and what is linked."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select

from portal import clock
from portal.cases.likeness import are_alike
from portal.cases.models import OVER, Case, CaseLink, CaseState
from portal.cases.queries.cases import SEARCH_KIND
from portal.cases.queries.listed import ListedCase, rows
from portal.cases.queries.visible import visible_to
from portal.database import db
from portal.people.readers import Somebody
from portal.search import queries as search

# What is older is history; so many of the latest are compared.
_WITHIN = timedelta(days=365)
_COMPARED = 200
_SHOWN = 5


class Related(NamedTuple):
    """What is linked with a case, and what looks like it and is not linked."""

    links: Sequence[ListedCase]
    similar: Sequence[ListedCase]


def similar(
    reader: Somebody, *, words: str, place: str, organisation_id: int | None
) -> Sequence[ListedCase]:
    """Return the cases most like these words, of the same place or the same organisation."""
    if not words.strip():
        return []
    near = _near(reader, place, organisation_id)
    wanted = rows().add_columns(Case.words.label("whole")).where(visible_to(reader), near)
    found = db.session.execute(wanted.order_by(Case.id.desc()).limit(_COMPARED)).all()
    return _most_alike(words, place, found)


def related(case: Case, reader: Somebody) -> Related:
    """Return what the reader sees of what is linked with the case, and what is like it.

    One statement. What is over is compared with nothing.
    """
    linked = or_(
        Case.id.in_(select(CaseLink.other_id).where(CaseLink.case_id == case.id)),
        Case.id.in_(select(CaseLink.case_id).where(CaseLink.other_id == case.id)),
    )
    wanted = linked
    if case.state not in OVER:
        wanted = or_(
            linked, and_(_near(reader, case.place, case.organisation_id), Case.id != case.id)
        )
    is_linked = linked.label("is_linked")
    found = db.session.execute(
        rows()
        .add_columns(Case.words.label("whole"), is_linked)
        .where(visible_to(reader), wanted)
        .order_by(is_linked.desc(), Case.id.desc())
        .limit(_COMPARED)
    ).all()
    links = [_listed(row) for row in found if row.is_linked]
    return Related(
        sorted(links, key=lambda one: one.id),
        _most_alike(case.words, case.place, [row for row in found if not row.is_linked]),
    )


def _near(reader: Somebody, place: str, organisation_id: int | None) -> ColumnElement[bool]:
    near = []
    if organisation_id is not None:
        near.append(Case.organisation_id == organisation_id)
    if place.strip():
        near.append(Case.id.in_(search.matching_ids(SEARCH_KIND, place[:20])))
    if not near:
        near.append(Case.opened_by_id == reader.id)
    lately = clock.now() - _WITHIN
    return and_(or_(*near), Case.opened_at > lately, Case.state != CaseState.VOID)


def _most_alike(words: str, place: str, found: Sequence[Any]) -> list[ListedCase]:
    rated = [
        (are_alike(words, place.strip(), row.whole, row.whereabouts), row.id, row) for row in found
    ]
    best = sorted((one for one in rated if one[0]), key=lambda one: one[:2], reverse=True)
    return [_listed(row) for _rating, _id, row in best[:_SHOWN]]


def _listed(row: Any) -> ListedCase:
    return ListedCase._make(row[: len(ListedCase._fields)])
