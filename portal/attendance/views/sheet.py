"""The sign-in sheet, on paper, as .xlsx and as .docx."""

from io import BytesIO

from flask import send_file
from werkzeug.wrappers import Response

from portal.attendance import queries, sheet_docx, sheet_xlsx
from portal.attendance.models import Roll
from portal.attendance.sheet import Sheet, sheet
from portal.attendance.views.blueprint import bp
from portal.attendance.views.hosting import on_roll
from portal.events.models import Event
from portal.people.access import signed_in
from portal.web.templating import render

_OFFICE = "application/vnd.openxmlformats-officedocument."
_XLSX = f"{_OFFICE}spreadsheetml.sheet"
_DOCX = f"{_OFFICE}wordprocessingml.document"


def _sheet(event: Event, roll: Roll) -> Sheet:
    numbers = queries.numbers(event.id)
    return sheet(event, roll, queries.people_of_sheet(event.id), numbers)


@bp.get("/events/<int:event_id>/sign-in-sheet")
@signed_in
@on_roll
def sign_in_sheet(event: Event, roll: Roll) -> Response:
    """The sheet to print: A4, at most 25 rows a page, empty rows for walk-ins."""
    return render("attendance/sheet.html", event=event, sheet=_sheet(event, roll))


@bp.get("/events/<int:event_id>/sign-in-sheet.xlsx")
@signed_in
@on_roll
def sign_in_sheet_xlsx(event: Event, roll: Roll) -> Response:
    """The same sheet as a spreadsheet."""
    file = BytesIO()  # zipped: two megabytes for 50,000 rows
    written = _sheet(event, roll)
    sheet_xlsx.write(written, file)
    file.seek(0)
    name = f"{written.title}.xlsx"
    return send_file(file, mimetype=_XLSX, as_attachment=True, download_name=name)


@bp.get("/events/<int:event_id>/sign-in-sheet.docx")
@signed_in
@on_roll
def sign_in_sheet_docx(event: Event, roll: Roll) -> Response:
    """The same sheet as an official document, to be changed by hand."""
    file = BytesIO()
    written = _sheet(event, roll)
    sheet_docx.write(written, file)
    file.seek(0)
    name = f"{written.title}.docx"
    return send_file(file, mimetype=_DOCX, as_attachment=True, download_name=name)
