"""Which cases are open to somebody whose business they are not: `policies.is_open_to`, asked."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.cases.models import Case, CaseOpening, CaseState, Openness
from portal.cases.queries.visible import Sight, seen_walking, visible_to_reader
from portal.database import db
from portal.people import bound
from portal.people.models import Membership, Organisation, OrganisationKind
from portal.people.policies import is_administrator
from portal.people.readers import Somebody


def open_to(person: Somebody) -> ColumnElement[bool]:
    """Return the condition that the person reads a case as a member."""
    if is_administrator(person):
        return false()
    return _open(person.id, clock.today())


@dataclass(frozen=True)
class Readable:
    """What the reader may read, for statements that are built once for each `sight`."""

    sight: Sight
    parameters: dict[str, Any]

    @property
    def condition(self) -> ColumnElement[bool]:
        """The condition that a case is the reader's business, or open to the reader."""
        return _readable(self.sight)


def readable_to_reader(person: Somebody) -> Readable:
    """Return that a case is the reader's business, or open to the reader."""
    seen = visible_to_reader(person)
    return Readable(seen.sight, {**seen.parameters, "today": clock.today()})


@lru_cache(maxsize=64)
def _readable(sight: Sight) -> ColumnElement[bool]:
    seen = seen_walking(sight)
    if sight.is_nobody:
        return seen
    opened = _opened(bound.reader().id, _today()).where(CaseOpening.case_id == Case.id)
    return or_(seen, and_(opened.correlate(Case).exists(), Case.state != CaseState.VOID))


@lru_cache(maxsize=1)
def open_to_reader() -> ColumnElement[bool]:
    """Return `open_to` for statements that are kept: the reader and `today` are parameters."""
    return _open(bound.reader().id, _today())


@lru_cache(maxsize=1)
def communities_of_reader() -> Select[int]:
    """Select the organisations to whose members the reader belongs `today`."""
    return _above(bound.reader().id, _today())


def _today() -> ColumnElement[date]:
    return bindparam("today", type_=Date)


def _belongs(reader_id: Any, today: date | Any) -> Select[str]:
    mine = aliased(Organisation)
    return (
        select(mine.path)
        .join(Membership, Membership.organisation_id == mine.id)
        .where(
            Membership.person_id == reader_id,
            or_(Membership.valid_from.is_(None), Membership.valid_from <= today),
            or_(Membership.valid_to.is_(None), Membership.valid_to >= today),
        )
        .correlate(None)
    )


def _above(reader_id: Any, today: date | Any) -> Select[int]:
    whose, belongs = aliased(Organisation), _belongs(reader_id, today)
    path = belongs.selected_columns[0]
    begins_so = func.substr(path, 1, func.length(whose.path)) == whose.path
    return select(whose.id).where(belongs.where(begins_so).correlate(whose).exists())


def _open(reader_id: Any, today: date | Any) -> ColumnElement[bool]:
    return and_(Case.id.in_(_opened(reader_id, today)), Case.state != CaseState.VOID)


def _opened(reader_id: Any, today: date | Any) -> Select[int]:
    belongs_anywhere = _belongs(reader_id, today).exists()
    return select(CaseOpening.case_id).where(
        or_(
            and_(CaseOpening.openness == Openness.MEMBERS, belongs_anywhere),
            CaseOpening.organisation_id.in_(_above(reader_id, today)),
        )
    )


def community_of(organisation: Organisation) -> Organisation:
    """Return the community in which an organisation lies; itself where it lies in none."""
    codes = organisation.path.strip("/").split("/")
    found = db.session.scalars(
        select(Organisation)
        .where(Organisation.code.in_(codes), Organisation.kind == OrganisationKind.COMMUNITY)
        .order_by(func.length(Organisation.path).desc())
        .limit(1)
    ).first()
    return found or organisation
