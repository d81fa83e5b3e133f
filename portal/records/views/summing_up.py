"""The closing summary of a gathering: one press after the roll is confirmed, and it is there."""

from io import BytesIO

from flask import flash, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.attendance import queries as rolls
from portal.errors import ConflictError, InvalidInputError, NotFoundError
from portal.events.models import Event
from portal.people.access import current_person, current_reader, signed_in
from portal.records import policies, queries, services, summary, summary_docx
from portal.records.errors import RecordChangedError
from portal.records.forms import SummaryForm
from portal.records.queries import InWriting
from portal.records.views.blueprint import bp, hosted_event
from portal.records.views.differing import Difference
from portal.web import htmx
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
    """Complete what is filled in already: a draft as one types, the summary by its button.

    Figures of who came stand above it and are the roll's.
    """
    event = hosted_event(event_id)
    found = queries.summary_in_writing(event.id)
    form = SummaryForm(data=_given(event, found))
    if not form.is_submitted():
        return _page(event, found, form)
    if not form.validate():
        return _page(event, found, form, status=422)
    is_draft = htmx.is_fragment_request()
    write = services.save_draft if is_draft else services.sum_up
    try:
        write(event=event, text=form.text.data or "", seen=_carried(form), actor=current_person())
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(event, found, form, status=422)
    except RecordChangedError:
        return _page(event, found, form, is_clash=True, status=409)
    except ConflictError as error:
        if is_draft:
            raise
        return _page(event, found, form, refusal=error.message, status=409)
    if not is_draft:
        flash("小结已存好，可以打印或者下载。")
        return redirect(url_for("records.summary_of", event_id=event.id), code=303)
    found = queries.summary_in_writing(event.id)
    form.take({"seen": services.seen_text(found)})
    return _page(event, found, form, is_saved=True)


def _given(event: Event, found: InWriting) -> dict[str, object]:
    """Return what the form begins with: what was written, or on request what is known by now."""
    seen = services.seen_text(found)
    if found.latest is not None and "fresh" not in request.args:
        return {"text": found.latest.text, "seen": seen}
    return {"text": services.first_words(event, current_reader()), "seen": seen}


def _carried(form: SummaryForm) -> str:
    """Return what the form saw: where it was told of another's words, these."""
    return request.form.get("over", "") or form.seen.data or ""


def _page(
    event: Event,
    found: InWriting,
    form: SummaryForm,
    *,
    is_saved: bool = False,
    is_clash: bool = False,
    refusal: str = "",
    status: int = 200,
) -> Response:
    now, typed = found.latest.text if found.latest else "", form.text.data or ""
    return render(
        "records/sum_up.html",
        block="saved",
        event=event,
        summary=found.kept,
        draft=found.draft,
        form=form,
        saved_at=clock.now() if is_saved else None,
        differences=[Difference("text", "小结正文", now, typed)] if is_clash else [],
        over=services.seen_text(found) if is_clash else "",
        refusal=refusal,
        may_write=policies.can_be_summed_up(event),
        unkept=typed if refusal else found.draft.text if found.draft else "",
        opening=None
        if htmx.is_fragment_request()
        else summary.opening(event, rolls.numbers(event.id)),
        is_fresh="fresh" in request.args,
        status=status,
    )


@bp.post("/events/<int:event_id>/summary/draft/discard")
@signed_in
@writes
def drop_draft(event_id: int) -> Response:
    """Throw away what was typed and not kept."""
    event = hosted_event(event_id)
    had_any = services.drop_draft(event=event, actor=current_person())
    flash("草稿已经不要了。" if had_any else "没有草稿。")
    return redirect(url_for("records.sum_up", event_id=event.id), code=303)


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
