"""Visits as an iCalendar file (RFC 5545), in China's time."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from icalendar import Calendar
from icalendar import Event as Entry

from portal import clock
from portal.bookings.models import Booking, BookingPhase
from portal.sites.models import Site
from portal.sites.uses.models import RoomUse

PRODUCT = "-//portal//bookings//ZH"
BACK, AHEAD = timedelta(days=92), timedelta(days=366)

Address = Callable[[Booking], str]
_OFF = frozenset({BookingPhase.DECLINED, BookingPhase.CANCELLED, BookingPhase.LAPSED})


def of_bookings(bookings: Iterable[Booking], address: Address) -> bytes:
    """Return the file of these bookings; `address` names the page of each.

    The UID never changes and SEQUENCE grows, so a calendar that has a visit already moves it, or
    strikes it out. No contact is written into it: calendars are shared.
    """
    calendar = _calendar()
    for booking in bookings:
        calendar.add_component(_entry(booking, address(booking)))
    return _written(calendar)


def of_site(
    site: Site, bookings: Sequence[Booking], events: Iterable[RoomUse], address: Address
) -> bytes:
    """Return the file of a site: visits, and the events that take its rooms."""
    calendar = _calendar()
    for booking in bookings:
        calendar.add_component(_entry(booking, address(booking)))
    for use in events:
        calendar.add_component(_of_use(site, use))
    return _written(calendar)


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    return calendar


def _written(calendar: Calendar) -> bytes:
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _entry(booking: Booking, address: str) -> Entry:
    phase = booking.phase(clock.now())
    is_off = phase in _OFF
    entry = Entry()
    entry.add("uid", f"{booking.asked_at:%Y%m%dT%H%M%SZ}-{booking.id}@bookings.portal")
    entry.add("sequence", booking.version)
    entry.add("dtstamp", booking.updated_at)
    entry.add("last-modified", booking.updated_at)
    entry.add("dtstart", clock.local(booking.starts_at))
    entry.add("dtend", clock.local(booking.ends_at))
    state = f"（{phase.label}）" if is_off or phase is BookingPhase.ASKED else ""
    entry.add("summary", f"{state}{booking.unit}参观{booking.site.name}")
    tentative = "TENTATIVE" if phase is BookingPhase.ASKED else "CONFIRMED"
    entry.add("status", "CANCELLED" if is_off else tentative)
    entry.add("url", address)
    entry.add("location", f"{booking.site.name} {booking.room.name}")
    lines = [f"{booking.unit}，{booking.party_size} 人", f"目的：{booking.purpose}"]
    if booking.reason:
        lines.append(f"说明：{booking.reason}")
    entry.add("description", "\n".join([*lines, address]))
    return entry


def _of_use(site: Site, use: RoomUse) -> Entry:
    entry = Entry()
    entry.add("uid", f"{use.source.value}-{use.source_id}@site-{site.id}.portal")
    entry.add("dtstamp", clock.now())
    entry.add("dtstart", clock.local(use.starts_at))
    entry.add("dtend", clock.local(use.ends_at))
    entry.add("summary", f"{use.kind.label}：{use.label}")
    entry.add("status", "CONFIRMED")
    entry.add("location", f"{site.name} {use.room.name}" if use.room else site.name)
    return entry
