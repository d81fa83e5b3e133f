"""Confirming by two, and adding to what is confirmed."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError
from portal.people.access import current_person, signed_in
from portal.records import services
from portal.records.forms import AddendumForm, ConfirmForm
from portal.records.models import MeetingRecord
from portal.records.views.blueprint import bp, kept_record, open_record
from portal.records.views.showing import page
from portal.web.transaction import writes


@bp.post("/records/<int:record_id>/confirm-as-recorder")
@signed_in
@writes
def confirm_as_recorder(record_id: int) -> Response:
    """Say, as whoever recorded, that it is right."""
    record, form = open_record(record_id), ConfirmForm()
    services.confirm_as_recorder(
        record=record,
        version=form.version.data,
        statements=form.statements.data,
        actor=current_person(),
    )
    return _on(record, "记录人")


@bp.post("/records/<int:record_id>/confirm-as-host")
@signed_in
@writes
def confirm_as_host(record_id: int) -> Response:
    """Say, for the host of the meeting, that it is right."""
    record, form = open_record(record_id), ConfirmForm()
    services.confirm_as_host(
        record=record,
        version=form.version.data,
        statements=form.statements.data,
        actor=current_person(),
    )
    return _on(record, "主持人")


def _on(record: MeetingRecord, role: str) -> Response:
    if record.is_draft:
        other = "主持人" if role == "记录人" else "记录人"
        flash(f"已按{role}身份确认，还要{other}确认；其间有改动，要重新确认。")
    else:
        flash("主持人和记录人都已确认：记录不再改动，以后只能写补充说明。")
    return redirect(url_for("records.show", record_id=record.id), code=303)


@bp.post("/records/<int:record_id>/addenda")
@signed_in
@writes
def add(record_id: int) -> Response:
    """Add to a confirmed record, dated and named."""
    record, form = kept_record(record_id), AddendumForm()
    if not form.validate():
        return page(record, form, status=422)
    try:
        services.add(record=record, text=form.text.data or "", actor=current_person())
    except InvalidInputError as error:
        form.add_refusal(error)
        return page(record, form, status=422)
    flash("补充说明已写在记录末尾。")
    return redirect(url_for("records.show", record_id=record.id), code=303)
