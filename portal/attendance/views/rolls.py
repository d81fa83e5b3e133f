"""The roll: find somebody in two or three keys, tap, done."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.attendance import hooks, queries, services
from portal.attendance.forms import CORRECTABLE, CorrectionForm, LeavingForm, MarkForm
from portal.attendance.models import AttendanceMark, AttendanceStatus, Roll
from portal.attendance.queries import Show
from portal.attendance.rules import Balance, stayed
from portal.attendance.views import rows
from portal.attendance.views.blueprint import bp
from portal.attendance.views.hosting import hosted_event, on_roll, roll_is_open, timing
from portal.database import db
from portal.errors import InvalidInputError, NotFoundError
from portal.events.models import Event
from portal.people.access import current_person, current_reader, signed_in
from portal.web import htmx
from portal.web.addresses import path_here
from portal.web.numbers import row_number
from portal.web.templating import render
from portal.web.transaction import writes

PAGE = "attendance/roll.html"
# So long a mark is offered to be taken back at a tap.
UNDO_OFFERED = timedelta(minutes=2)


@bp.get("/events/<int:event_id>/attendance")
@signed_in
@on_roll
def roll(event: Event, roll: Roll) -> Response:
    """The whole roll; to htmx, the rows alone (as somebody types, turns a page, is told)."""
    context = rows_of(event, roll, typed=request.args.get("q", ""), show=_show(), is_only_read=True)
    if not htmx.is_fragment_request():
        context |= numbers_of(event, roll)
        context["corrections"] = queries.corrections(event.id) if roll.confirmed_at else []
        context["broken"] = services.broken(roll)
        context["onwards"] = hooks.onwards_from(current_reader(), event, roll)
    return render(PAGE, block="rows", **context)


@bp.get("/events/<int:event_id>/attendance/live")
@signed_in
@on_roll
def live(event: Event, roll: Roll) -> Response:
    """The numbers, if they have changed since `revision`; else nothing (204)."""
    known = request.args.get("revision", -1, type=int)
    if known == roll.revision:
        return Response(status=204)
    within = current_app.config["PORTAL_WATCHERS_SHARE_MS"] / 1000
    revision, numbers = queries.numbers_lately(roll, known=known, within=within)
    if known == revision:
        return Response(status=204)
    return render(
        "attendance/_numbers.html",
        trigger="roll-changed",
        revision=revision,
        **_counts(event, roll, numbers),
    )


@bp.post("/events/<int:event_id>/attendance/<int:person_id>")
@signed_in
@writes
def mark(event_id: int, person_id: int) -> Response:
    """Mark one person; once the roll is confirmed, correct with a reason."""
    event = hosted_event(event_id)
    try:
        marked = _marked(event, person_id)
    except InvalidInputError as error:
        return _refused_correction(event, person_id, error)
    if not htmx.is_fragment_request():
        return redirect(_back(event.id))
    return _answer(event, marked)


def _marked(event: Event, person_id: int) -> services.Marked:
    """Do what the row's form says: a status, or that the person leaves now."""
    form = MarkForm()
    is_leaving = "left" in request.form
    if not form.validate() and not (is_leaving and set(form.errors) <= {"status"}):
        name, words = form.errors.popitem()
        raise InvalidInputError(" ".join(words), field=name)
    client_id = form.client_id.data or None
    if is_leaving:
        return services.sign_out(
            event=event,
            person_id=person_id,
            left_at=clock.now(),
            actor=current_person(),
            client_id=client_id,
        )
    return services.mark(
        event=event,
        person_id=person_id,
        status=AttendanceStatus(str(form.status.data)),
        actor=current_person(),
        timing=timing(),
        reason=form.reason.data or "",
        client_id=client_id,
    )


def _refused_correction(event: Event, person_id: int, error: InvalidInputError) -> Response:
    roll = queries.find_roll(event.id)
    if roll is None or roll.confirmed_at is None or htmx.is_fragment_request():
        raise error
    form = CorrectionForm()
    form.offer(CORRECTABLE)
    form.add_refusal(error)
    return person_page(event, roll, person_id, form=form, status=422)


def _answer(event: Event, marked: services.Marked) -> Response:
    """The row, and beside it the numbers and the offer to take it back."""
    known = request.form.get("revision", -1, type=int)
    others_marked = marked.roll.revision - known > (1 if marked.mark else 0)
    return render(
        "attendance/marked.html",
        trigger="roll-changed" if others_marked else None,
        ask_later=lambda: numbers_of(event, marked.roll, marked.mark),
        row=queries.RollRow.of(marked.entry),
        **row_context(event, marked.roll),
    )


@bp.post("/events/<int:event_id>/attendance/find")
@signed_in
@writes
def find(event_id: int) -> Response:
    """Enter in the search field: one hit is marked present, more or none are shown."""
    event = hosted_event(event_id)
    roll = services.open_roll(event=event, actor=current_person())
    typed = request.form.get("q", "").strip()
    hits = db.session.scalars(queries.entries(event.id, typed=typed).limit(2)).all()
    if typed and len(hits) == 1 and hits[0].is_open and roll_is_open(event, roll):
        services.mark(
            event=event,
            person_id=hits[0].person_id,
            status=AttendanceStatus.PRESENT,
            actor=current_person(),
            timing=timing(),
        )
        typed = ""
    if not htmx.is_fragment_request():
        return redirect(url_for("attendance.roll", event_id=event.id, q=typed or None))
    return render(
        PAGE,
        block="board",
        ask_later=lambda: numbers_of(event, roll),
        is_answer=True,
        **rows_of(event, roll, typed=typed, show=Show.ALL),
    )


@bp.post("/events/<int:event_id>/attendance/undo")
@signed_in
@writes
def undo(event_id: int) -> Response:
    """Take back the mark that the form names, or the reader's last one."""
    event = hosted_event(event_id)
    number = _named_mark() if request.form.get("mark") else _own_last_mark(event)
    services.undo(event=event, mark_id=number, actor=current_person())
    if not htmx.is_fragment_request():
        return redirect(_back(event.id))
    roll = queries.roll(event.id)
    return render(
        "attendance/undone.html",
        trigger="roll-changed",
        ask_later=lambda: numbers_of(event, roll),
    )


@bp.get("/events/<int:event_id>/attendance/<int:person_id>")
@signed_in
@on_roll
def person(event: Event, roll: Roll, person_id: int) -> Response:
    """One person on the roll: every mark ever made, and the way to make or correct one."""
    return person_page(event, roll, person_id)


def person_page(
    event: Event,
    roll: Roll,
    person_id: int,
    *,
    form: CorrectionForm | None = None,
    leaving: LeavingForm | None = None,
    status: int = 200,
) -> Response:
    """Show one person on the roll, with a form as it was typed."""
    entry = queries.entry(event.id, person_id)
    if form is None:
        form = CorrectionForm(formdata=None, data={"status": entry.status.value})
        form.offer(CORRECTABLE)
    return render(
        "attendance/person.html",
        entry=entry,
        form=form,
        leaving=leaving or LeavingForm(formdata=None, data={"left_at": entry.left_at}),
        stay=stayed(entry.arrived_at, entry.left_at),
        history=queries.history(entry),
        status=status,
        **row_context(event, roll),
    )


def rows_of(
    event: Event, roll: Roll, *, typed: str, show: Show, is_only_read: bool = False
) -> dict[str, Any]:
    """Return what the list of rows needs; `address` keeps what is searched and shown."""
    number = request.args.get("page", 1, type=int)

    here = url_for("attendance.roll", event_id=event.id)

    def address(**changes: Any) -> str:
        kept = {"q": typed, "show": show.value, "page": number if number > 1 else None, **changes}
        query = urlencode({key: value for key, value in kept.items() if value})
        return f"{here}?{query}" if query else here

    is_as_opened = not typed and show is Show.ALL and number <= 1
    if is_only_read and not typed.strip():
        listed = queries.page_as_known(roll, number, show)
    else:
        listed = queries.page_of_rows(event.id, number, typed=typed, show=show)
    return row_context(event, roll, back="" if is_as_opened else address()) | {
        "listed": listed,
        "typed": typed,
        "show": show,
        "shows": Show,
        "address": address,
    }


def row_context(event: Event, roll: Roll, back: str = "") -> dict[str, Any]:
    """Return what one row needs, besides its entry."""
    look = rows.Look(
        at=url_for("attendance.roll", event_id=event.id),
        back=back,
        is_open=roll_is_open(event, roll),
        is_confirmed=roll.confirmed_at is not None,
        has_begun=clock.now() >= event.starts_at,
        signs_out=roll.signs_out,
    )
    return {
        "event": event,
        "roll": roll,
        "look": look,
        "is_open": look.is_open,
        "opens_at": event.starts_at - timing().opens_before,
    }


def numbers_of(event: Event, roll: Roll, mark: AttendanceMark | None = None) -> dict[str, Any]:
    """Return what the four big numbers need, and the last mark (or `mark`) to be taken back."""
    if roll.confirmed_at is not None:
        mark = None
    elif mark is None:
        mark = _last_mark(event)
    return _counts(event, roll, queries.numbers_at(roll)) | {
        "last_mark": mark,
        "last_mark_people": queries.people_marked_with(mark) if mark else 0,
    }


def _counts(event: Event, roll: Roll, numbers: Balance) -> dict[str, Any]:
    """Return what the four numbers say to everybody who watches."""
    return {
        "event": event,
        "roll": roll,
        "numbers": numbers,
        "has_begun": clock.now() >= event.starts_at,
    }


def _named_mark() -> int:
    number = request.form.get("mark", type=row_number)
    if number is None:
        raise NotFoundError("没有找到这一步操作，名册没有改动。")
    return number


def _own_last_mark(event: Event) -> int:
    last = _last_mark(event)
    if last is None:
        raise NotFoundError("没有可以撤销的操作，名册没有改动。")
    return last.id


def _last_mark(event: Event) -> AttendanceMark | None:
    since = clock.now() - UNDO_OFFERED
    return queries.last_mark_by(event.id, current_reader().id, since=since)


def _show() -> Show:
    wanted = request.args.get("show", "")
    return Show(wanted) if wanted in set(Show) else Show.ALL


def _back(event_id: int) -> str:
    """Return the address of the roll as it was looked at."""
    here = url_for("attendance.roll", event_id=event_id)
    back = path_here(request.form.get("back"))
    return back if back.startswith(here) else here
