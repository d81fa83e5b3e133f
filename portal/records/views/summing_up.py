"""The closing summary of a gathering: one press after the roll is confirmed, and it is there."""

from io import BytesIO

from flask import flash, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from portal.attendance import queries as rolls
from portal.errors import ConflictError, InvalidInputError, NotFoundError
from portal.events.models import Event
from portal.people.access import current_person, current_reader, signed_in
from portal.records import policies, queries, services, summary, summary_docx
from portal.records.forms import SummaryForm
from portal.records.models import EventSummary
from portal.records.views.blueprint import bp, hosted_event
from portal.web.templating import render
from portal.web.transaction import writes

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/events/<int:event_id>/summary")
@signed_in
def summary_of(event_id: int) -> Response:
    """The summary as it is printed; where there is none yet, on to writing it."""
    event = hosted_event(event_id)
    found = queries.find_summary(event.id)
    if found is None:
        return redirect(url_for("records.sum_up", event_id=event.id))
    return render(
        "records/summary.html",
        event=event,
        summary=found,
        paper=summary.paper(event, rolls.numbers(event.id), found),
        may_write=policies.can_be_summed_up(event),
    )


@bp.route("/events/<int:event_id>/summary/edit", methods=["GET", "POST"])
@signed_in
@writes
def sum_up(event_id: int) -> Response:
    """Complete what is filled in already; figures of who came stand above it and are the roll's."""
    event = hosted_event(event_id)
    found = queries.find_summary(event.id)
    form = SummaryForm(data=_given(event, found))
    if not form.is_submitted():
        return _page(event, found, form)
    if not form.validate():
        return _page(event, found, form, status=422)
    try:
        services.sum_up(
            event=event,
            text=form.text.data or "",
            version=form.version.data,
            actor=current_person(),
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(event, found, form, status=422)
    except ConflictError as error:
        if found is None or not policies.can_be_summed_up(event):
            raise
        form.take({"version": found.version})
        return _page(event, found, form, refusal=error.message, status=409)
    flash("小结已存好，可以打印或者下载。")
    return redirect(url_for("records.summary_of", event_id=event.id), code=303)


def _given(event: Event, found: EventSummary | None) -> dict[str, object]:
    """Return what the form begins with: what was kept, or on request what is known by now."""
    if found is not None and "fresh" not in request.args:
        return {"text": found.text, "version": found.version}
    version = found.version if found is not None else None
    return {"text": services.first_words(event, current_reader()), "version": version}


def _page(
    event: Event,
    found: EventSummary | None,
    form: SummaryForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> Response:
    return render(
        "records/sum_up.html",
        event=event,
        summary=found,
        form=form,
        refusal=refusal,
        may_write=policies.can_be_summed_up(event),
        opening=summary.opening(event, rolls.numbers(event.id)),
        is_fresh="fresh" in request.args,
        status=status,
    )


@bp.get("/events/<int:event_id>/summary.docx")
@signed_in
def summary_file(event_id: int) -> Response:
    """The summary as an official document."""
    event = hosted_event(event_id)
    found = queries.find_summary(event.id)
    if found is None:
        raise NotFoundError("这次活动还没有小结，写好再下载。")
    written, file = summary.paper(event, rolls.numbers(event.id), found), BytesIO()
    summary_docx.write(written, file)
    file.seek(0)
    return send_file(
        file, mimetype=_DOCX, as_attachment=True, download_name=f"{written.title}.docx"
    )
