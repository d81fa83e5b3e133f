"""Writing a roster's plan: batches, no query per row, everything in the open transaction."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, update

from portal.audit import services as audit
from portal.database import db
from portal.people.imports.known import KnownPerson, batches, branches_with_members
from portal.people.imports.people import People, PlannedPerson
from portal.people.imports.person_rows import PersonRow
from portal.people.imports.plan import Progress
from portal.people.models import (
    EndReason,
    Membership,
    MembershipKind,
    Person,
    PersonKey,
    PersonKind,
    Post,
)
from portal.people.services.leaving import Departure, end_what_was_left
from portal.people.services.persons import person_key_rows, sort_keys

Rows = list[dict[str, Any]]


def apply_people(
    plan: People,
    *,
    today: date,
    actor: audit.Acting | None,
    progress: Progress = lambda _rows: None,
) -> None:
    """Write a plan. What is new is dated today; a branch's first roster has no first day.

    A branch that had no member before is taken over as it stands: since when its members
    belong to it, the portal does not know. Duties over a branch that is left end with it.
    """
    branches = {planned.row.organisation_id for planned in plan.created}
    settled = branches_with_members(branches)
    for created in batches(plan.created):
        _create(created, settled=settled, today=today)
        progress(len(created))
    for changed in batches(plan.changed):
        changes = _Changes(today)
        for change in changed:
            if change.planned.known is not None:
                changes.take(change.planned.row, change.planned.known)
        changes.write()
        end_what_was_left(changes.left, day=today, actor=actor)
        progress(len(changed))
    db.session.flush()


def _create(created: Sequence[PlannedPerson], *, settled: set[int], today: date) -> None:
    rows = [planned.row for planned in created]
    new_persons = insert(Person).returning(Person.id, sort_by_parameter_order=True)
    ids = list(db.session.scalars(new_persons, [_new_person(row) for row in rows]))
    memberships: Rows = []
    posts: Rows = []
    for person_id, row in zip(ids, rows, strict=True):
        since = today if row.organisation_id in settled else None
        memberships.append(_membership(person_id, row, since))
        posts += _posts(person_id, row, row.party_posts or (), since)
    _insert(Membership, memberships)
    _insert(Post, posts)
    _insert(PersonKey, _keys(zip(ids, rows, strict=True)))


def _new_person(row: PersonRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "kind": PersonKind.MEMBER,
        "gender": row.gender,
        "birth_year": row.birth_year,
        "joined_on": row.joined_on,
        "phone": row.phone,
        "work_unit": row.work_unit,
        "post": row.post,
        "note": row.note,
        **sort_keys(row.name),
        "version": 1,
    }


class _Changes:
    """What a batch of changed people asks of each table, gathered before it is written."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._persons: Rows = []
        self._set_right: Rows = []
        self._ended_memberships: list[int] = []
        self._memberships: Rows = []
        self._ended_posts: list[int] = []
        self._posts: Rows = []
        self._phones: list[tuple[int, PersonRow]] = []
        # The relations that end, once it is written.
        self.left: list[Departure] = []

    def take(self, row: PersonRow, known: KnownPerson) -> None:
        """Gather what changes of one person."""
        self._persons.append(_changed_person(row, known))
        if known.organisation_id != row.organisation_id:
            self._move(row, known)
        elif row.party_posts is not None:
            self._hold(row, known, row.party_posts)
        if row.phone and row.phone != known.phone:
            self._phones.append((known.id, row))

    def _move(self, row: PersonRow, known: KnownPerson) -> None:
        """Open the new relation; posts stay behind with the branch they were held in."""
        if known.membership_id is not None:
            self.left.append(Departure(known.id, known.organisation_path))
        if known.membership_id is not None and known.member_since == self._today:
            # Put into the wrong branch today: set right, nobody belonged there for a day.
            self._set_right.append({"of_id": known.membership_id, "to": row.organisation_id})
        else:
            if known.membership_id is not None:
                self._ended_memberships.append(known.membership_id)
            self._memberships.append(_membership(known.id, row, self._today))
        self._ended_posts += known.posts.values()
        self._posts += _posts(known.id, row, row.party_posts or (), self._today)

    def _hold(self, row: PersonRow, known: KnownPerson, titles: Sequence[str]) -> None:
        """End the posts that are not named, add the new ones: up to the relation's last day."""
        self._ended_posts += [
            post_id for title, post_id in known.posts.items() if title not in titles
        ]
        new = [title for title in titles if title not in known.posts]
        self._posts += _posts(known.id, row, new, self._today, known.member_until)

    def write(self) -> None:
        """Write each table once; what ends is closed before anything opens."""
        _update_persons(self._persons)
        if self._set_right:
            table = cast(Table, Membership.__table__)
            move = update(table).where(table.c.id == bindparam("of_id"))
            db.session.connection().execute(
                move.values(organisation_id=bindparam("to")), self._set_right
            )
        _end(Membership, self._ended_memberships, self._today, end_reason=EndReason.TRANSFERRED)
        _insert(Membership, self._memberships)
        _end(Post, self._ended_posts, self._today)
        _insert(Post, self._posts)
        if self._phones:
            ids = [person_id for person_id, _row in self._phones]
            db.session.execute(delete(PersonKey).where(PersonKey.person_id.in_(ids)))
            _insert(PersonKey, _keys(self._phones))


def _changed_person(row: PersonRow, known: KnownPerson) -> dict[str, Any]:
    return {
        "of_id": known.id,
        "new_kind": PersonKind.MEMBER,
        "new_gender": row.gender or known.gender,
        "new_birth_year": row.birth_year or known.birth_year,
        "new_joined_on": row.joined_on or known.joined_on,
        "new_phone": row.phone or known.phone,
        "new_work_unit": row.work_unit or known.work_unit,
        "new_post": row.post or known.post,
        "new_note": row.note or known.note,
    }


def _update_persons(persons: Rows) -> None:
    table = cast(Table, Person.__table__)
    names = [name.removeprefix("new_") for name in persons[0] if name != "of_id"]
    change = (
        update(table)
        .where(table.c.id == bindparam("of_id"))
        .values(
            {name: bindparam(f"new_{name}") for name in names} | {"version": table.c.version + 1}
        )
    )
    db.session.connection().execute(change, persons)


def _membership(person_id: int, row: PersonRow, since: date | None) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "organisation_id": row.organisation_id,
        "kind": MembershipKind.PRIMARY,
        "valid_from": since,
    }


def _posts(
    person_id: int,
    row: PersonRow,
    titles: Iterable[str],
    since: date | None,
    until: date | None = None,
) -> Rows:
    return [
        {
            "person_id": person_id,
            "organisation_id": row.organisation_id,
            "title": title,
            "valid_from": since,
            "valid_to": until,
        }
        for title in titles
    ]


def _end(
    table: type[Membership] | type[Post], ids: list[int], today: date, **reason: EndReason
) -> None:
    """Let relations end yesterday: both ends of a span are included."""
    last_day = today - timedelta(days=1)
    for some in batches(ids):
        db.session.execute(
            update(table)
            .where(table.id.in_(some))
            .values(valid_to=last_day, **reason)
            .execution_options(synchronize_session=False)
        )


def _insert(table: type[Membership] | type[Post] | type[PersonKey], rows: Rows) -> None:
    if rows:
        db.session.execute(insert(table), rows)


def _keys(people: Iterable[tuple[int, PersonRow]]) -> Rows:
    return person_key_rows((person_id, row.name, row.phone) for person_id, row in people)
