"""Changing what was said of a visit, by those whose visit it is."""

from dataclasses import asdict

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.bookings import services
from portal.bookings.forms import EditForm
from portal.bookings.models import Booking
from portal.bookings.services.editing import LABELS
from portal.bookings.states import Move, after
from portal.bookings.views.blueprint import bp, own
from portal.errors import InvalidInputError
from portal.people.access import current_person, signed_in
from portal.people.edit_history import ChangedMeanwhileError, differences
from portal.web.templating import render
from portal.web.transaction import writes


@bp.route("/sites/<int:site_id>/bookings/<int:booking_id>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit(site_id: int, booking_id: int) -> Response:
    """Purpose, contact and number; whoever comes second is told what changed meanwhile."""
    booking = own(site_id, booking_id, to_change=request.method == "POST")
    after(booking.phase(clock.now()), Move.EDIT)
    written = asdict(services.facts_of(booking))
    form = EditForm(data={**written, "version": booking.version})
    if not form.validate_on_submit():
        return _page(booking, form)
    typed = form.facts()
    try:
        changed = services.edit(
            booking=booking, facts=typed, version=form.version.data, actor=current_person()
        )
    except ChangedMeanwhileError as error:
        form.take({"version": booking.version})
        differing = differences(written, asdict(typed), LABELS)
        return _page(booking, form, stale=error, differing=differing)
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(booking, form)
    flash("已保存。" if changed else "没有改动。")
    address = url_for("bookings.show", site_id=site_id, booking_id=booking_id)
    return redirect(address, code=303)


def _page(
    booking: Booking,
    form: EditForm,
    *,
    stale: ChangedMeanwhileError | None = None,
    differing: dict[str, list[str]] | None = None,
) -> Response:
    return render(
        "bookings/edit.html",
        booking=booking,
        form=form,
        stale=stale,
        differing=differing or {},
        status=409 if stale else 422 if form.is_submitted() else 200,
    )
