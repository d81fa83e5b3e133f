"""Minutes and the page of the record book as .docx."""

from collections.abc import Sequence
from io import BytesIO

from flask import send_file
from werkzeug.wrappers import Response

from portal.errors import NotFoundError
from portal.people.access import current_reader, signed_in
from portal.records import minutes_docx, queries
from portal.records.minutes_of import minutes_of
from portal.records.models import MeetingRecord
from portal.records.views.blueprint import bp, hosted_event, kept_record
from portal.web.numbers import asked_number

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


def _sent(file: BytesIO, name: str) -> Response:
    file.seek(0)
    return send_file(file, mimetype=_DOCX, as_attachment=True, download_name=name)
