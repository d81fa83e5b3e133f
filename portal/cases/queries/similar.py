"""Cases that are like what is being written: the same place, like words."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import or_, select

from portal import clock
from portal.cases.likeness import are_alike
from portal.cases.models import Case, CaseState
from portal.cases.queries.cases import SEARCH_KIND
from portal.cases.queries.lists import ListedCase, rows
from portal.cases.queries.visible import visible_to
from portal.database import db
from portal.people.readers import Somebody
from portal.search import queries as search

# What is older is history; so many of the latest are compared.
_WITHIN = timedelta(days=365)
_COMPARED = 200
_SHOWN = 5


def similar(
    reader: Somebody, *, words: str, place: str, organisation_id: int | None, but: int = 0
) -> Sequence[ListedCase]:
    """Return the cases most like these words, of the same place or the same organisation."""
    if not words.strip():
        return []
    near = []
    if organisation_id is not None:
        near.append(Case.organisation_id == organisation_id)
    if place.strip():
        near.append(Case.id.in_(search.matching_ids(SEARCH_KIND, place[:20])))
    if not near:
        near.append(Case.opened_by_id == reader.id)
    candidates = db.session.execute(
        select(Case.id, Case.words, Case.place)
        .where(
            visible_to(reader),
            or_(*near),
            Case.opened_at > clock.now() - _WITHIN,
            Case.state != CaseState.VOID,
            Case.id != but,
        )
        .order_by(Case.id.desc())
        .limit(_COMPARED)
    ).all()
    rated = [(are_alike(words, place.strip(), row.words, row.place), row.id) for row in candidates]
    best = [case_id for rating, case_id in sorted(rated, reverse=True) if rating][:_SHOWN]
    if not best:
        return []
    found = {
        row.id: ListedCase._make(row) for row in db.session.execute(rows().where(Case.id.in_(best)))
    }
    return [found[case_id] for case_id in best]
