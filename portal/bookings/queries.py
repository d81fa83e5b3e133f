"""Questions about bookings."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import joinedload

from portal import clock, paging
from portal.bookings.board import Board
from portal.bookings.models import Booking, BookingPhase, BookingState
from portal.database import db
from portal.errors import NotFoundError
from portal.people.models import Organisation
from portal.people.policies import HOSTS, is_administrator, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody
from portal.sites.models import Room, Site
from portal.sites.policies import KEEPERS
from portal.sites.uses import queries as uses

# So many of what waits for an answer are shown on a home.
MOST_WAITING = 5
_UNKNOWN = "没有找到这次预约，可能已被移走，或者不对您开放。"


class Whose(StrEnum):
    """Which bookings a list shows."""

    MINE = "mine"
    DECIDE = "decide"

    @property
    def label(self) -> str:
        """Chinese words of the choice."""
        return {"mine": "我和我单位的", "decide": "我负责的示范点"}[self.value]


class When(StrEnum):
    """Which bookings by state and time."""

    WAITING = "waiting"
    COMING = "coming"
    PAST = "past"
    OFF = "off"
    ALL = "all"

    @property
    def label(self) -> str:
        """Chinese words of the choice."""
        return {
            "waiting": "待答复",
            "coming": "将要参观",
            "past": "已经过去",
            "off": "未成行",
            "all": "全部",
        }[self.value]


class ListedBooking(NamedTuple):
    """What a list says of a booking."""

    id: int
    site_id: int
    site_name: str
    room_name: str
    unit: str
    party_size: int
    purpose: str
    starts_at: datetime
    ends_at: datetime
    state: BookingState
    answer_by: datetime
    joins_id: int | None

    def phase(self, moment: datetime) -> BookingPhase:
        """Return what a reader is told at that moment."""
        return Booking.phase(self, moment)  # type: ignore[arg-type]


def board(site: Site, first: date, last: date) -> Board:
    """Return what a site (rooms, hours, closures loaded) has on from `first` to `last`."""
    starts_at = clock.from_local(datetime.combine(first, time.min))
    ends_at = clock.from_local(datetime.combine(last + timedelta(days=1), time.min))
    rules, taken = uses.rules_and_uses(site.id, starts_at, ends_at)
    return Board(site=site, rules=rules, uses=taken, first=first, last=last)


def _whole() -> Select[Booking]:
    joins = joinedload(Booking.joins)
    return select(Booking).options(
        joinedload(Booking.site).joinedload(Site.organisation),
        joinedload(Booking.room),
        joinedload(Booking.organisation),
        joinedload(Booking.asked_by),
        joinedload(Booking.decided_by),
        joins.joinedload(Booking.organisation),
    )


def booking(site_id: int, booking_id: int, *, to_change: bool = False) -> Booking:
    """Return one booking with all that its page shows; raise NotFoundError.

    Its row is locked when it is `to_change`.
    """
    wanted = _whole().where(Booking.id == booking_id, Booking.site_id == site_id)
    if to_change:
        wanted = wanted.with_for_update(of=Booking)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFoundError(_UNKNOWN)
    return found


def joined_to(booking_id: int) -> Sequence[Booking]:
    """Return the parties that joined this visit or ask to, in the order in which they asked."""
    return db.session.scalars(
        _whole().where(Booking.joins_id == booking_id).order_by(Booking.id)
    ).all()


def live_joined(booking_id: int) -> list[Booking]:
    """Return the parties that still count on this visit."""
    now = clock.now()
    return [one for one in joined_to(booking_id) if one.is_live(now)]


def page_of_list(
    person: Somebody, whose: Whose, when: When, site_id: int | None, number: int
) -> "paging.Page[ListedBooking]":
    """Return a page of the bookings that are the person's own, or that it decides about."""
    wanted = _listed(_whose(person, whose), when)
    if site_id is not None:
        wanted = wanted.where(Booking.site_id == site_id)
    return paging.page_of_rows(paging.paged(wanted), number, ListedBooking._make, {})


def _listed(whose: ColumnElement[bool], when: When) -> "Select[*tuple[Any, ...]]":
    latest_first = when in {When.PAST, When.OFF, When.ALL}
    order = Booking.starts_at.desc() if latest_first else Booking.starts_at
    return (
        select(
            Booking.id,
            Booking.site_id,
            Site.name,
            Room.name,
            Booking.unit,
            Booking.party_size,
            Booking.purpose,
            Booking.starts_at,
            Booking.ends_at,
            Booking.state,
            Booking.answer_by,
            Booking.joins_id,
        )
        .join(Site, Site.id == Booking.site_id)
        .join(Room, Room.id == Booking.room_id)
        .where(whose, _at(when))
        .order_by(order, Booking.id)
    )


def _at(when: When) -> ColumnElement[bool]:
    now = clock.now()
    is_open = and_(Booking.state == BookingState.ASKED, Booking.answer_by > now)
    match when:
        case When.WAITING:
            return is_open
        case When.COMING:
            is_agreed = Booking.state == BookingState.APPROVED
            return and_(or_(is_agreed, is_open), Booking.ends_at > now)
        case When.PAST:
            came = Booking.state.in_({BookingState.VISITED, BookingState.NOT_COME})
            is_over = and_(Booking.state == BookingState.APPROVED, Booking.ends_at <= now)
            return or_(came, is_over)
        case When.OFF:
            is_off = Booking.state.in_({BookingState.DECLINED, BookingState.CANCELLED})
            lapsed = and_(Booking.state == BookingState.ASKED, Booking.answer_by <= now)
            return or_(is_off, lapsed)
        case When.ALL:
            return Booking.id.is_not(None)


def _whose(person: Somebody, whose: Whose) -> ColumnElement[bool]:
    if is_administrator(person):
        return false()
    if whose is Whose.DECIDE:
        return Booking.site_id.in_(_kept_sites(person))
    own = Booking.asked_by_id == person.id
    roots = scope(person, HOSTS)
    if not roots:
        return own
    below = select(Organisation.id).where(in_subtrees(roots))
    return or_(own, Booking.organisation_id.in_(below))


def _kept_sites(person: Somebody) -> Select[Any]:
    roots = scope(person, KEEPERS)
    return (
        select(Site.id)
        .join(Organisation, Organisation.id == Site.organisation_id)
        .where(in_subtrees(roots))
    )


def sites_decided_by(person: Somebody) -> Sequence[Site]:
    """Return the sites about whose visits the person decides, by name."""
    if is_administrator(person) or not scope(person, KEEPERS):
        return []
    return db.session.scalars(
        select(Site).where(Site.id.in_(_kept_sites(person))).order_by(Site.name, Site.id).limit(200)
    ).all()


def to_answer(person: Somebody, *, limit: int) -> Sequence[ListedBooking]:
    """Return what waits for the person's answer, soonest deadline first."""
    if is_administrator(person) or not scope(person, KEEPERS):
        return []
    wanted = _listed(_whose(person, Whose.DECIDE), When.WAITING).order_by(None)
    rows = db.session.execute(wanted.order_by(Booking.answer_by, Booking.id).limit(limit))
    return [ListedBooking._make(row) for row in rows]


def contacts_to_forget(before: datetime) -> ColumnElement[bool]:
    """Return the condition that a contact is kept no longer: the visit ended before then."""
    return and_(
        Booking.ends_at <= before, or_(Booking.contact_phone != "", Booking.contact_name != "")
    )


def bookings_of_site(site_id: int, first: date, last: date) -> Sequence[Booking]:
    """Return the bookings of a site from `first` to `last` that were not called off."""
    starts_at = clock.from_local(datetime.combine(first, time.min))
    ends_at = clock.from_local(datetime.combine(last + timedelta(days=1), time.min))
    return db.session.scalars(
        _whole()
        .where(
            Booking.site_id == site_id,
            Booking.starts_at >= starts_at,
            Booking.starts_at < ends_at,
        )
        .order_by(Booking.starts_at, Booking.id)
        .limit(500)
    ).all()
