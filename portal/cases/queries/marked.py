"""Which marks the cases bear that a reader can see: searches are narrowed to them."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, literal, select, union_all

from portal.cases.marks import COMMUNITY, ORGANISATION, PERSON, TO_MEMBERS
from portal.cases.queries.opened import communities_of_reader
from portal.cases.queries.visible import Sight, whose
from portal.database import db
from portal.people import bound
from portal.people.models import Organisation
from portal.search.asking import narrowed_to


def seen_by_reader(sight: Sight) -> ColumnElement[str]:
    """Return what narrows a search to the reader's business (`visible_to_reader`)."""
    return _narrowed(sight, True, False, db.engine.dialect.name)


def open_to_reader(sight: Sight) -> ColumnElement[str]:
    """Return what narrows a search to what is open to the reader as a member."""
    return _narrowed(sight, False, True, db.engine.dialect.name)


def readable_by_reader(sight: Sight) -> ColumnElement[str]:
    """Return what narrows a search to either (`readable_to_reader`)."""
    return _narrowed(sight, True, True, db.engine.dialect.name)


@lru_cache(maxsize=128)
def _narrowed(sight: Sight, of_business: bool, of_open: bool, _dialect: str) -> ColumnElement[str]:
    marks: list[Select[Any]] = []
    if of_business:
        marks += _of_business(sight)
    if of_open:
        marks.append(select(literal(TO_MEMBERS)))
        ids = communities_of_reader().subquery()
        marks.append(select(_mark(COMMUNITY, ids.c[0])))
    return narrowed_to(union_all(*marks))


def _of_business(sight: Sight) -> list[Select[Any]]:
    reader = whose(sight)
    marks = [select(_mark(PERSON, bound.reader().id))]
    if reader.working is not None:
        marks.append(select(_mark(ORGANISATION, Organisation.id)).where(reader.working))
    return marks


def _mark(letter: str, number: Any) -> ColumnElement[str]:
    return literal(letter) + cast(number, String)
