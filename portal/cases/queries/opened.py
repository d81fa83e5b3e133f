"""Which cases are open to somebody whose business they are not: `policies.is_open_to`, asked."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.cases.models import Case, CaseOpening, CaseState, Openness
from portal.cases.queries.visible import visible_to_reader
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
    """What the reader may read, as a condition that is built once, and its parameters."""

    condition: ColumnElement[bool]
    parameters: dict[str, Any]


def readable_to_reader(person: Somebody) -> Readable:
    """Return the condition that a case is the reader's business, or open to the reader."""
    seen = visible_to_reader(person)
    if is_administrator(person):
        return Readable(seen.condition, seen.parameters)
    return Readable(_readable(seen.condition), {**seen.parameters, "today": clock.today()})


@lru_cache(maxsize=64)
def _readable(seen: ColumnElement[bool]) -> ColumnElement[bool]:
    return or_(seen, _open(bound.reader().id, bindparam("today", type_=Date)))


def _open(reader_id: Any, today: date | Any) -> ColumnElement[bool]:
    mine, whose = aliased(Organisation), aliased(Organisation)
    belongs = (
        select(mine.path)
        .join(Membership, Membership.organisation_id == mine.id)
        .where(
            Membership.person_id == reader_id,
            or_(Membership.valid_from.is_(None), Membership.valid_from <= today),
            or_(Membership.valid_to.is_(None), Membership.valid_to >= today),
        )
        .correlate(None)
    )
    above = select(whose.id).where(
        belongs.where(func.substr(mine.path, 1, func.length(whose.path)) == whose.path)
        .correlate(whose)
        .exists()
    )
    opened = select(CaseOpening.case_id).where(
        or_(
            and_(CaseOpening.openness == Openness.MEMBERS, belongs.exists()),
            CaseOpening.organisation_id.in_(above),
        )
    )
    return and_(Case.id.in_(opened), Case.state != CaseState.VOID)


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
