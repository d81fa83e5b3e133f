"""The page a host scans passes with: a scanner that types, or the camera of the device."""

from datetime import timedelta
from uuid import uuid4

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.attendance import queries as attendance
from portal.attendance.models import Method, Roll
from portal.attendance.views.hosting import hosted_event, on_roll, timing
from portal.doors import services
from portal.doors.forms import ScanForm
from portal.doors.views.blueprint import bp
from portal.doors.views.passes import key
from portal.events.models import Event
from portal.people.access import current_person, signed_in
from portal.web import htmx
from portal.web.forms import trimmed
from portal.web.templating import render
from portal.web.transaction import writes

PAGE = "doors/scan.html"
LAST_SCANS = 8
DOOR = "扫描台"
_LONGEST_NAME = 60


@bp.get("/events/<int:event_id>/scan")
@signed_in
@on_roll
def scanner(event: Event, roll: Roll) -> Response:
    """A field that waits for a scan, the last ones below it."""
    is_over = roll.confirmed_at is not None
    return _page(event, _door(request.args.get("door", "")), is_over=is_over)


@bp.post("/events/<int:event_id>/scan")
@signed_in
@writes
def scan(event_id: int) -> Response:
    """Take one pass: the answer in large letters, the field ready for the next."""
    event = hosted_event(event_id)
    form = ScanForm()
    door = _door(form.door.data or "")
    if not form.validate():
        words = " ".join(word for words in form.errors.values() for word in words)
        return _page(event, door, refusal=words, status=422)
    seen = services.scan(
        event=event,
        presented=form.shown.data or "",
        client_id=form.client_id.data or str(uuid4()),
        waited=timedelta(milliseconds=form.waited_milliseconds),
        door=door,
        actor=current_person(),
        key=key(),
        timing=timing(),
    )
    return _page(event, door, seen=seen)


@bp.post("/events/<int:event_id>/scan/undo")
@signed_in
@writes
def undo_scan(event_id: int) -> Response:
    """Take back a wrong scan."""
    event = hosted_event(event_id)
    door = _door(request.form.get("door", ""))
    services.undo_scan(
        event=event, client_id=request.form.get("client_id", ""), actor=current_person()
    )
    if htmx.is_fragment_request():
        return _page(event, door, undone=True)
    flash("已撤销，名册恢复到扫码以前。")
    return redirect(url_for("doors.scanner", event_id=event.id, door=door), 303)


def _door(name: str) -> str:
    return (trimmed(name[:_LONGEST_NAME]) or "") or DOOR


def _page(
    event: Event,
    door: str,
    *,
    seen: services.Seen | None = None,
    refusal: str = "",
    undone: bool = False,
    is_over: bool = False,
    status: int = 200,
) -> Response:
    def later() -> dict[str, object]:
        return {
            "numbers": attendance.numbers_at(attendance.roll(event.id)),
            "last": attendance.last_scans(event.id, method=Method.SCAN, limit=LAST_SCANS),
        }

    return render(
        PAGE,
        block="answer",
        ask_later=later,
        event=event,
        door=door,
        seen=seen,
        refusal=refusal,
        undone=undone,
        is_over=is_over,
        client_id=str(uuid4()),
        opens_at=event.starts_at - timing().opens_before,
        status=status,
    )
