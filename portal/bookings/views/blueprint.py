"""The blueprint of bookings, and the ways in to a site's bookings and to one of them."""

from flask import Blueprint

from portal.bookings import policies, queries
from portal.bookings.models import Booking
from portal.errors import NotFoundError
from portal.people.access import current_reader, require
from portal.sites.models import Site
from portal.sites.uses.queries import site_with_hours

bp = Blueprint("bookings", __name__)

_NOT_KEEPER = "只有示范点的负责人和所在组织的书记可以办理这件事。"
_NOT_OWN = "只有预约的人和示范点的负责人可以办理这件事。"


def seen_site(site_id: int) -> Site:
    """Return a site that the reader may see, with all that a calendar needs."""
    site = site_with_hours(site_id)
    if not policies.may_see_calendar(current_reader(), site):
        raise NotFoundError("没有找到这个示范点。")
    return site


def kept_site(site_id: int) -> Site:
    """Return a site about whose visits the reader decides."""
    site = seen_site(site_id)
    require(policies.may_decide(current_reader(), site), _NOT_KEEPER)
    return site


def seen(site_id: int, booking_id: int, *, to_change: bool = False) -> Booking:
    """Return a booking that the reader may know of; NotFoundError else, as if there were none."""
    booking = queries.booking(site_id, booking_id, to_change=to_change)
    if not policies.may_see(current_reader(), booking):
        raise NotFoundError("没有找到这次预约，可能已被移走，或者不对您开放。")
    return booking


def changed(site_id: int, booking_id: int, *, to_change: bool = True) -> Booking:
    """Return a booking that the reader may move and call off, its row locked."""
    booking = seen(site_id, booking_id, to_change=to_change)
    require(policies.may_change(current_reader(), booking), _NOT_OWN)
    return booking


def own(site_id: int, booking_id: int, *, to_change: bool = True) -> Booking:
    """Return a booking of the reader's own or of their unit, its row locked."""
    booking = seen(site_id, booking_id, to_change=to_change)
    require(policies.may_edit(current_reader(), booking), "只有预约的人可以修改。")
    return booking


def answered(site_id: int, booking_id: int, *, to_change: bool = True) -> Booking:
    """Return a booking about which the reader says yes or no, its row locked."""
    booking = seen(site_id, booking_id, to_change=to_change)
    require(policies.may_answer(current_reader(), booking), _NOT_KEEPER)
    return booking


def noted(site_id: int, booking_id: int) -> Booking:
    """Return a booking of which the reader, a keeper, notes who came; its row locked."""
    booking = seen(site_id, booking_id, to_change=True)
    require(policies.may_decide(current_reader(), booking.site), _NOT_KEEPER)
    return booking
