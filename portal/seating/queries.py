"""Questions about the plan of an event's seats, and where somebody sits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, or_, select
from sqlalchemy.orm import selectinload

from portal import clock
from portal.database import db
from portal.events.audience_queries import called
from portal.events.models import Audience, Event, EventState
from portal.people import bound
from portal.people.models import ExemptReason, Membership, MembershipKind, Organisation, Person
from portal.people.readers import Somebody
from portal.seating.models import PlanKind, Seat, SeatGroup, SeatPlan
from portal.signups.models import Signup, SignupStatus
from portal.signups.question_models import SignupAnswer

# Whoever is so old sits in front.
ELDERS = 70
_LAST_PATH = "~"


class Placed(NamedTuple):
    """Somebody who comes, with the seat if there is one."""

    person_id: int
    name: str
    unit: str
    unit_path: str
    stroke_key: str
    pinyin_key: str
    signup_id: int | None
    party_id: int | None
    goes_first: bool
    group_id: int | None
    number: int | None


@dataclass(frozen=True)
class Place:
    """Where somebody sits, as it is told."""

    kind: PlanKind
    group: str
    number: int

    @property
    def words(self) -> str:
        """第3排 5号; of groups the name alone."""
        return f"{self.group} {self.number} 号" if self.kind is PlanKind.SEATS else self.group


class MyPlace(NamedTuple):
    """A coming event of mine, and where I sit there."""

    event_id: int
    title: str
    starts_at: datetime
    place: Place


def find_plan(event_id: int, *, lock: bool = False) -> SeatPlan | None:
    """Return the plan of an event with its groups; with `lock` held until the transaction ends."""
    wanted = (
        select(SeatPlan)
        .where(SeatPlan.event_id == event_id)
        .options(selectinload(SeatPlan.groups))
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(wanted.with_for_update(of=SeatPlan) if lock else wanted)


def people(event: Event, order: str = "stroke") -> list[Placed]:
    """Return who comes, with the seats they have, by unit and the order of lists.

    Those with a place; of an event for organisations also those who are due.
    """
    is_here: ColumnElement[bool] = Signup.id.is_not(None)
    if event.audience is Audience.DUE:
        is_here = or_(is_here, Person.id.in_(called(event)))
    own = and_(
        Membership.person_id == Person.id,
        Membership.kind == MembershipKind.PRIMARY,
        Membership.valid_to.is_(None),
    )
    key = Person.pinyin_key if order == "pinyin" else Person.stroke_key
    path = func.coalesce(Organisation.path, _LAST_PATH)
    rows = db.session.execute(
        select(
            Person.id,
            Person.name,
            func.coalesce(Organisation.short_name, Person.work_unit),
            path,
            Person.stroke_key,
            Person.pinyin_key,
            Signup.id,
            Signup.party_id,
            _goes_first(),
            Seat.group_id,
            Seat.number,
        )
        .outerjoin(
            Signup,
            and_(
                Signup.event_id == event.id,
                Signup.person_id == Person.id,
                Signup.status == SignupStatus.CONFIRMED,
            ),
        )
        .outerjoin(Seat, and_(Seat.event_id == event.id, Seat.person_id == Person.id, _holds()))
        .outerjoin(Membership, own)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(is_here)
        .order_by(path, key, Person.id)
    )
    found: dict[int, Placed] = {}
    for row in rows:
        found.setdefault(row[0], Placed._make(row))
    return list(found.values())


def _holds() -> ColumnElement[bool]:
    """A seat holds for the sign-up for which it was given, or for who is due without one."""
    return or_(Seat.signup_id == Signup.id, Seat.signup_id.is_(None))


def _goes_first() -> ColumnElement[bool]:
    """Return whether somebody is old, walks badly, or has answered that there is a wheelchair."""
    year = clock.today().year
    return or_(
        and_(Person.birth_year.is_not(None), Person.birth_year <= year - ELDERS),
        and_(
            Person.exempt_reason.is_not(None),
            Person.exempt_reason.in_({ExemptReason.FRAIL, ExemptReason.IMMOBILE}),
        ),
        exists().where(SignupAnswer.signup_id == Signup.id, SignupAnswer.words.like("%轮椅%")),
    )


def stale_seats(event_id: int) -> Sequence[Seat]:
    """Return the seats of sign-ups that hold no place any more."""
    gone = ~exists().where(Signup.id == Seat.signup_id, Signup.status == SignupStatus.CONFIRMED)
    return db.session.scalars(
        select(Seat).where(Seat.event_id == event_id, Seat.signup_id.is_not(None), gone)
    ).all()


def seats_of(event_id: int, person_ids: Collection[int]) -> Sequence[Seat]:
    """Return the seats that these people have at the event."""
    return db.session.scalars(
        select(Seat).where(Seat.event_id == event_id, Seat.person_id.in_(person_ids))
    ).all()


def whose_plan(event_id: int) -> ScalarSelect[int]:
    """Return whose plan holds at an event: its own, at a session that of the whole."""
    whole = func.coalesce(Event.part_of_id, Event.id)
    return select(whole).where(Event.id == event_id).scalar_subquery()


def places(event_id: int) -> dict[int, Place]:
    """Return where people sit, by person; staff know it before it is shown."""
    rows = db.session.execute(
        select(Seat.person_id, SeatPlan.kind, SeatGroup.name, Seat.number)
        .join(SeatGroup, SeatGroup.id == Seat.group_id)
        .join(SeatPlan, SeatPlan.id == SeatGroup.plan_id)
        .outerjoin(Signup, Signup.id == Seat.signup_id)
        .where(Seat.event_id == whose_plan(event_id), _is_live())
    )
    return {row[0]: Place(row[1], row[2], row[3]) for row in rows}


def plan_version(event_id: int) -> int:
    """Return a number that changes whenever the plan does; 0 where there is none."""
    wanted = select(SeatPlan.version).where(SeatPlan.event_id == whose_plan(event_id))
    return db.session.scalar(wanted) or 0


def find_place(event_id: int, person_id: int) -> Place | None:
    """Return where somebody sits, once people may see it."""
    row = db.session.execute(
        select(SeatPlan.kind, SeatGroup.name, Seat.number)
        .join(SeatGroup, SeatGroup.id == Seat.group_id)
        .join(SeatPlan, SeatPlan.id == SeatGroup.plan_id)
        .outerjoin(Signup, Signup.id == Seat.signup_id)
        .where(
            Seat.event_id == whose_plan(event_id),
            Seat.person_id == person_id,
            SeatPlan.shown_at.is_not(None),
            _is_live(),
        )
    ).one_or_none()
    return Place(*row) if row else None


def my_places(person: Somebody, *, limit: int = 5) -> list[MyPlace]:
    """Return where the person sits at what is coming, soonest first."""
    rows = db.session.execute(
        select(Event.id, Event.title, Event.starts_at, SeatPlan.kind, SeatGroup.name, Seat.number)
        .select_from(Seat)
        .join(SeatGroup, SeatGroup.id == Seat.group_id)
        .join(SeatPlan, SeatPlan.id == SeatGroup.plan_id)
        .join(Event, Event.id == Seat.event_id)
        .outerjoin(Signup, Signup.id == Seat.signup_id)
        .where(
            Seat.person_id == person.id,
            SeatPlan.shown_at.is_not(None),
            Event.state == EventState.PUBLISHED,
            Event.ends_at >= clock.now(),
            _is_live(),
        )
        .order_by(Event.starts_at, Event.id)
        .limit(limit)
    )
    return [MyPlace(row[0], row[1], row[2], Place(row[3], row[4], row[5])) for row in rows]


def _is_live() -> ColumnElement[bool]:
    return or_(Seat.signup_id.is_(None), Signup.status == SignupStatus.CONFIRMED)


def has_a_seat() -> ColumnElement[bool]:
    """Return the condition on `Event` that the reader of `people.bound` has a seat there."""
    whose = func.coalesce(Event.part_of_id, Event.id)
    return exists().where(Seat.event_id == whose, Seat.person_id == bound.reader().id)
