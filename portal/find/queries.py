"""People and organisations as the search page finds them; other rooms bring what is theirs."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.database import db
from portal.people import bound
from portal.people.directory_queries import FEWEST_DIGITS, has_not_ended, is_found_by
from portal.people.models import Membership, Organisation, Person
from portal.people.naming import typed_key
from portal.people.policies import HOSTS, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody, Somewhere
from portal.search.below import find_below
from portal.search.hooks import Findings, Found
from portal.search.queries import MOST_COUNTED

ORGANISATION_KIND = "organisation"


def find_people(person: Somebody, typed: str, limit: int, offset: int) -> Findings:
    """Return people of the reader's part of the tree, found by name, pinyin or phone.

    Those with exactly this name first, then by strokes. One letter finds nobody here: a list
    of all whose name begins with it is in the directory.
    """
    key = typed_key(typed)
    is_number = key.startswith("#")
    is_short = len(key) < 2 and key.isascii()
    if is_short or (is_number and len(key) <= FEWEST_DIGITS):
        return Findings()
    today, roots = clock.today(), scope(person, HOSTS)
    within = (
        select(Membership.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id == Person.id, has_not_ended(today), in_subtrees(roots))
        .correlate(Person)
        .exists()
    )
    is_other = (Person.name != typed).label("is_other")
    some = (
        select(Person.id, Person.name, Person.post, Person.work_unit, Person.stroke_key, is_other)
        .where(is_found_by(typed), within)
        .order_by(is_other, Person.stroke_key, Person.id)
        .limit(max(MOST_COUNTED + 1, offset + limit))
        .subquery()
    )
    unit = (
        select(func.min(Organisation.short_name))
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == some.c.id, has_not_ended(today), in_subtrees(roots))
        .correlate(some)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(some, unit.label("unit"), func.count().over().label("total"))
        .order_by(some.c.is_other, some.c.stroke_key, some.c.id)
        .limit(limit)
        .offset(offset)
    ).all()
    return Findings(
        [Found(row.id, row.name, (row.unit or "", row.work_unit, row.post)) for row in rows],
        min(rows[0].total, MOST_COUNTED + 1) if rows else 0,
    )


def _organisation(row: Any) -> Found:
    is_gone = row.valid_to is not None and row.valid_to < clock.today()
    line = (row.kind.label, row.above or "", row.short_name)
    return Found(row.id, row.name, line, state="已撤销" if is_gone else "")


@lru_cache(maxsize=64)
def _organisations(duties: int) -> Select[*tuple[Any, ...]]:
    above = aliased(Organisation)
    return (
        select(
            Organisation.id,
            Organisation.name,
            Organisation.short_name,
            Organisation.kind,
            Organisation.valid_to,
            above.short_name.label("above"),
        )
        .outerjoin(above, above.id == Organisation.parent_id)
        .where(in_subtrees(bound.roots(duties)))
    )


def _roots(person: Somebody) -> list[Somewhere]:
    return scope(person, HOSTS)


# Organisations of the reader's part of the tree, those that stand highest first.
find_organisations = find_below(
    _roots, _organisations, Organisation.id, ORGANISATION_KIND, _organisation
)
