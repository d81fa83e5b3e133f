"""Whom somebody may sign up on their behalf."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from portal import clock
from portal.database import db
from portal.people.models import Membership, MembershipKind, Organisation, Person
from portal.people.name_matching import Known
from portal.people.queries import in_subtrees, matches
from portal.people.readers import Somewhere
from portal.signups.queries.audience import holds_on


@dataclass(frozen=True)
class Branch:
    """An organisation that has members of its own, and how many."""

    id: int
    name: str
    size: int


def branches(roots: Collection[Somewhere]) -> list[Branch]:
    """Return the organisations in these subtrees that have members, in tree order."""
    rows = db.session.execute(
        select(Organisation.id, Organisation.short_name, func.count())
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(
            in_subtrees(roots),
            Membership.kind == MembershipKind.PRIMARY,
            *holds_on(clock.today()),
        )
        .group_by(Organisation.id)
        .order_by(Organisation.path)
    )
    return [Branch(*row) for row in rows]


def people_within(
    roots: Collection[Somewhere], *, typed: str = "", branch_id: int | None = None
) -> Select[Person]:
    """Select the people who belong, by any relation of today, to these subtrees."""
    belongs = (
        select(Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(in_subtrees(roots), *holds_on(clock.today()))
    )
    if branch_id is not None:
        belongs = belongs.where(
            Organisation.id == branch_id, Membership.kind == MembershipKind.PRIMARY
        )
    wanted = select(Person).where(Person.id.in_(belongs)).order_by(Person.stroke_key, Person.id)
    return wanted.where(matches(typed)) if typed else wanted


def roster_within(roots: Collection[Somewhere]) -> list[Known]:
    """Return who belongs to these subtrees today, each once, with the own branch if it is there."""
    rows = db.session.execute(
        select(Person.id, Person.name, Person.phone, Organisation.short_name)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(in_subtrees(roots), *holds_on(clock.today()))
        .order_by(Membership.kind != MembershipKind.PRIMARY, Person.stroke_key, Person.id)
    )
    found: dict[int, Known] = {}
    for row in rows:
        found.setdefault(row[0], Known(row[0], row[1], row[2] or "", row[3]))
    return list(found.values())


def these_within(roots: Collection[Somewhere], person_ids: Collection[int]) -> Sequence[Person]:
    """Return those of these people who belong to the subtrees, in the order of lists."""
    if not person_ids:
        return []
    return db.session.scalars(people_within(roots).where(Person.id.in_(person_ids))).all()


def chosen_people(
    person_ids: Collection[int], branch_ids: Collection[int] = ()
) -> Sequence[Person]:
    """Return these people, and all members of these branches, each with memberships."""
    of_branches = select(Membership.person_id).where(
        Membership.organisation_id.in_(branch_ids),
        Membership.kind == MembershipKind.PRIMARY,
        *holds_on(clock.today()),
    )
    wanted = (
        select(Person)
        .where(or_(Person.id.in_(person_ids), Person.id.in_(of_branches)))
        .options(selectinload(Person.memberships).joinedload(Membership.organisation))
        .order_by(Person.stroke_key, Person.id)
    )
    return db.session.scalars(wanted).all()


def passers_by(roots: Collection[Somewhere], typed: str, *, most: int) -> Sequence[Person]:
    """Return people who may stand at the door: found by any key within these subtrees.

    Beyond them only by the whole name or the whole phone number: who comes from elsewhere
    says them, and nobody leafs through the rosters of others.
    """
    belongs = (
        select(Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(in_subtrees(roots), *holds_on(clock.today()))
    )
    exactly = or_(Person.name == typed, and_(Person.phone == typed, Person.phone != ""))
    wanted = select(Person).where(or_(and_(Person.id.in_(belongs), matches(typed)), exactly))
    return db.session.scalars(wanted.order_by(Person.stroke_key, Person.id).limit(most)).all()


def find_by_name_and_phone(name: str, phone: str) -> Person | None:
    """Return who gave this name and this phone before; without a phone nobody is known."""
    if not phone:
        return None
    return db.session.scalar(
        select(Person)
        .where(Person.name == name, Person.phone == phone)
        .order_by(Person.id)
        .limit(1)
    )


def units(person_ids: Collection[int]) -> Mapping[int, str]:
    """Return the short name of each person's primary branch."""
    rows = db.session.execute(
        select(Membership.person_id, Organisation.short_name)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.person_id.in_(person_ids),
            Membership.kind == MembershipKind.PRIMARY,
            Membership.valid_to.is_(None),
        )
    )
    return {row[0]: row[1] for row in rows}
