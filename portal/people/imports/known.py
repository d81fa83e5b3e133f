"""Whom and what the portal knows already, read in batches for an import."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from sqlalchemy import or_, select

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
    """Somebody with the primary branch of today, if any, and the posts held in it.

    `joins`, from `joins_on`, is the primary branch that somebody has been noted for, but does
    not belong to yet.
    """

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
    membership_id: int | None = None
    member_since: date | None = None
    member_until: date | None = None
    organisation_id: int | None = None
    organisation_name: str = ""
    organisation_path: str = ""
    joins_on: date | None = None
    joins: str = ""
    joins_id: int | None = None
    is_deceased: bool = False
    # title -> id of the post held in the primary branch
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


def known_people(
    names: Collection[str], *, today: date, to_change: bool = False
) -> dict[str, list[KnownPerson]]:
    """Return everybody who bears one of the names, by name, with branch and posts.

    `to_change` locks them until the transaction ends; who only refers to them need not wait.
    """
    by_id: dict[int, KnownPerson] = {}
    for some in batches(sorted(names)):
        wanted = select(*_FACTS).where(Person.name.in_(some)).order_by(Person.id)
        if to_change:
            wanted = wanted.with_for_update(key_share=True)
        for row in db.session.execute(wanted):
            by_id[row.id] = KnownPerson(**row._mapping)
    for ids in batches(sorted(by_id)):
        _add_branches(by_id, ids, today)
        _add_posts(by_id, ids, today)
        deceased = select(Membership.person_id).where(
            Membership.person_id.in_(ids), Membership.end_reason == EndReason.DECEASED
        )
        for person_id in db.session.scalars(deceased):
            by_id[person_id].is_deceased = True
    found: dict[str, list[KnownPerson]] = {}
    for known in by_id.values():
        found.setdefault(known.name, []).append(known)
    return found


_FACTS = (
    *(Person.id, Person.name, Person.kind, Person.gender, Person.birth_year, Person.joined_on),
    *(Person.phone, Person.work_unit, Person.post, Person.note),
)


def _add_branches(by_id: dict[int, KnownPerson], ids: Sequence[int], today: date) -> None:
    primary = (
        select(Membership, Organisation.name, Organisation.path)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.person_id.in_(ids),
            Membership.kind == MembershipKind.PRIMARY,
            or_(Membership.valid_to.is_(None), Membership.valid_to >= today),
        )
        .execution_options(populate_existing=True)
    )
    for membership, name, path in db.session.execute(primary):
        known = by_id[membership.person_id]
        if membership.is_open_on(today):
            known.membership_id = membership.id
            known.member_since, known.member_until = membership.valid_from, membership.valid_to
            known.organisation_id = membership.organisation_id
            known.organisation_name, known.organisation_path = name, path
        else:
            known.joins_on, known.joins = membership.valid_from, name
            known.joins_id = membership.organisation_id


def _add_posts(by_id: dict[int, KnownPerson], ids: Sequence[int], today: date) -> None:
    posts = select(Post.person_id, Post.organisation_id, Post.title, Post.id).where(
        Post.person_id.in_(ids), or_(Post.valid_to.is_(None), Post.valid_to >= today)
    )
    for person_id, organisation_id, title, post_id in db.session.execute(posts):
        if by_id[person_id].organisation_id == organisation_id:
            by_id[person_id].posts[title] = post_id


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
