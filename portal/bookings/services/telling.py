"""Telling the other side, once for each thing, through the inbox."""

from portal import clock
from portal.bookings.models import Booking
from portal.messages import services as messages
from portal.messages.models import MessageKind
from portal.people.models import Person
from portal.sites.keeper_queries import answering_for


def tell_owner(
    booking: Booking, what: str, subject: str, *, actor: Person, about: Booking | None = None
) -> None:
    """Tell whoever asked for a visit, unless that is who acts."""
    if booking.asked_by_id == actor.id:
        return
    shown = about or booking
    messages.tell(
        people=[booking.asked_by_id],
        kind=MessageKind.BOOKING,
        subject=subject,
        body=body_of(shown),
        link=address_of(shown),
        key=f"booking:{shown.id}:{what}",
    )


def tell_keepers(
    booking: Booking, what: str, subject: str, *, actor: Person, more: str = ""
) -> None:
    """Tell those who answer for the site, unless one of them acts."""
    messages.tell(
        people=answering_for(booking.site, but=actor.id),
        kind=MessageKind.BOOKING,
        subject=subject,
        body="\n".join(line for line in (body_of(booking), more) if line),
        link=address_of(booking),
        key=f"booking:{booking.id}:{what}",
    )


def body_of(booking: Booking) -> str:
    """Return where, when, how many, and what was written to the other side."""
    start, end = clock.local(booking.starts_at), clock.local(booking.ends_at)
    lines = [
        f"{booking.site.name} {booking.room.name}",
        f"{start.year}年{start.month}月{start.day}日 {start:%H:%M}–{end:%H:%M}",
        f"{booking.unit}，{booking.party_size} 人",
    ]
    if booking.reason:
        lines.append(f"说明：{booking.reason}")
    return "\n".join(lines)


def address_of(booking: Booking) -> str:
    """Return the path of a booking's page."""
    return f"/sites/{booking.site_id}/bookings/{booking.id}"
