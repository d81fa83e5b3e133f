"""Paper: sheets with a code on each page, and pages that are entered by it."""

from dataclasses import replace

from flask import flash, redirect, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from portal.attendance import queries as attendance
from portal.attendance.models import Roll
from portal.attendance.sheet import Row, Sheet, sheet
from portal.attendance.views.hosting import hosted_event, on_roll, timing
from portal.database import write_transaction
from portal.doors import queries, services
from portal.doors.forms import PageCodeForm, PaperForm
from portal.doors.line_numbers import line_numbers
from portal.doors.models import PrintedSheet
from portal.doors.page_codes import page_code, read_page_code
from portal.doors.views.blueprint import bp
from portal.errors import InvalidInputError, NotFoundError
from portal.events.models import Event
from portal.materials import services as materials
from portal.people.access import current_person, signed_in
from portal.web.numbers import row_numbers
from portal.web.templating import render
from portal.web.transaction import writes

_SLIP = "页码不对。它印在签到表每一页的右下角，请对照着再输一次。"


@bp.get("/events/<int:event_id>/paper")
@signed_in
@on_roll
def paper(event: Event, roll: Roll) -> Response:
    """The sheets that were printed, the pages that were entered; with `code`, one to enter."""
    typed = request.args.get("code")
    if typed is None:
        return _index(event, roll, PageCodeForm(formdata=None))
    form = PageCodeForm(formdata=None, data={"code": typed[:40]})
    read = read_page_code(typed)
    if read is None:
        form.add_refusal(InvalidInputError(_SLIP, field="code"))
        return _index(event, roll, form, status=422)
    try:
        printed = queries.printed_sheet(read[0], event_id=event.id)
    except NotFoundError as error:
        form.add_refusal(InvalidInputError(error.message, field="code"))
        return _index(event, roll, form, status=404)
    return _page(event, roll, printed, read[1], PaperForm(data={"way": "signed"}))


@bp.post("/events/<int:event_id>/paper")
@signed_in
@writes
def print_sheet(event_id: int) -> Response:
    """Keep who stands on which line, and show the sheet to print."""
    made = services.print_sheet(event=hosted_event(event_id), actor=current_person())
    address = url_for("doors.printed", event_id=event_id, paper_id=made.id)
    return redirect(address, 303)


@bp.get("/events/<int:event_id>/paper/<int:paper_id>")
@signed_in
@on_roll
def printed(event: Event, roll: Roll, paper_id: int) -> Response:
    """The sheet as it was printed: the same people on the same lines, whatever the roll is."""
    found = queries.printed_sheet(paper_id, event_id=event.id)
    return render(
        "doors/printed.html",
        event=event,
        sheet=_as_printed(event, roll, found),
        code_of=lambda page: page_code(found.id, page),
        has_people_on=services.number_of_pages(len(queries.people_of(found.id))),
    )


@bp.post("/events/<int:event_id>/paper/<int:paper_id>/<int:page>")
@signed_in
def enter_page(event_id: int, paper_id: int, page: int) -> Response:
    """Mark present who has signed on this page; the scan is judged before anything is written."""
    event = hosted_event(event_id)
    queries.printed_sheet(paper_id, event_id=event.id)
    form = PaperForm()
    try:
        if not form.validate():
            raise InvalidInputError("", field="none")
        numbers = set(row_numbers(request.form.getlist("line")))
        numbers |= line_numbers(form.numbers.data or "", services.numbers_of_page(page))
        prepared = _prepared(form.file.data)
        with write_transaction():
            event = hosted_event(event_id)
            count = services.enter_page(
                event=event,
                sheet_id=paper_id,
                page=page,
                numbers=numbers,
                is_all_but=form.way.data == "all_but",
                reason=form.reason.data or "",
                prepared=prepared,
                actor=current_person(),
                timing=timing(),
            )
    except InvalidInputError as error:
        if error.message:
            form.add_refusal(error)
        event = hosted_event(event_id)
        found = queries.printed_sheet(paper_id, event_id=event.id)
        return _page(event, attendance.roll(event.id), found, page, form, status=422)
    others = "" if count else "这一页上的人名册上都已经到了。"
    flash(f"已补录 {count} 人。{others}")
    return redirect(url_for("doors.paper", event_id=event_id), 303)


def _prepared(sent: object) -> materials.Prepared | None:
    """Return the scan, judged; None where nobody sent one."""
    if not isinstance(sent, FileStorage) or not sent.filename:
        return None
    return materials.prepare(filename=sent.filename, stream=sent.stream)


def _index(event: Event, roll: Roll, form: PageCodeForm, *, status: int = 200) -> Response:
    return render(
        "doors/paper.html",
        event=event,
        roll=roll,
        form=form,
        sheets=queries.printed_sheets(event.id),
        entries=queries.paper_entries(event.id),
        pages_of=services.number_of_pages,
        code_of=page_code,
        status=status,
    )


def _page(
    event: Event, roll: Roll, found: PrintedSheet, page: int, form: PaperForm, *, status: int = 200
) -> Response:
    lines = queries.lines(found, services.numbers_of_page(page))
    if not lines:
        raise NotFoundError("这份签到表没有这一页。")
    return render(
        "doors/paper_page.html",
        event=event,
        roll=roll,
        sheet=found,
        number=page,
        code=page_code(found.id, page),
        lines=lines,
        ticked=set(row_numbers(request.form.getlist("line"))),
        form=form,
        status=status,
    )


def _as_printed(event: Event, roll: Roll, found: PrintedSheet) -> Sheet:
    """Return the sheet with its people on the lines they had; who has left keeps the line."""
    now = {row[0].person_id: row for row in attendance.people_of_sheet(event.id)}
    people = queries.people_of(found.id)
    there = [now[person_id] for person_id in people.values() if person_id in now]
    whole = sheet(event, roll, there, attendance.numbers_at(roll))
    written = iter(whole.rows)
    rows = [
        replace(next(written), number=number) if person_id in now else Row(number, "（已移出名册）")
        for number, person_id in people.items()
    ]
    return replace(whole, rows=rows)
