"""Minutes and the page of the record book as .docx; minutes as PDF where that can be made."""

from collections.abc import Sequence
from io import BytesIO

from flask import redirect, send_file, url_for
from werkzeug.wrappers import Response

from portal.errors import ConflictError, NotFoundError
from portal.materials import papers_pdf
from portal.people.access import current_person, current_reader, signed_in
from portal.records import minutes_docx, queries
from portal.records import minutes_pdf as papers
from portal.records.minutes_of import minutes_of
from portal.records.models import MeetingRecord
from portal.records.views.blueprint import bp, hosted_event, kept_record
from portal.web.numbers import asked_number
from portal.web.templating import render
from portal.web.transaction import writes

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/events/<int:event_id>/minutes.docx")
@signed_in
def minutes(event_id: int) -> Response:
    """The minutes of the gathering: of the record asked for, else of the first confirmed one."""
    event = hosted_event(event_id)
    asked = asked_number("record")
    records = queries.records_of(event.id)
    wanted = next((one for one in records if one.id == asked), None) if asked else _first(records)
    if wanted is None:
        raise NotFoundError("这次活动还没有记录，写好记录才有纪要。")
    record = queries.record_seen_by(current_reader(), wanted.id)
    file = BytesIO()
    written = minutes_of(record)
    minutes_docx.write(written, file)
    return _sent(file, f"{written.head}.docx")


def _first(records: Sequence[MeetingRecord]) -> MeetingRecord | None:
    confirmed = [one for one in records if not one.is_draft]
    return next(iter([*confirmed, *records]), None)


@bp.get("/records/<int:record_id>/book-page.docx")
@signed_in
def book_page(record_id: int) -> Response:
    """The page of the record book."""
    record = kept_record(record_id)
    file = BytesIO()
    minutes_docx.write_book_page(minutes_of(record), file)
    return _sent(file, f"{record.title}（记录簿）.docx")


@bp.get("/records/<int:record_id>/pdf")
@signed_in
def pdf(record_id: int) -> Response:
    """How it stands with the PDF of the minutes; where there can be none, that."""
    record = kept_record(record_id)
    written = minutes_of(record)
    return render(
        "records/pdf.html",
        block="pdf",
        record=record,
        event=record.event,
        is_ready=papers.path_of(record.id, written).exists(),
        is_coming=papers.is_coming(record.id, written),
        can_be_made=papers_pdf.can_be_made(),
    )


@bp.post("/records/<int:record_id>/pdf")
@signed_in
@writes
def make_pdf(record_id: int) -> Response:
    """Have it made."""
    record = kept_record(record_id)
    papers.ask(record.id, minutes_of(record), actor=current_person())
    return redirect(url_for("records.pdf", record_id=record.id), code=303)


@bp.get("/records/<int:record_id>/minutes.pdf")
@signed_in
def minutes_pdf(record_id: int) -> Response:
    """The PDF; a sentence while there is none."""
    record = kept_record(record_id)
    written = minutes_of(record)
    path = papers.path_of(record.id, written)
    if not path.exists():
        raise ConflictError("PDF 还没有做好，或者记录又有改动。请回到记录重新生成。")
    response = send_file(
        path,
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"{written.head}.pdf",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _sent(file: BytesIO, name: str) -> Response:
    file.seek(0)
    return send_file(file, mimetype=_DOCX, as_attachment=True, download_name=name)
