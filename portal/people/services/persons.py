"""Changes to the record of a person: the facts, the keys that find it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, insert

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import InvalidInputError
from portal.people.edit_history import check_version, differences
from portal.people.models import (
    Gender,
    Membership,
    MembershipKind,
    Organisation,
    Participation,
    Person,
    PersonKey,
    PersonKind,
)
from portal.people.naming import phone_keys, pinyin_key, search_keys, stroke_key
from portal.people.services.days import check_day

LABELS = {
    "name": "姓名",
    "gender": "性别",
    "birth_year": "出生年份",
    "joined_on": "入党时间",
    "phone": "电话",
    "work_unit": "工作单位",
    "post": "行政职务",
    "rank": "职级",
    "note": "备注",
}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is kept of a person, and no more (DOMAIN 3.2)."""

    name: str
    gender: Gender | None = None
    birth_year: int | None = None
    joined_on: date | None = None
    phone: str = ""
    work_unit: str = ""
    post: str = ""
    rank: str = ""
    note: str = ""


def facts_of(person: Person) -> Facts:
    """Return the facts as they are kept now."""
    return Facts(**{field: getattr(person, field) for field in LABELS})


def person_key_rows(people: Iterable[tuple[int, str, str]]) -> list[dict[str, Any]]:
    """Return the rows of `person_key` that find these people: (id, name, phone)."""
    return [
        {"person_id": person_id, "key": key}
        for person_id, name, phone in people
        for key in (*search_keys(name), *phone_keys(phone))
    ]


def sort_keys(name: str) -> dict[str, str]:
    """Return the columns of `person` by which a name is sorted."""
    return {"pinyin_key": pinyin_key(name), "stroke_key": stroke_key(name)}


def create_person(
    *,
    facts: Facts,
    organisation: Organisation,
    participation: Participation | None,
    since: date | None,
    actor: audit.Acting,
) -> Person:
    """Enter somebody new: a member of the organisation, or a participant or guest there.

    `participation` None makes it the primary branch. Raises InvalidInputError.
    """
    if since is not None:
        check_day(since, field="since")
    check_takes_people(organisation, since or clock.today())
    is_guest = participation is Participation.GUEST
    person = Person(
        **asdict(facts),
        **sort_keys(facts.name),
        kind=PersonKind.GUEST if is_guest else PersonKind.MEMBER,
        is_exempt=False,
        version=1,
    )
    db.session.add(person)
    db.session.flush()
    _rewrite_keys(person)
    relation = Membership(
        person_id=person.id,
        organisation=organisation,
        kind=MembershipKind.PARTICIPATING if participation else MembershipKind.PRIMARY,
        participation=participation,
        valid_from=since,
    )
    db.session.add(relation)
    db.session.flush()
    audit.record(
        "person.created",
        person,
        actor=actor,
        version=person.version,
        name=person.name,
        organisation=organisation.name,
        relation=relation.label,
    )
    return person


def check_takes_people(organisation: Organisation, day: date) -> None:
    """Raise InvalidInputError unless the organisation exists on that day."""
    if not organisation.is_open_on(day):
        raise InvalidInputError(
            f"“{organisation.name}”在这一天还没有成立或已经撤并。", field="organisation"
        )


def change_person(
    *, person: Person, facts: Facts, version: int | None, actor: audit.Acting
) -> None:
    """Put the record right; raise ChangedMeanwhileError if the form was of an older version."""
    check_version(person, version)
    before, after = asdict(facts_of(person)), asdict(facts)
    changes = differences(before, after, LABELS)
    if not changes:
        return
    for field, value in after.items():
        setattr(person, field, value)
    if {"name", "phone"} & {field for field in LABELS if before[field] != after[field]}:
        for column, key in sort_keys(person.name).items():
            setattr(person, column, key)
        _rewrite_keys(person)
    db.session.flush()
    audit.record(
        "person.changed",
        person,
        actor=actor,
        version=person.version,
        changes=_without_secrets(changes),
    )


def differences_to(person: Person, facts: Facts) -> dict[str, list[str]]:
    """Return label -> [as kept now, as typed] of what differs, phones masked."""
    found = differences(asdict(facts_of(person)), asdict(facts), LABELS)
    if LABELS["phone"] in found:
        found[LABELS["phone"]] = [_masked(phone) for phone in found[LABELS["phone"]]]
    return found


def _without_secrets(changes: dict[str, list[str]]) -> dict[str, list[str]]:
    """Phones are masked in the audit chain; of a note only that it changed is told."""
    kept = dict(changes)
    if LABELS["phone"] in kept:
        kept[LABELS["phone"]] = [_masked(phone) for phone in kept[LABELS["phone"]]]
    if LABELS["note"] in kept:
        kept[LABELS["note"]] = []
    return kept


def _masked(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else ("****" if phone else "")


def _rewrite_keys(person: Person) -> None:
    db.session.execute(
        delete(PersonKey)
        .where(PersonKey.person_id == person.id)
        .execution_options(synchronize_session=False)
    )
    rows = person_key_rows([(person.id, person.name, person.phone)])
    if rows:
        db.session.execute(insert(PersonKey), rows)


def note_phone_shown(*, person: Person, actor: audit.Acting) -> None:
    """Note in the audit chain that somebody looked at the whole number."""
    audit.record("person.phone_shown", person, actor=actor)
