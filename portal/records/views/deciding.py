"""Votes and resolutions: entered in a draft; how far these have come is told for ever after."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError
from portal.people.access import current_person, current_reader, require, signed_in
from portal.records import policies, queries, services
from portal.records.forms import ProgressForm, ResolutionForm, VoteForm
from portal.records.models import (
    MeetingRecord,
    RecordKind,
    Resolution,
    VoteBasis,
    VoteMethod,
)
from portal.records.views.blueprint import bp, kept_record, open_record
from portal.web.templating import render
from portal.web.transaction import writes

_BASES = {
    RecordKind.BRANCH_COMMITTEE: VoteBasis.COMMITTEE,
    RecordKind.ELECTION: VoteBasis.ELECTION,
}


@bp.route("/records/<int:record_id>/votes/new", methods=["GET", "POST"])
@signed_in
@writes
def enter_vote(record_id: int) -> Response:
    """Enter the numbers of a vote; what follows is worked out, with its formula."""
    record = open_record(record_id)
    listed = queries.listed(record)
    basis = _BASES.get(record.kind, VoteBasis.RESOLUTION)
    form = VoteForm(
        data={
            "basis": basis,
            "method": VoteMethod.BALLOTS if basis is VoteBasis.ELECTION else VoteMethod.HANDS,
            "present": listed.present or None,
        }
    )
    if form.validate_on_submit():
        try:
            services.enter_vote(record=record, ballot=form.ballot(), actor=current_person())
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("表决结果已登记，公式和数字列在记录里。")
            return redirect(url_for("records.show", record_id=record.id, _anchor="votes"), code=303)
    return render(
        "records/vote.html",
        record=record,
        event=record.event,
        form=form,
        listed=listed,
        status=422 if form.is_submitted() else 200,
    )


@bp.post("/records/<int:record_id>/votes/<int:vote_id>/remove")
@signed_in
@writes
def remove_vote(record_id: int, vote_id: int) -> Response:
    """Strike out a vote that was entered by mistake."""
    record = open_record(record_id)
    services.remove_vote(record=record, vote=queries.vote(record, vote_id), actor=current_person())
    flash("已删除这次表决；审计记录里保留原来的数字。")
    return redirect(url_for("records.show", record_id=record.id, _anchor="votes"), code=303)


@bp.route("/records/<int:record_id>/resolutions/new", methods=["GET", "POST"])
@signed_in
@writes
def resolve(record_id: int) -> Response:
    """Enter what was resolved, who sees to it, until when."""
    record, form = open_record(record_id), ResolutionForm()
    if form.validate_on_submit():
        try:
            services.resolve(
                record=record,
                text=form.text.data or "",
                owner=form.owner.data or "",
                due_on=form.due_on.data,
                actor=current_person(),
            )
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("决议事项已登记，会一直跟到落实。")
            return redirect(
                url_for("records.show", record_id=record.id, _anchor="resolutions"), code=303
            )
    return render(
        "records/resolve.html",
        record=record,
        event=record.event,
        form=form,
        status=422 if form.is_submitted() else 200,
    )


@bp.post("/records/<int:record_id>/resolutions/<int:resolution_id>/remove")
@signed_in
@writes
def remove_resolution(record_id: int, resolution_id: int) -> Response:
    """Strike out a resolution that was entered by mistake."""
    record = open_record(record_id)
    services.remove_resolution(
        record=record,
        resolution=queries.resolution(record, resolution_id),
        actor=current_person(),
    )
    flash("已删除这项决议。")
    return redirect(url_for("records.show", record_id=record.id, _anchor="resolutions"), code=303)


@bp.route("/records/<int:record_id>/resolutions/<int:resolution_id>", methods=["GET", "POST"])
@signed_in
@writes
def report(record_id: int, resolution_id: int) -> Response:
    """Tell how far a resolution has come."""
    record = kept_record(record_id)
    require(policies.may_report(current_reader(), record))
    resolution = queries.resolution(record, resolution_id)
    form = ProgressForm(data={"progress": resolution.progress})
    if form.validate_on_submit():
        try:
            services.report(
                resolution=resolution,
                progress=form.progress.data,
                note=form.note.data or "",
                actor=current_person(),
            )
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("进展已登记。")
            return redirect(
                url_for("records.show", record_id=record.id, _anchor="resolutions"), code=303
            )
    return _report_page(record, resolution, form)


def _report_page(record: MeetingRecord, resolution: Resolution, form: ProgressForm) -> Response:
    whole = next(one for one in queries.resolutions(record) if one.id == resolution.id)
    return render(
        "records/progress.html",
        record=record,
        event=record.event,
        resolution=whole,
        form=form,
        status=422 if form.errors else 200,
    )
