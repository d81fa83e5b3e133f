"""The page of one booking, the lists of them, and their calendar files."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.bookings import calendar_file, policies, queries, services
from portal.bookings.models import Booking, BookingPhase
from portal.bookings.queries import When, Whose
from portal.bookings.states import Move, may_follow
from portal.bookings.views.blueprint import bp, changed, kept_site, seen
from portal.people.access import allowed, current_person, current_reader, require, signed_in
from portal.sites.uses.load import monday_of
from portal.sites.uses.models import UseSource
from portal.web.numbers import asked_number
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/bookings/")
@allowed(policies.may_see_bookings)
def index() -> Response:
    """The reader's own bookings, or those that the reader decides about; filters in the address."""
    reader = current_reader()
    kept = queries.sites_decided_by(reader)
    whose = _asked(Whose, "whose", Whose.DECIDE if kept else Whose.MINE)
    when = _asked(When, "when", When.WAITING if whose is Whose.DECIDE else When.COMING)
    site_id = asked_number("site")
    found = queries.page_of_list(reader, whose, when, site_id, asked_number("page") or 1)
    return render(
        "bookings/index.html",
        block="results",
        found=found,
        whose=whose,
        when=when,
        site_id=site_id,
        kept=kept,
        kinds=list(Whose) if kept else [],
        times=list(When),
    )


@bp.get("/bookings/waiting")
@allowed(policies.may_decide_somewhere)
def waiting() -> Response:
    """What waits for the reader's answer; homes of hosts ask for it once they are there."""
    visits = queries.to_answer(current_reader(), limit=queries.MOST_WAITING)
    return render("bookings/waiting.html", block="waiting", visits=visits)


def _asked(kind: Any, name: str, otherwise: Any) -> Any:
    """Return what the address asks for of a closed set; nonsense asks for what is usual."""
    asked = request.args.get(name, "")
    return kind(asked) if asked in set(kind) else otherwise


@bp.get("/sites/<int:site_id>/bookings/<int:booking_id>")
@signed_in
def show(site_id: int, booking_id: int) -> Response:
    """What was asked and what was answered, the week's load for the keeper, the next step."""
    return booking_page(seen(site_id, booking_id))


@bp.post("/sites/<int:site_id>/bookings/<int:booking_id>/contact")
@signed_in
@writes
def show_contact(site_id: int, booking_id: int) -> Response:
    """Show the whole number, and note who asked for it."""
    booking = changed(site_id, booking_id)
    require(policies.may_see_contact(current_reader(), booking))
    services.note_contact_shown(booking=booking, actor=current_person())
    return booking_page(booking, block="contact", is_contact_shown=True)


@bp.get("/sites/<int:site_id>/bookings/<int:booking_id>.ics")
@signed_in
def booking_ics(site_id: int, booking_id: int) -> Response:
    """The visit for one's own calendar."""
    return calendar_response([seen(site_id, booking_id)], f"visit-{booking_id}.ics")


@bp.get("/sites/<int:site_id>/calendar.ics")
@signed_in
def site_ics(site_id: int) -> Response:
    """What is booked at a site, for its keeper's calendar: a quarter back and what is to come."""
    site = kept_site(site_id)
    today = clock.today()
    first, last = today - calendar_file.BACK, today + calendar_file.AHEAD
    found = queries.bookings_of_site(site.id, first, last)
    uses = queries.board(site, first, last).uses
    events = [use for use in uses if use.source is UseSource.EVENT]
    body = calendar_file.of_site(site, found, events, _address)
    return _file(body, f"site-{site.id}.ics")


def calendar_response(bookings: list[Booking], name: str) -> Response:
    """Answer with a calendar file of these bookings."""
    return _file(calendar_file.of_bookings(bookings, _address), name)


def _address(booking: Booking) -> str:
    return url_for("bookings.show", site_id=booking.site_id, booking_id=booking.id, _external=True)


def _file(body: bytes, name: str) -> Response:
    response = Response(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def booking_page(
    booking: Booking,
    *,
    block: str | None = "booking",
    is_contact_shown: bool = False,
    status: int = 200,
) -> Response:
    """Show a booking to the reader: the part that changes alone to htmx, else the page."""
    reader = current_reader()
    return render(
        "bookings/show.html",
        block=block,
        status=status,
        ask_later=lambda: _of(booking),
        booking=booking,
        is_own=policies.is_own(reader, booking),
        is_keeper=policies.may_decide(reader, booking.site),
        may_answer=policies.may_answer(reader, booking),
        may_change=policies.may_change(reader, booking),
        may_edit=policies.may_edit(reader, booking),
        may_see_contact=policies.may_see_contact(reader, booking),
        is_contact_shown=is_contact_shown or booking.asked_by_id == reader.id,
    )


def _of(booking: Booking) -> Mapping[str, Any]:
    """Return what the page asks for beside the booking itself; the load while it is open."""
    phase = booking.phase(clock.now())
    day = clock.local(booking.starts_at).date()
    monday = monday_of(day)
    week = None
    if phase is BookingPhase.ASKED:
        week = queries.board(booking.site, monday, monday + timedelta(days=6))
    own = {booking.id, booking.joins_id}
    return {
        "phase": phase,
        "moves": {move.value for move in Move if may_follow(phase, move)},
        "joined": queries.joined_to(booking.id) if booking.joins_id is None else [],
        "load": week.load(day) if week else None,
        "merges": week.merges(day, people=booking.party_size, but=own) if week else [],
    }
