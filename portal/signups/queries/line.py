"""The queue of an event as the allotment sees it: room, units and who waits, in order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.database import db
from portal.events.models import Event, EventDueOrganisation, EventState
from portal.people.models import Membership, Organisation, OrganisationKind
from portal.people.queries import in_subtrees
from portal.signups.allotment import Allotment, Room, Unit, Waiter, allot
from portal.signups.models import Signup, SignupQuota, SignupRules, SignupStatus
from portal.signups.queries.places import Counts, Standing, is_own_branch, overview
from portal.signups.queries.places import standing as standing_of
from portal.signups.rules import Rules, UnitNumbers, said, unit_of


@dataclass(frozen=True)
class Line:
    """All that decides who gets a place: the numbers, the rules, the units and the queue.

    `queue` is who waits, with the path of each one's branch; it is left empty where nobody
    could move up, since there is no place at all.
    """

    counts: Counts
    rules: Rules
    units: Sequence[UnitNumbers]
    queue: Sequence[tuple[Signup, str]]

    def room(self, event: Event, moment: datetime) -> Room:
        """Return what there is to be given at that moment."""
        floors_end, groups_end = self.rules.floors_end_at(event), self.rules.groups_end_at(event)
        return Room(
            capacity=event.capacity,
            taken=self.counts.taken,
            units=[
                Unit(unit.id, unit.name, unit.most, unit.floor, unit.taken) for unit in self.units
            ],
            floors_until=said(floors_end) if moment < floors_end else "",
            groups_until=said(groups_end) if moment < groups_end else "",
        )

    def whys(self, event: Event, moment: datetime) -> dict[int, str]:
        """Return why each who waits does not have a place now, by id of sign-up.

        Who would have one waits for the host: sign-up has closed. Where there is no place at
        all the queue is not read, and the answer is the same for everybody: see `full`.
        """
        found = self._allotted(event, moment)
        return {
            signup.id: found.waits.get(number, "有空余名额，报名截止后由主办方递补")
            for number, (signup, _) in enumerate(self.queue)
        }

    def could_move_up(self, event: Event, moment: datetime) -> int:
        """Return how many of those who wait would get a place now."""
        return len(self._allotted(event, moment).places)

    def would_get_a_place(self, event: Event, path: str, moment: datetime) -> bool:
        """Return whether somebody of that branch who came now would have a place."""
        room = self.room(event, moment)
        if room.capacity is not None and self.counts.free(room.capacity) == 0:
            return False
        unit = unit_of(path, self.units)
        newcomer = Waiter(len(self.queue), unit.id if unit else None)
        return newcomer.id in allot(room, [*self._waiters(), newcomer]).places

    @staticmethod
    def full(counts: Counts, capacity: int | None) -> str:
        """Return why everybody waits where no place is free."""
        return f"名额已满（{counts.taken}/{capacity}）"

    def _waiters(self) -> list[Waiter]:
        return [self.waiter(number, *one) for number, one in enumerate(self.queue)]

    def _allotted(self, event: Event, moment: datetime) -> Allotment:
        return allot(self.room(event, moment), self._waiters())

    def waiter(self, number: int, signup: Signup, path: str) -> Waiter:
        """Return somebody as the allotment sees him, under a number."""
        unit = unit_of(path, self.units)
        return Waiter(number, unit.id if unit else None, signup.party_id, signup.precedence > 0)


def line(event: Event) -> Line:
    """Return the line of an event."""
    counts, rules, has_quotas = overview(event.id)
    return _line(event, counts, rules, has_quotas=has_quotas)


def standing_in_line(event: Event, standing: Standing) -> Line:
    """Return the line of an event of which one person's standing is known already."""
    return _line(event, standing.counts, standing.rules, has_quotas=standing.has_quotas)


def my_line(event: Event, person: Any) -> tuple[Standing, Line]:
    """Return where the person stands, and the line of the event."""
    standing = standing_of(event, person)
    return standing, standing_in_line(event, standing)


def _line(event: Event, counts: Counts, rules: Rules, *, has_quotas: bool) -> Line:
    is_full = counts.free(event.capacity) == 0
    return Line(
        counts=counts,
        rules=rules,
        units=unit_numbers(event.id) if has_quotas else [],
        queue=waiting(event.id) if counts.waitlisted and not is_full else [],
    )


def waiting(event_id: int) -> list[tuple[Signup, str]]:
    """Return who waits without an offer, head first, each with the path of the own branch."""
    rows = db.session.execute(_WAITING, {"event_id": event_id})
    return [(row[0], row[1] or "") for row in rows]


def paths(person_ids: Collection[int]) -> dict[int, str]:
    """Return the path of the own branch of each of these people who has one."""
    rows = db.session.execute(
        select(Membership.person_id, Organisation.path)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id.in_(person_ids), *is_own_branch())
    )
    return {row[0]: row[1] for row in rows}


def unit_numbers(event_id: int) -> list[UnitNumbers]:
    """Return the units with a quota and how they stand now, in the order of the tree."""
    rows = db.session.execute(_UNITS, {"event_id": event_id})
    return [
        UnitNumbers(
            id=row[0],
            name=row[1],
            path=row[2],
            most=row[3],
            floor=row[4],
            taken=int(row[5]),
            waiting=int(row[6]),
        )
        for row in rows
    ]


def overdue_offers(event: Event, moment: datetime) -> Sequence[Signup]:
    """Return the offers of the event whose time is over; at the start it is for all."""
    wanted = (
        select(Signup)
        .where(
            Signup.event_id == event.id,
            Signup.status == SignupStatus.WAITLISTED,
            Signup.offer_ends_at.is_not(None),
        )
        .order_by(Signup.id)
    )
    if moment < event.starts_at:
        wanted = wanted.where(Signup.offer_ends_at <= moment)
    return db.session.scalars(wanted).all()


def open_offers(event_id: int) -> Sequence[Signup]:
    """Return the sign-ups for which a place is held until they are answered."""
    return db.session.scalars(
        select(Signup)
        .where(
            Signup.event_id == event_id,
            Signup.status == SignupStatus.WAITLISTED,
            Signup.offer_ends_at.is_not(None),
        )
        .order_by(Signup.id)
    ).all()


def events_to_tend() -> Sequence[int]:
    """Return the events of which the clock may have changed the queue.

    Before their end with an offer that is over; or before sign-up closes with people waiting
    and something that ends by the clock: floors, or groups that are waited for.
    """
    now = clock.now()
    waits = and_(Signup.event_id == Event.id, Signup.status == SignupStatus.WAITLISTED)
    has_floor = exists().where(SignupQuota.event_id == Event.id, SignupQuota.floor > 0)
    is_over = exists().where(
        waits,
        Signup.offer_ends_at.is_not(None),
        or_(Signup.offer_ends_at <= now, Event.starts_at <= now),
    )
    may_move = and_(
        func.coalesce(Event.signup_closes_at, Event.starts_at) > now,
        Event.starts_at > now,
        or_(
            and_(exists().where(waits, Signup.offer_ends_at.is_(None)), has_floor),
            exists().where(waits, Signup.offer_ends_at.is_(None), Signup.party_id.is_not(None)),
        ),
    )
    return db.session.scalars(
        select(Event.id)
        .where(Event.state == EventState.PUBLISHED, or_(is_over, may_move))
        .order_by(Event.starts_at, Event.id)
    ).all()


def quotas(event_id: int) -> Sequence[SignupQuota]:
    """Return the quotas of an event with their organisations, in the order of the tree."""
    return db.session.scalars(
        select(SignupQuota)
        .join(SignupQuota.organisation)
        .where(SignupQuota.event_id == event_id)
        .order_by(Organisation.path)
        .options(joinedload(SignupQuota.organisation))
    ).all()


def find_rules(event_id: int) -> SignupRules | None:
    """Return the row of the event's rules, if it does not go the usual way."""
    return db.session.scalar(select(SignupRules).where(SignupRules.event_id == event_id))


def party(signup: Signup) -> Sequence[Signup]:
    """Return those who go together with a sign-up and hold, itself among them."""
    if signup.party_id is None:
        return [signup]
    return db.session.scalars(
        select(Signup)
        .where(Signup.party_id == signup.party_id, Signup.status.in_(_IN_PLAY))
        .order_by(Signup.id)
    ).all()


def party_with_people(signup: Signup) -> Sequence[Signup]:
    """Return who goes together with a sign-up and holds, each with the person; [] if alone."""
    if signup.party_id is None:
        return []
    return db.session.scalars(
        select(Signup)
        .where(Signup.party_id == signup.party_id, Signup.status.in_(_IN_PLAY))
        .options(joinedload(Signup.person))
        .order_by(Signup.id)
    ).all()


def units_to_choose(event: Event) -> Sequence[Organisation]:
    """Return the units that may have a quota: below the host, and those that are due.

    Groups and grids are left out: places are given to branches and what stands above them.
    """
    due = select(EventDueOrganisation.organisation_id).where(
        EventDueOrganisation.event_id == event.id
    )
    chosen = select(SignupQuota.organisation_id).where(SignupQuota.event_id == event.id)
    roots = db.session.scalars(select(Organisation).where(Organisation.id.in_(due))).all()
    return db.session.scalars(
        select(Organisation)
        .where(
            or_(in_subtrees([event.host, *roots]), Organisation.id.in_(chosen)),
            Organisation.kind.not_in([OrganisationKind.GROUP, OrganisationKind.GRID]),
            or_(Organisation.valid_to.is_(None), Organisation.valid_to >= clock.today()),
        )
        .order_by(Organisation.path)
    ).all()


def _waiting() -> Select[Signup, str]:
    return (
        select(Signup, Organisation.path)
        .outerjoin(
            Membership,
            and_(Membership.person_id == Signup.person_id, *is_own_branch()),
        )
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Signup.event_id == bindparam("event_id"),
            Signup.status == SignupStatus.WAITLISTED,
            Signup.offer_ends_at.is_(None),
        )
        .order_by(Signup.precedence.desc(), Signup.id)
    )


def _units() -> Select[Any]:
    """Count the people of each branch once, then add the branches up by unit."""
    has_place = or_(Signup.status == SignupStatus.CONFIRMED, Signup.offer_ends_at.is_not(None))
    by_branch = (
        select(
            Organisation.path,
            func.sum(case((has_place, 1), else_=0)).label("taken"),
            func.sum(case((has_place, 0), else_=1)).label("waiting"),
        )
        .select_from(Signup)
        .join(Membership, and_(Membership.person_id == Signup.person_id, *is_own_branch()))
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Signup.event_id == bindparam("event_id"),
            Signup.status.in_([SignupStatus.CONFIRMED, SignupStatus.WAITLISTED]),
        )
        .group_by(Organisation.path)
        .subquery()
    )
    is_within = func.substr(by_branch.c.path, 1, func.length(Organisation.path))
    return (
        select(
            Organisation.id,
            Organisation.short_name,
            Organisation.path,
            SignupQuota.most,
            SignupQuota.floor,
            func.coalesce(func.sum(by_branch.c.taken), 0),
            func.coalesce(func.sum(by_branch.c.waiting), 0),
        )
        .select_from(SignupQuota)
        .join(Organisation, Organisation.id == SignupQuota.organisation_id)
        .outerjoin(by_branch, is_within == Organisation.path)
        .where(SignupQuota.event_id == bindparam("event_id"))
        .group_by(
            Organisation.id,
            Organisation.short_name,
            Organisation.path,
            SignupQuota.most,
            SignupQuota.floor,
        )
        .order_by(Organisation.path)
    )


_IN_PLAY = (SignupStatus.PENDING, SignupStatus.WAITLISTED, SignupStatus.CONFIRMED)
# Asked whenever places are given: built once.
_WAITING = _waiting()
_UNITS = _units()
