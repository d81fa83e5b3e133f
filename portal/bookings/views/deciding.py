"""Yes and no, moving, calling off, and noting who came."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.bookings import policies, queries, services
from portal.bookings.board import Board
from portal.bookings.forms import MoveForm, ReasonForm
from portal.bookings.models import Booking
from portal.bookings.states import Move, after
from portal.bookings.views.blueprint import answered, bp, changed, noted
from portal.bookings.views.choosing import (
    board_around,
    day_asked,
    nearest,
    slots_page,
    take_offer,
)
from portal.bookings.views.showing import booking_page
from portal.errors import InvalidInputError
from portal.people.access import current_person, current_reader, signed_in
from portal.sites.uses.errors import RoomTakenError
from portal.sites.uses.queries import site_with_hours
from portal.sites.uses.slots import Slot
from portal.web import htmx
from portal.web.templating import render
from portal.web.transaction import writes

_CHANGED_MEANWHILE = "您填写期间，别人改动了这次预约，所以还没有保存。请核对后再提交。"


@bp.post("/sites/<int:site_id>/bookings/<int:booking_id>/approve")
@signed_in
@writes
def approve(site_id: int, booking_id: int) -> Response:
    """Say yes."""
    booking = answered(site_id, booking_id)
    services.approve(booking=booking, actor=current_person())
    return _done(booking, "已同意，对方会收到通知。")


@bp.route("/sites/<int:site_id>/bookings/<int:booking_id>/decline", methods=["GET", "POST"])
@signed_in
@writes
def decline(site_id: int, booking_id: int) -> Response:
    """Say no, and why."""
    booking = answered(site_id, booking_id, to_change=request.method == "POST")
    after(booking.phase(clock.now()), Move.DECLINE)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            services.decline(booking=booking, reason=form.reason.data or "", actor=current_person())
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            return _done(booking, "已谢绝，对方会看到原因；这个时段重新放开。")
    status = 422 if form.is_submitted() else 200
    return render("bookings/decline.html", booking=booking, form=form, status=status)


@bp.route("/sites/<int:site_id>/bookings/<int:booking_id>/cancel", methods=["GET", "POST"])
@signed_in
@writes
def cancel(site_id: int, booking_id: int) -> Response:
    """Call a visit off; the page names what is lost and asks why."""
    booking = changed(site_id, booking_id, to_change=request.method == "POST")
    after(booking.phase(clock.now()), Move.CANCEL)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            services.cancel(booking=booking, reason=form.reason.data or "", actor=current_person())
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            return _done(booking, "已取消，对方会收到通知。")
    return render(
        "bookings/cancel.html",
        booking=booking,
        form=form,
        joined=queries.live_joined(booking.id) if booking.joins_id is None else [],
        is_keeper=policies.may_decide(current_reader(), booking.site),
        status=422 if form.is_submitted() else 200,
    )


@bp.route("/sites/<int:site_id>/bookings/<int:booking_id>/move", methods=["GET", "POST"])
@signed_in
@writes
def move(site_id: int, booking_id: int) -> Response:
    """Another slot or another number of them, another room, or another number of people."""
    actor = current_person()
    booking = changed(site_id, booking_id, to_change=request.method == "POST")
    after(booking.phase(clock.now()), Move.MOVE)
    local = clock.local(booking.starts_at)
    form = MoveForm(
        data={
            "date": local.date(),
            "start": f"{local:%H:%M}",
            "length": str(booking.slots),
            "room": str(booking.room_id),
            "party_size": booking.party_size,
            "version": booking.version,
        }
    )
    site = site_with_hours(site_id)
    board = board_around(site, day_asked(form))
    form.offer_rooms(board.rooms)
    form.offer_lengths(board.rules.slot_minutes, max(board.most_slots, booking.slots))
    if request.form.get("then") == "look":
        return _moving(form, booking, board)
    take_offer(form)
    if not form.validate_on_submit():
        return _moving(form, booking, board, status=422 if form.is_submitted() else 200)
    if form.version.data not in (None, booking.version):
        form.form_errors.append(_CHANGED_MEANWHILE)
        form.version.data = booking.version
        return _moving(form, booking, board, status=409)
    starts_at = form.starts_at()
    try:
        if starts_at is None:
            raise InvalidInputError("请从列出的时段中选择。", field="start")
        services.move(
            booking=booking,
            board=board,
            starts_at=starts_at,
            slots=form.slot_count(),
            rooms=form.rooms_of(board.rooms),
            party_size=form.party_size.data or 0,
            reason=form.reason.data or "",
            actor=actor,
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _moving(form, booking, board, status=422)
    except RoomTakenError as error:
        assert starts_at is not None  # noqa: S101  a room was wanted at some time
        form.start.errors = [error.message]
        free = nearest(form, board, starts_at, but=booking_id)
        return _moving(form, booking, board, offered=free, status=409)
    is_keeper = policies.may_decide(actor, booking.site)
    flash("已改期，对方会收到通知。" if is_keeper else "已提出改期，等示范点答复。")
    return redirect(_address(site_id, booking_id), code=303)


@bp.post("/sites/<int:site_id>/bookings/<int:booking_id>/visited")
@signed_in
@writes
def visited(site_id: int, booking_id: int) -> Response:
    """Note that the party came."""
    booking = noted(site_id, booking_id)
    services.note_visit(booking=booking, has_come=True, actor=current_person())
    return _done(booking, "已登记到访。")


@bp.post("/sites/<int:site_id>/bookings/<int:booking_id>/not-come")
@signed_in
@writes
def not_come(site_id: int, booking_id: int) -> Response:
    """Note that the party did not come."""
    booking = noted(site_id, booking_id)
    services.note_visit(booking=booking, has_come=False, actor=current_person())
    return _done(booking, "已登记未到访。")


def _done(booking: Booking, sentence: str) -> Response:
    """Go back to the booking; to htmx, show it as it is now."""
    flash(sentence)
    if htmx.is_fragment_request():
        return booking_page(booking)
    return redirect(_address(booking.site_id, booking.id), code=303)


def _address(site_id: int, booking_id: int) -> str:
    return url_for("bookings.show", site_id=site_id, booking_id=booking_id)


def _moving(
    form: MoveForm,
    booking: Booking,
    board: Board,
    *,
    offered: Sequence[Slot] = (),
    status: int = 200,
) -> Response:
    return slots_page(
        "bookings/move.html",
        form,
        board,
        but=booking.id,
        offered=offered,
        status=status,
        booking=booking,
        joined=queries.live_joined(booking.id),
        is_keeper=policies.may_decide(current_reader(), booking.site),
    )
