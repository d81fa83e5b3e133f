"""Where a scanned code leads: sign in if need be, one button, done."""

from datetime import datetime, timedelta

from flask import current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal import clock
from portal.attendance import codes, queries, services, tickets
from portal.attendance.forms import NO_CODE, CodeForm
from portal.attendance.models import AttendanceEntry
from portal.attendance.tickets import Ticket
from portal.attendance.views.blueprint import bp
from portal.attendance.views.hosting import timing
from portal.database import write_transaction
from portal.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    PortalError,
)
from portal.events import queries as events
from portal.events.models import Event
from portal.people.access import current_person, current_reader, public, signed_in
from portal.web.forms import trimmed
from portal.web.templating import render
from portal.web.transaction import writes

_STATUS: dict[type[PortalError], int] = {
    NotFoundError: 404,
    ForbiddenError: 403,
    ConflictError: 409,
    services.TooManyWrongCodesError: 429,
}


@bp.get("/c/")
@signed_in
def code() -> Response:
    """For those who type the code instead of scanning it."""
    return render("attendance/code.html", form=CodeForm(), refusal="")


@bp.post("/c/")
@signed_in
def enter_code() -> Response:
    """Go where the typed code leads."""
    form = CodeForm()
    typed = "".join((form.code.data or "").split()).replace("/", "")
    if form.validate() and not typed:
        form.add_refusal(InvalidInputError(NO_CODE, field="code"))
    if form.errors:
        return render("attendance/code.html", form=form, refusal="", status=422)
    return redirect(url_for("attendance.arrive", code=typed), 303)


@bp.get("/c/<code>")
@public
def arrive(code: str) -> Response:
    """Where the camera leads: the event's name and one button; nothing is changed yet.

    Who is not signed in signs in first and finds the code still good for five minutes.
    """
    if not current_user.is_authenticated:
        answer: Response = redirect(url_for("people.login", next=request.path))
        return _with_ticket(answer, code, clock.now(), None)
    person = current_reader()
    event_id = services.find_event_id(code) or 0
    entry = queries.find_entry(event_id, person.id)
    presented_at = _presented_at(code)
    if entry is not None and entry.has_come:
        return _arrived(code, entry, presented_at)
    try:
        event = _event(code, presented_at)
    except PortalError as error:
        return _refused(error, code)
    is_late = timing().is_late(event.starts_at, presented_at)
    answer = render("attendance/arrive.html", event=event, entry=entry, code=code, is_late=is_late)
    return _with_ticket(answer, code, presented_at, person.id)


@bp.post("/c/<code>")
@signed_in
@writes
def check_in(code: str) -> Response:
    """Sign in: present or late, until the host has confirmed the roll."""
    presented_at = _presented_at(code)
    browser = tickets.browser_of(request.cookies.get(tickets.BROWSER, ""))
    try:
        services.check_in(
            event=_event(code, presented_at),
            person=current_person(),
            presented_at=presented_at,
            timing=timing(),
            browser=browser,
        )
    except PortalError as error:
        return _refused(error, code)
    answer: Response = redirect(url_for("attendance.arrive", code=code), 303)
    _keep(answer, tickets.BROWSER, browser, tickets.BROWSER_LASTS)
    return answer


def _arrived(code: str, entry: AttendanceEntry, presented_at: datetime) -> Response:
    """Say that somebody is signed in; who may leave now with this code is offered it."""
    roll = queries.roll(entry.event_id)
    leaves = services.may_leave_at(roll, entry, presented_at)
    if leaves:
        try:
            _event(code, presented_at)
        except PortalError:
            leaves = False
    answer = render(
        "attendance/arrived.html",
        event=events.event(entry.event_id),
        roll=roll,
        entry=entry,
        leaves=leaves,
        code=code,
    )
    return _with_ticket(answer, code, presented_at, current_reader().id) if leaves else answer


def _event(code: str, presented_at: datetime) -> Event:
    seconds = current_app.config["PORTAL_CODE_SECONDS"]
    return services.event_of_code(
        typed=code,
        person=current_person(),
        presented_at=presented_at,
        timing=timing(),
        seconds=seconds,
    )


def _refused(error: PortalError, code: str) -> Response:
    """Say why, and offer to correct the code; a wrong one is remembered against guessing."""
    is_wrong = isinstance(error, NotFoundError)
    if is_wrong:
        with write_transaction():
            services.note_wrong_code(typed=code, person=current_person())
    status = next((number for kind, number in _STATUS.items() if isinstance(error, kind)), 400)
    typed = trimmed(code[: codes.LONGEST]) if is_wrong else ""
    form = CodeForm(formdata=None, data={"code": typed})
    return render("attendance/code.html", form=form, refusal=error.message, status=status)


def _presented_at(code: str) -> datetime:
    """Return when this browser presented the code: now, or a few minutes ago by its ticket."""
    now = clock.now()
    ticket = tickets.opened(
        request.cookies.get(tickets.COOKIE, ""), current_app.config["SECRET_KEY"]
    )
    if ticket is not None and ticket.holds_for(code, current_reader().id, now):
        return ticket.presented_at
    return now


def _with_ticket(
    answer: Response, code: str, presented_at: datetime, person_id: int | None
) -> Response:
    ticket = Ticket(code[: codes.LONGEST], presented_at, person_id)
    sealed = tickets.sealed(ticket, current_app.config["SECRET_KEY"])
    _keep(answer, tickets.COOKIE, sealed, tickets.LASTS)
    return answer


def _keep(answer: Response, name: str, value: str, lasts: timedelta) -> None:
    """Let the browser keep something for these pages alone."""
    answer.set_cookie(
        name,
        value,
        max_age=int(lasts.total_seconds()),
        path="/c/",
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
