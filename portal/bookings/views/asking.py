"""Asking for a visit: a day, a slot, who comes; what is taken comes back with what is free."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.bookings import policies, queries, services
from portal.bookings.board import Board
from portal.bookings.forms import VisitForm
from portal.bookings.models import Booking
from portal.bookings.views.blueprint import bp, seen_site
from portal.bookings.views.choosing import (
    board_around,
    day_asked,
    nearest,
    slots_page,
    take_offer,
)
from portal.errors import ConflictError, InvalidInputError
from portal.people import queries as people
from portal.people.access import current_person, current_reader, require, signed_in
from portal.people.models import Organisation
from portal.people.policies import HOSTS, scope
from portal.sites.models import Site
from portal.sites.uses.errors import RoomTakenError
from portal.sites.uses.slots import Slot
from portal.web.numbers import asked_number, row_number
from portal.web.transaction import writes

# The first day with a free slot is looked for so far ahead.
_LOOK_AHEAD = 21
_CLOSED = "这个示范点现在不接受参观。"


@bp.route("/sites/<int:site_id>/bookings/new", methods=["GET", "POST"])
@signed_in
@writes
def new(site_id: int) -> Response:
    """Ask for a visit; without scripts the slots of another day are looked at by a button."""
    actor = current_person()
    site = seen_site(site_id)
    require(policies.may_ask(actor, site), _CLOSED)
    organisations = _represented()
    form = VisitForm(
        data={
            "contact_name": actor.name,
            "contact_phone": actor.phone,
            "organisation": str(organisations[0].id) if len(organisations) == 1 else "",
            "joins": asked_number("joins") or "",
        }
    )
    day = day_asked(form)
    board = board_around(site, day)
    form.offer_rooms(board.rooms)
    form.offer_lengths(board.rules.slot_minutes, board.most_slots)
    form.offer_organisations(organisations)
    if request.method == "GET" and form.date.data is None:
        form.date.data = _first_free(board, day)
    host = _host(site, form)
    if request.form.get("then") == "look":
        form.start.data = ""
        return _page(form, board, host)
    take_offer(form)
    if not form.validate_on_submit():
        return _page(form, board, host, status=422 if form.is_submitted() else 200)
    starts_at = host.starts_at if host else form.starts_at()
    try:
        if host is not None:
            made = services.join(
                board=board, visit=form.visit(organisations), host=host, actor=actor
            )
        elif starts_at is None:
            raise InvalidInputError("请从列出的时段中选择。", field="start")
        else:
            made = services.ask(
                board=board,
                visit=form.visit(organisations),
                starts_at=starts_at,
                slots=form.slot_count(),
                rooms=form.rooms_of(board.rooms),
                actor=actor,
            )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(form, board, host, status=422)
    except RoomTakenError as error:
        assert starts_at is not None  # noqa: S101  a room was wanted at some time
        form.start.errors = [error.message]
        return _page(form, board, host, offered=nearest(form, board, starts_at), status=409)
    services.forget_contacts()
    flash(f"已提出预约。示范点会在 {board.rules.answer_days} 天内答复，结果发到您的收件箱。")
    return redirect(url_for("bookings.show", site_id=site.id, booking_id=made.id), code=303)


def _first_free(board: Board, day: date) -> date:
    for number in range(_LOOK_AHEAD):
        found = day + timedelta(days=number)
        if any(slot.is_free for slot in board.slots(found)):
            return found
    return day


def _host(site: Site, form: VisitForm) -> Booking | None:
    """Return the visit that is to be joined, if one is; it is locked where something is written."""
    try:
        number = row_number(str(form.joins.data or ""))
    except ValueError:
        return None
    host = queries.booking(site.id, number, to_change=request.method == "POST")
    if not host.is_live(clock.now()):
        raise ConflictError("想并入的参观已经取消或改期，请另选时段。")
    return host


def _represented() -> list[Organisation]:
    """Return the organisations for which the reader may ask."""
    roots = scope(current_reader(), HOSTS)
    return list(people.organisations(roots)) if roots else []


def _page(
    form: VisitForm,
    board: Board,
    host: Booking | None,
    *,
    offered: Sequence[Slot] = (),
    status: int = 200,
) -> Response:
    return slots_page("bookings/new.html", form, board, offered=offered, status=status, host=host)
