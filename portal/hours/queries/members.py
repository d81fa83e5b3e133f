"""How the members of a part of the tree stand: what each owes, and what each has done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, Subquery, case, func, null, or_, select, union_all

from portal import clock
from portal.database import db
from portal.hours.kinds import Source
from portal.hours.models import HourEntry
from portal.hours.thresholds import (
    Owing,
    Standing,
    Term,
    Thresholds,
    is_officer_title,
    owed,
)
from portal.people.models import (
    Exemption,
    Membership,
    MembershipKind,
    Organisation,
    Person,
    Post,
)
from portal.people.queries import begins_with

_NEVER = date(1, 1, 1)


@dataclass(frozen=True)
class Member:
    """A member of an organisation, and how far the year's hours are."""

    person_id: int
    name: str
    unit_name: str
    unit_path: str
    standing: Standing


def last_day(year: int) -> date:
    """Return the day of which a list of the year speaks: its last, or today."""
    return min(date(year, 12, 31), clock.today())


def members(organisation: Organisation, year: int, thresholds: Thresholds) -> list[Member]:
    """Return all who belong to the organisation or below, in stroke order; two statements."""
    day = last_day(year)
    done = _done(year)
    first = _first_relations()
    belonging = (
        Membership.kind == MembershipKind.PRIMARY,
        or_(Membership.valid_from.is_(None), Membership.valid_from <= day),
        or_(Membership.valid_to.is_(None), Membership.valid_to >= day),
        begins_with(Organisation.path, organisation.path),
    )
    rows = db.session.execute(
        select(
            Person.id,
            Person.name,
            Organisation.short_name,
            Organisation.path,
            Person.joined_on,
            first.c.since,
            done.c.confirmed,
            done.c.waiting,
            done.c.concentrated,
        )
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(done, done.c.person_id == Person.id)
        .outerjoin(first, first.c.person_id == Person.id)
        .where(*belonging)
        .order_by(Person.stroke_key, Person.id)
    ).all()
    holders = (
        select(Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(*belonging)
    )
    terms, exempt = _terms(year, holders)
    return [
        Member(
            row.id,
            row.name,
            row.short_name,
            row.path,
            Standing(
                owed(
                    Owing(
                        path=row.path,
                        since=_since(row.joined_on, row.since),
                        exempt=exempt.get(row.id, ()),
                        terms=terms.get(row.id, ()),
                    ),
                    year,
                    thresholds,
                ),
                row.confirmed or 0,
                row.waiting or 0,
                row.concentrated or 0,
            ),
        )
        for row in rows
    ]


def standing_of(
    person: Person, entries: Sequence[HourEntry], year: int, thresholds: Thresholds
) -> Standing:
    """Return how one person stands in a year by the year's entries; relations and posts loaded."""
    primary = [one for one in person.memberships if one.kind is MembershipKind.PRIMARY]
    day = last_day(year)
    here = [one for one in primary if one.is_open_on(day)] or primary[-1:]
    starts = [one.valid_from for one in primary]
    first = None if not starts or None in starts else min(one for one in starts if one)
    owing = Owing(
        path=here[0].organisation.path if here else "",
        since=_since(person.joined_on, first),
        exempt=[Term(one.since, one.until) for one in person.exemptions if not one.is_mistaken],
        terms=[
            Term(post.valid_from, post.valid_to)
            for post in person.posts
            if is_officer_title(post.title)
        ],
    )
    confirmed = [entry for entry in entries if entry.is_confirmed]
    return Standing(
        owed(owing, year, thresholds),
        sum(entry.halves for entry in confirmed),
        sum(entry.halves for entry in entries if not entry.is_confirmed),
        sum(entry.source is Source.COURSE for entry in confirmed),
    )


def _since(joined_on: date | None, first: date | None) -> date | None:
    """Return since when somebody is a member here: joined the Party, and is known here."""
    known = [day for day in (joined_on, first) if day is not None and day != _NEVER]
    return max(known, default=None)


def _done(year: int) -> Subquery:
    """Return the sums of the year by person, as a subquery."""
    confirmed = case((HourEntry.is_confirmed, HourEntry.halves), else_=0)
    waiting = case((HourEntry.is_confirmed, 0), else_=HourEntry.halves)
    course = case(
        (HourEntry.is_confirmed & (HourEntry.source == Source.COURSE), 1),
        else_=0,
    )
    return (
        select(
            HourEntry.person_id,
            func.sum(confirmed).label("confirmed"),
            func.sum(waiting).label("waiting"),
            func.sum(course).label("concentrated"),
        )
        .where(HourEntry.year == year)
        .group_by(HourEntry.person_id)
        .subquery()
    )


def _first_relations() -> Subquery:
    """Return since when each person has a primary branch here; the first day of all for always."""
    return (
        select(
            Membership.person_id,
            func.min(func.coalesce(Membership.valid_from, _NEVER)).label("since"),
        )
        .where(Membership.kind == MembershipKind.PRIMARY)
        .group_by(Membership.person_id)
        .subquery()
    )


Terms = dict[int, list[Term]]


def _terms(year: int, persons: Select[int]) -> tuple[Terms, Terms]:
    """Return when each held an officer's post in or about the year, and when each was exempt."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    posts = select(
        Post.person_id, Post.title, Post.valid_from.label("since"), Post.valid_to.label("until")
    ).where(
        Post.person_id.in_(persons),
        or_(Post.valid_from.is_(None), Post.valid_from <= last),
        or_(Post.valid_to.is_(None), Post.valid_to >= first),
    )
    exemptions = select(Exemption.person_id, null(), Exemption.since, Exemption.until).where(
        Exemption.person_id.in_(persons),
        Exemption.is_mistaken.is_(False),
        or_(Exemption.since.is_(None), Exemption.since <= last),
        or_(Exemption.until.is_(None), Exemption.until >= first),
    )
    held: Terms = {}
    exempt: Terms = {}
    rows: Sequence[Any] = db.session.execute(union_all(posts, exemptions)).all()
    for person_id, title, since, until in rows:
        if title is None:
            exempt.setdefault(person_id, []).append(Term(since, until))
        elif is_officer_title(title):
            held.setdefault(person_id, []).append(Term(since, until))
    return held, exempt
