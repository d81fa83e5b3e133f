"""Who is invited by name: the list, finding people for it, reading a pasted list."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import selectinload

from portal import clock
from portal.database import db
from portal.errors import InvalidInputError
from portal.events.models import Event, EventInvitation
from portal.people.directory_queries import is_found_by
from portal.people.models import Membership, Organisation, Person
from portal.people.naming import written_name
from portal.people.policies import HOSTS, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody

MOST_LINES = 500
MOST_FOUND = 20
_PHONE = re.compile(r"1\d{10}")
# 接龙 lists begin their lines with a number: "3. 张三", "3、张三".
_NUMBERED = re.compile(r"^\s*\d{1,3}\s*[.、．)）:：]\s*")
_BETWEEN = re.compile(r"[\n,，、;；\t]+")


@dataclass
class Read:
    """What became of a pasted list: found, asked about, not on the roster."""

    found: list[Person] = field(default_factory=list)
    doubtful: list[tuple[str, list[Person]]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def invited(event: Event) -> Sequence[Person]:
    """Return who is invited, by pinyin, with memberships and their organisations."""
    wanted = (
        select(Person)
        .join(EventInvitation, EventInvitation.person_id == Person.id)
        .where(EventInvitation.event_id == event.id)
        .options(selectinload(Person.memberships).joinedload(Membership.organisation))
    )
    return db.session.scalars(wanted.order_by(Person.pinyin_key, Person.id)).all()


def find(typed: str, *, actor: Somebody, event: Event) -> Sequence[Person]:
    """Return people of the actor's part of the tree by name, pinyin or phone, not yet invited."""
    there = select(EventInvitation.person_id).where(EventInvitation.event_id == event.id)
    wanted = within_reach(actor).where(is_found_by(typed), Person.id.not_in(there))
    return db.session.scalars(wanted.order_by(Person.pinyin_key, Person.id).limit(MOST_FOUND)).all()


def read(pasted: str, *, actor: Somebody, event: Event) -> Read:
    """Match a pasted list with the roster: a name or a phone number on each line.

    One match is found; several are doubtful and must be chosen; who is invited already is
    passed over. Raise InvalidInputError for no line, and for more than 500.
    """
    lines = dict.fromkeys(line for part in _BETWEEN.split(pasted) if (line := _line(part)))
    if not lines:
        raise InvalidInputError("请填写姓名或手机号。", field="names")
    if len(lines) > MOST_LINES:
        raise InvalidInputError(f"一次最多 {MOST_LINES} 行，请分几次添加。", field="names")
    phones = {line: match[0] for line in lines if (match := _PHONE.search(line))}
    names = {line: written_name(_PHONE.sub("", line)).name for line in lines}
    people = _named(set(names.values()) - {""}, set(phones.values()), actor=actor)
    there = set(
        db.session.scalars(
            select(EventInvitation.person_id).where(EventInvitation.event_id == event.id)
        )
    )
    result = Read()
    for line in lines:
        candidates = [
            person
            for person in people
            if (line in phones and person.phone == phones[line])
            or (line not in phones and person.name == names[line])
        ]
        fresh = [person for person in candidates if person.id not in there]
        if not candidates:
            result.unknown.append(line)
        elif len(candidates) == 1:
            result.found.extend(fresh)
        elif len(fresh) == len(candidates):
            result.doubtful.append((line, fresh))
    return result


def _line(text: str) -> str:
    return " ".join(_NUMBERED.sub("", text).split())[:80]


def _named(names: Collection[str], phones: Collection[str], *, actor: Somebody) -> Sequence[Person]:
    conditions: list[ColumnElement[bool]] = []
    if names:
        conditions.append(Person.name.in_(names))
    if phones:
        conditions.append(Person.phone.in_(phones))
    if not conditions:
        return []
    wanted = within_reach(actor).where(or_(*conditions))
    return db.session.scalars(wanted.order_by(Person.pinyin_key, Person.id)).all()


def within_reach(actor: Somebody) -> Select[Person]:
    """Select people who belong to the actor's part of the tree, memberships loaded."""
    today = clock.today()
    reached = (
        select(Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            in_subtrees(scope(actor, HOSTS)),
            or_(Membership.valid_to.is_(None), Membership.valid_to >= today),
        )
    )
    return (
        select(Person)
        .where(Person.id.in_(reached))
        .options(selectinload(Person.memberships).joinedload(Membership.organisation))
    )
