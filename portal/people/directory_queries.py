"""Questions of the people directory: who is in a part of the tree, found and put in order.

Who is "in" an organisation: whoever has a relation to it that has not ended. Of somebody who
left altogether, the record stays with the organisation that was left last.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from portal import clock
from portal.database import db
from portal.errors import NotFoundError
from portal.people.models import (
    Exemption,
    Membership,
    MembershipKind,
    Organisation,
    OrganisationName,
    Participation,
    Person,
    Post,
    RoleGrant,
)
from portal.people.naming import typed_key
from portal.people.queries import begins_with, in_subtrees, matches
from portal.people.readers import Somewhere

# Fewer digits of a phone would find half the street.
FEWEST_DIGITS = 4


class Standing(StrEnum):
    """Whom a list shows, by the relation to the organisation."""

    MEMBER = "member"
    PARTICIPANT = "participant"
    GUEST = "guest"
    EXEMPT = "exempt"
    FORMER = "former"

    @property
    def label(self) -> str:
        """Chinese words of the filter."""
        return {
            "member": "组织关系在此的党员",
            "participant": "流动、双报到、兼职",
            "guest": "来宾",
            "exempt": "免予参加组织生活",
            "former": "已离开的人",
        }[self.value]


class Order(StrEnum):
    """How a list of people is put in order."""

    STROKE = "stroke"
    PINYIN = "pinyin"
    BRANCH = "branch"

    @property
    def label(self) -> str:
        """Chinese words of the choice."""
        return {"stroke": "姓氏笔画", "pinyin": "拼音", "branch": "所在支部"}[self.value]


@dataclass(frozen=True)
class Wanted:
    """What a reader of the directory asked for; None and "" ask for everybody."""

    typed: str = ""
    standing: Standing | None = None
    order: Order = Order.STROKE


def with_relations() -> list[ORMOption]:
    """Return the options that load memberships and posts with their organisations."""
    return [
        selectinload(Person.memberships).joinedload(Membership.organisation),
        selectinload(Person.posts).joinedload(Post.organisation),
    ]


def people_within(roots: Collection[Somewhere], wanted: Wanted) -> Select[Person]:
    """Return the people of the subtrees whom the reader asked for, in order, with relations."""
    today = clock.today()
    found = select(Person).where(_is_within(roots, wanted.standing, today))
    if wanted.standing is Standing.EXEMPT:
        found = found.where(Person.is_exempt)
    if wanted.typed:
        found = found.where(is_found_by(wanted.typed))
    order = _in_order(wanted.order, roots, today)
    return found.order_by(*order, Person.id).options(*with_relations())


def is_found_by(typed: str) -> ColumnElement[bool]:
    """Return the condition that a person is found: by a name, pinyin or the end of a phone.

    Fewer than four digits, and signs that are in no name, find nobody. One letter is the
    beginning of a surname: the first of those that are still being typed.
    """
    key = typed_key(typed)
    digits = key.removeprefix("#")
    if not digits or "#" in typed or (key != digits and len(digits) < FEWEST_DIGITS):
        return false()
    if len(key) == 1 and key.isascii():
        return begins_with(Person.pinyin_key, key)
    return matches(typed)


def _is_within(
    roots: Collection[Somewhere], standing: Standing | None, today: date
) -> ColumnElement[bool]:
    relation = (
        select(Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(in_subtrees(roots))
    )
    if standing is Standing.FORMER:
        other = aliased(Membership)
        elsewhere = select(other.id).where(
            other.person_id == Person.id, or_(other.valid_to.is_(None), other.valid_to >= today)
        )
        has_left = Person.id.in_(relation.where(Membership.valid_to < today))
        return and_(has_left, ~elsewhere.correlate(Person).exists())
    relation = relation.where(has_not_ended(today))
    is_guest = Membership.participation == Participation.GUEST
    match standing:
        case Standing.MEMBER:
            relation = relation.where(Membership.kind == MembershipKind.PRIMARY)
        case Standing.PARTICIPANT:
            relation = relation.where(
                Membership.kind == MembershipKind.PARTICIPATING,
                or_(Membership.participation.is_(None), ~is_guest),
            )
        case Standing.GUEST:
            relation = relation.where(is_guest)
        case _:
            pass
    return Person.id.in_(relation)


def has_not_ended(today: date) -> ColumnElement[bool]:
    """Return the condition that a membership holds today or begins later."""
    return or_(Membership.valid_to.is_(None), Membership.valid_to >= today)


def _in_order(
    order: Order, roots: Collection[Somewhere], today: date
) -> Sequence[ColumnElement[Any] | Any]:
    if order is Order.PINYIN:
        return [Person.pinyin_key]
    if order is Order.STROKE:
        return [Person.stroke_key]
    relation = aliased(Membership)
    branch = (
        select(func.min(Organisation.path))
        .join(relation, relation.organisation_id == Organisation.id)
        .where(
            relation.person_id == Person.id,
            or_(relation.valid_to.is_(None), relation.valid_to >= today),
            in_subtrees(roots),
        )
        .correlate(Person)
        .scalar_subquery()
    )
    return [branch, Person.stroke_key]


def person_to_change(person_id: int) -> Person:
    """Return one person, locked until the transaction ends, with relations and grants.

    What is decided about a record is decided on what it is now. Raises NotFoundError.
    """
    found = db.session.scalar(
        select(Person)
        .where(Person.id == person_id)
        .options(*with_relations(), selectinload(Person.grants).joinedload(RoleGrant.organisation))
        .with_for_update(of=Person)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFoundError("没有找到这个人。")
    return found


def person(person_id: int) -> Person:
    """Return one person with relations; raise NotFoundError."""
    found = db.session.scalar(
        select(Person).where(Person.id == person_id).options(*with_relations())
    )
    if found is None:
        raise NotFoundError("没有找到这个人。")
    return found


def exemptions_of(person_id: int) -> Sequence[Exemption]:
    """Return when and why somebody was exempt, the latest first, with who entered and ended it."""
    return db.session.scalars(
        select(Exemption)
        .where(Exemption.person_id == person_id, Exemption.is_mistaken.is_(False))
        .order_by(Exemption.id.desc())
        .options(joinedload(Exemption.entered_by), joinedload(Exemption.ended_by))
    ).all()


def possible_doubles(*, name: str, phone: str, organisation: Organisation) -> Sequence[Person]:
    """Return who may be the same person: same name, and same phone or same organisation."""
    same_organisation = Person.id.in_(
        select(Membership.person_id).where(
            Membership.organisation_id == organisation.id, has_not_ended(clock.today())
        )
    )
    is_same: ColumnElement[bool] = same_organisation
    if phone:
        is_same = or_(Person.phone == phone, same_organisation)
    return db.session.scalars(
        select(Person)
        .where(Person.name == name, is_same)
        .order_by(Person.id)
        .limit(10)
        .options(*with_relations())
    ).all()


def names_then(memberships: Collection[Membership]) -> dict[int, str]:
    """Return membership id -> the organisation's name when it ended, where that has changed."""
    ended = [relation for relation in memberships if relation.valid_to is not None]
    if not ended:
        return {}
    former = db.session.scalars(
        select(OrganisationName)
        .where(OrganisationName.organisation_id.in_({r.organisation_id for r in ended}))
        .order_by(OrganisationName.valid_to.desc(), OrganisationName.id.desc())
    ).all()
    names = {}
    for relation in ended:
        for name in former:
            if name.organisation_id != relation.organisation_id or relation.valid_to is None:
                continue
            if name.valid_to >= relation.valid_to:
                names[relation.id] = name.name
    return names


def members_of(organisation: Organisation) -> Select[Person]:
    """Return who has a relation to exactly this organisation today, by strokes."""
    relation = select(Membership.person_id).where(
        Membership.organisation_id == organisation.id, has_not_ended(clock.today())
    )
    return (
        select(Person)
        .where(Person.id.in_(relation))
        .order_by(Person.stroke_key, Person.id)
        .options(selectinload(Person.memberships))
    )
