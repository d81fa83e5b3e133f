"""Whom and what the portal knows already, read in batches for an import."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Row, Select, and_, or_, select

from portal.database import db
from portal.people.imports.person_rows import KnownOrganisation, OrganisationIndex
from portal.people.models import (
    EndReason,
    Gender,
    Membership,
    MembershipKind,
    Organisation,
    Person,
    PersonKind,
    Post,
    Tree,
)

# Rows for one statement: far below the 32,766 parameters that SQLite takes.
BATCH = 500
Item = TypeVar("Item")


@dataclass(slots=True)
class KnownPerson:
    """Somebody with the open primary branch, if any, and the open posts held in it."""

    id: int
    name: str
    kind: PersonKind
    gender: Gender | None
    birth_year: int | None
    joined_on: date | None
    phone: str
    work_unit: str
    post: str
    note: str
    membership_id: int | None
    member_since: date | None
    organisation_id: int | None
    organisation_name: str
    organisation_path: str
    is_deceased: bool = False
    # title -> id of the open post in the primary branch
    posts: dict[str, int] = field(default_factory=dict)


def batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Yield the items in slices of at most `BATCH`."""
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def known_organisations(today: date) -> OrganisationIndex:
    """Return the organisations of the party tree that are open today."""
    rows = db.session.execute(
        select(Organisation.id, Organisation.code, Organisation.name, Organisation.path).where(
            Organisation.tree == Tree.PARTY,
            or_(Organisation.valid_to.is_(None), Organisation.valid_to >= today),
        )
    )
    return OrganisationIndex([KnownOrganisation(*row) for row in rows])


def known_people(names: Collection[str]) -> dict[str, list[KnownPerson]]:
    """Return everybody who bears one of the names, by name, with branch and posts."""
    found: dict[str, list[KnownPerson]] = {}
    by_id: dict[int, KnownPerson] = {}
    for some in batches(sorted(names)):
        for row in db.session.execute(_people_named(some)):
            known = _known(row)
            found.setdefault(known.name, []).append(known)
            by_id[known.id] = known
    for ids in batches(sorted(by_id)):
        posts = select(Post.person_id, Post.organisation_id, Post.title, Post.id).where(
            Post.person_id.in_(ids), Post.valid_to.is_(None)
        )
        for person_id, organisation_id, title, post_id in db.session.execute(posts):
            if by_id[person_id].organisation_id == organisation_id:
                by_id[person_id].posts[title] = post_id
        deceased = select(Membership.person_id).where(
            Membership.person_id.in_(ids), Membership.end_reason == EndReason.DECEASED
        )
        for person_id in db.session.scalars(deceased):
            by_id[person_id].is_deceased = True
    return found


def _people_named(names: Sequence[str]) -> Select[*tuple[Any, ...]]:
    primary = and_(
        Membership.person_id == Person.id,
        Membership.kind == MembershipKind.PRIMARY,
        Membership.valid_to.is_(None),
    )
    return (
        select(
            Person.id,
            Person.name,
            Person.kind,
            Person.gender,
            Person.birth_year,
            Person.joined_on,
            Person.phone,
            Person.work_unit,
            Person.post,
            Person.note,
            Membership.id.label("membership_id"),
            Membership.valid_from.label("member_since"),
            Membership.organisation_id,
            Organisation.name.label("organisation_name"),
            Organisation.path.label("organisation_path"),
        )
        .outerjoin(Membership, primary)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(Person.name.in_(names))
        .order_by(Person.id)
    )


def _known(row: Row[Any]) -> KnownPerson:
    values = dict(row._mapping)
    values["organisation_name"] = values["organisation_name"] or ""
    values["organisation_path"] = values["organisation_path"] or ""
    return KnownPerson(**values)


def names_by_phone(
    phones: Collection[str],
) -> dict[tuple[str, int | None, date | None], str]:
    """Return the names of members by phone, year of birth and day of joining."""
    found: dict[tuple[str, int | None, date | None], str] = {}
    for some in batches(sorted(phones)):
        wanted = select(Person.phone, Person.birth_year, Person.joined_on, Person.name).where(
            Person.phone.in_(some),
            Person.kind == PersonKind.MEMBER,
            Person.birth_year.is_not(None),
            Person.joined_on.is_not(None),
        )
        for phone, birth_year, joined_on, name in db.session.execute(wanted):
            found[phone, birth_year, joined_on] = name
    return found


def branches_with_members(organisation_ids: Collection[int]) -> set[int]:
    """Return which organisations ever had a primary member."""
    found: set[int] = set()
    for ids in batches(sorted(organisation_ids)):
        wanted = select(Membership.organisation_id).where(
            Membership.organisation_id.in_(ids), Membership.kind == MembershipKind.PRIMARY
        )
        found.update(db.session.scalars(wanted.distinct()))
    return found
