"""Who missed an event, and what was made up for it."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal import paging
from portal.attendance.models import LEAVE, AttendanceEntry, AttendanceStatus
from portal.database import db
from portal.errors import NotFoundError
from portal.events.models import Event
from portal.leaves.models import MakeUp, MakeUpMethod, hours_words
from portal.people.models import Membership, MembershipKind, Organisation, Person
from portal.people.policies import HOSTS, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody

_MISSED = (*sorted(LEAVE), AttendanceStatus.ABSENT)


class Missed(NamedTuple):
    """Somebody who was due and did not come, and what was made up for it, if anything."""

    person_id: int
    name: str
    unit_name: str
    status: AttendanceStatus
    make_up_id: int | None
    method: MakeUpMethod
    made_on: date
    provider: str
    credit_halves: int
    proof: str
    material_id: int | None
    is_late: bool
    confirmed_by: str

    @property
    def hours(self) -> str:
        """The study hours as written; empty for none."""
        return hours_words(self.credit_halves or 0)


def missed(event: Event, number: int) -> "paging.Page[Missed]":
    """Return page `number` of those who missed the event; who has made nothing up comes first."""
    wanted: Select[*tuple[Any, ...]] = (
        select(
            AttendanceEntry.person_id,
            AttendanceEntry.name,
            AttendanceEntry.unit_name,
            AttendanceEntry.status,
            MakeUp.id,
            MakeUp.method,
            MakeUp.made_on,
            MakeUp.provider,
            MakeUp.credit_halves,
            MakeUp.proof,
            MakeUp.material_id,
            MakeUp.is_late,
            Person.name,
        )
        .outerjoin(
            MakeUp,
            and_(
                MakeUp.event_id == AttendanceEntry.event_id,
                MakeUp.person_id == AttendanceEntry.person_id,
            ),
        )
        .outerjoin(Person, Person.id == MakeUp.confirmed_by_id)
        .where(*_missed(event))
        .order_by(
            MakeUp.id.is_not(None),
            AttendanceEntry.unit_path,
            AttendanceEntry.stroke_key,
            AttendanceEntry.person_id,
        )
    )
    return paging.page_of_rows(paging.paged(wanted), number, Missed._make, {})


def missed_among(event: Event, person_ids: Collection[int]) -> set[int]:
    """Return who of these persons missed the event and has made nothing up for it yet."""
    done = select(MakeUp.person_id).where(MakeUp.event_id == event.id)
    return set(
        db.session.scalars(
            select(AttendanceEntry.person_id).where(
                *_missed(event),
                AttendanceEntry.person_id.in_(person_ids),
                AttendanceEntry.person_id.not_in(done),
            )
        )
    )


def homes_of(person_ids: Collection[int]) -> dict[int, Organisation]:
    """Return the branch or office to which each of these persons belongs; some have none."""
    rows = db.session.execute(
        select(Membership.person_id, Organisation)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.person_id.in_(person_ids),
            Membership.kind == MembershipKind.PRIMARY,
            Membership.valid_to.is_(None),
        )
    )
    return {row[0]: row[1] for row in rows}


def number_made_up(event: Event) -> int:
    """Return how many of those who missed the event have made it up."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(MakeUp)
            .join(
                AttendanceEntry,
                and_(
                    AttendanceEntry.event_id == MakeUp.event_id,
                    AttendanceEntry.person_id == MakeUp.person_id,
                ),
            )
            .where(*_missed(event))
        )
        or 0
    )


def _missed(event: Event) -> tuple[Any, ...]:
    return (AttendanceEntry.event_id == event.id, AttendanceEntry.status.in_(_MISSED))


def made_up_by(person: Somebody) -> Sequence[MakeUp]:
    """Return all lessons that a person has made up, with their events."""
    return db.session.scalars(
        select(MakeUp)
        .where(MakeUp.person_id == person.id)
        .order_by(MakeUp.id)
        .options(joinedload(MakeUp.event), joinedload(MakeUp.material))
    ).all()


def make_up(event_id: int, make_up_id: int) -> MakeUp:
    """Return what was made up for the event, with host and person; raise NotFoundError."""
    found = db.session.scalar(
        select(MakeUp)
        .where(MakeUp.id == make_up_id, MakeUp.event_id == event_id)
        .options(
            joinedload(MakeUp.event).joinedload(Event.host),
            joinedload(MakeUp.person),
            joinedload(MakeUp.confirmed_by),
            joinedload(MakeUp.material),
        )
    )
    if found is None:
        raise NotFoundError("没有这条补课记录。")
    return found


def readable_ids(person: Somebody) -> Select[int]:
    """Select the proofs of what the person has made up or written down, or of events they host.

    Who runs the person's own branch reads them as files of its library.
    """
    hosted = select(Event.id).join(Organisation, Organisation.id == Event.host_id)
    wanted: Select[Any] = select(MakeUp.material_id)
    return wanted.where(
        MakeUp.material_id.is_not(None),
        or_(
            MakeUp.person_id == person.id,
            MakeUp.confirmed_by_id == person.id,
            MakeUp.event_id.in_(hosted.where(in_subtrees(scope(person, HOSTS)))),
        ),
    )


def proven_by(material_id: int) -> Sequence[MakeUp]:
    """Return what a file is the proof of, with events, hosts and persons."""
    return db.session.scalars(
        select(MakeUp)
        .where(MakeUp.material_id == material_id)
        .order_by(MakeUp.id)
        .options(joinedload(MakeUp.event).joinedload(Event.host), joinedload(MakeUp.person))
    ).all()
