"""The kiosk: a browser at the door that shows names and takes touches, and nothing else.

Starting one ends its host's session in that browser. What is left is a cookie that only
these addresses get (docs/decisions/0060).
"""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal import clock
from portal.attendance import queries as attendance
from portal.attendance.masking import masked_name
from portal.attendance.models import Outcome
from portal.attendance.views.hosting import hosted_event, timing
from portal.database import write_transaction
from portal.doors import initials, queries, services
from portal.doors.api.blueprint import limits
from portal.doors.forms import KioskForm, PinForm, TailForm
from portal.doors.models import Kiosk
from portal.doors.views.blueprint import bp
from portal.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.events.models import Event
from portal.people import session
from portal.people.access import current_person, public, signed_in
from portal.people.services import passwords
from portal.seating import queries as seating
from portal.web.errors import SignInRequired
from portal.web.numbers import asked_number
from portal.web.templating import render
from portal.web.transaction import writes

COOKIE = "kiosk"
ROWS_A_PAGE = 24
# Seconds: after thanks, and when somebody has walked away from names.
RESETS_AFTER_THANKS = 5
RESETS_WHEN_IDLE = 30
_OVER = "这台自助签到机已经停用。请找旁边的工作人员。"


@bp.get("/events/<int:event_id>/kiosk")
@public
def kiosk(event_id: int) -> Response:
    """At a kiosk: letters, names, one name, thanks. To a host: the way to start one."""
    here = _kiosk_here(event_id)
    if here is None:
        if not current_user.is_authenticated:
            raise SignInRequired
        return _start_page(hosted_event(event_id), KioskForm(data={"masks_names": True}))
    if done := asked_number("done"):
        return _thanks(here, done)
    if chosen := asked_number("person"):
        return _is_it_you(here, chosen)
    return _pad(here, TailForm(formdata=None))


@bp.post("/events/<int:event_id>/kiosk/start")
@signed_in
def start_kiosk(event_id: int) -> Response:
    """Leave this browser at the door; its host is signed out here."""
    event = hosted_event(event_id)
    form = KioskForm()
    if not form.validate():
        return _start_page(event, form, status=422)
    try:
        pin_hash = services.hash_of_pin(form.pin.data or "")
    except InvalidInputError as error:
        form.add_refusal(error)
        return _start_page(event, form, status=422)
    with write_transaction():
        _made, token = services.start_kiosk(
            event=hosted_event(event_id),
            name=form.name.data or "",
            pin_hash=pin_hash,
            masks_names=form.masks_names.data,
            takes_tails=form.takes_tails.data,
            actor=current_person(),
        )
        session.sign_out()
    address = url_for("doors.kiosk", event_id=event_id)
    answer: Response = redirect(address, 303)
    # As on signing out: what pages have kept in this browser is no passer-by's.
    answer.headers["Clear-Site-Data"] = '"storage"'
    answer.set_cookie(
        COOKIE,
        token,
        path=address,
        httponly=True,
        samesite="Strict",
        secure=request.is_secure,
    )
    return answer


@bp.post("/events/<int:event_id>/kiosk/<int:person_id>")
@public
@writes
def sign_in_at_kiosk(event_id: int, person_id: int) -> Response:
    """That is me: sign in."""
    here = _must_be_kiosk(event_id)
    result = services.sign_in_at(kiosk=here, person_id=person_id, timing=timing())
    if result.outcome is Outcome.CLOSED:
        raise ConflictError("现在不能签到：还没有开始，或者已经结束。请问旁边的工作人员。")
    return redirect(url_for("doors.kiosk", event_id=event_id, done=person_id), 303)


@bp.post("/events/<int:event_id>/kiosk/by-name")
@public
def find_at_kiosk(event_id: int) -> Response:
    """A name and the end of a phone number, where the host allows it."""
    here = _must_be_kiosk(event_id)
    if not here.takes_tails:
        raise ForbiddenError("这里不用输入姓名，请按姓氏首字母找。")
    form = TailForm()
    if not form.validate():
        return _pad(here, form, status=422)
    found = queries.named_as(event_id, form.name.data or "", form.tail.data or "")
    if len(found) == 1:
        chosen = found[0].person_id
        return redirect(url_for("doors.kiosk", event_id=event_id, person=chosen), 303)
    wait = limits().wait_after_wrong(f"kiosk {here.id}")
    words = "姓名和尾号没有对上。请再看一遍，或者按姓氏首字母找；还不行，请找工作人员。"
    if wait:
        words = "试的次数太多，请过一分钟再试，或者找旁边的工作人员。"
    form.add_refusal(InvalidInputError(words, field="tail"))
    return _pad(here, form, status=429 if wait else 422)


@bp.get("/events/<int:event_id>/kiosk/leave")
@public
def leaving(event_id: int) -> Response:
    """The way out, for staff who know the PIN."""
    here = _must_be_kiosk(event_id)
    return _leave_page(here, PinForm())


@bp.post("/events/<int:event_id>/kiosk/leave")
@public
def leave_kiosk(event_id: int) -> Response:
    """End the kiosk and go where one signs in; wrong PINs are counted."""
    here = _must_be_kiosk(event_id)
    form = PinForm()
    services.check_pin_patience(here)
    if not form.validate():
        return _leave_page(here, form, status=422)
    if not passwords.matches(form.pin.data or "", here.pin_hash):
        with write_transaction():
            left = services.note_wrong_pin(kiosk=_must_be_kiosk(event_id))
        words = f"PIN 不对，还可以试 {left} 次。" if left else "PIN 不对，十分钟内不能再试。"
        form.add_refusal(InvalidInputError(words, field="pin"))
        return _leave_page(_must_be_kiosk(event_id), form, status=422)
    with write_transaction():
        here = _must_be_kiosk(event_id)
        services.end_kiosk(kiosk=here, actor=here.started_by)
    flash("自助签到已退出。")
    back = url_for("doors.entrance", event_id=event_id)
    answer: Response = redirect(url_for("people.login", next=back), 303)
    answer.delete_cookie(COOKIE, path=url_for("doors.kiosk", event_id=event_id))
    return answer


@bp.post("/events/<int:event_id>/kiosks/<int:kiosk_id>/end")
@signed_in
@writes
def end_kiosk(event_id: int, kiosk_id: int) -> Response:
    """End a kiosk from elsewhere: it was left behind, or its PIN is forgotten."""
    event = hosted_event(event_id)
    found = queries.kiosk(kiosk_id, event_id=event.id)
    services.end_kiosk(kiosk=found, actor=current_person())
    flash(f"“{found.name}”的自助签到已停用。")
    return redirect(url_for("doors.entrance", event_id=event.id))


def _kiosk_here(event_id: int) -> Kiosk | None:
    return services.live_kiosk(request.cookies.get(COOKIE, ""), event_id=event_id)


def _must_be_kiosk(event_id: int) -> Kiosk:
    found = _kiosk_here(event_id)
    if found is None:
        raise ForbiddenError(_OVER)
    return found


def _start_page(event: Event, form: KioskForm, *, status: int = 200) -> Response:
    return render("doors/kiosk_start.html", event=event, form=form, status=status)


def _leave_page(here: Kiosk, form: PinForm, *, status: int = 200) -> Response:
    return render(
        "doors/kiosk_leave.html",
        event=here.event,
        form=form,
        resets_after=RESETS_WHEN_IDLE,
        status=status,
    )


def _pad(here: Kiosk, form: TailForm, *, status: int = 200) -> Response:
    typed = initials.typed_letters(request.args.get("typed", ""))
    people: Sequence[queries.Named] = ()
    if typed:
        people, keys = initials.narrowed(queries.named(here.event_id, typed[0]), typed)
    else:
        keys = initials.keys_of(queries.first_letters(here.event_id))
    number = max(1, request.args.get("page", 1, type=int))
    start = (number - 1) * ROWS_A_PAGE
    shown = people[start : start + ROWS_A_PAGE]
    return render(
        "doors/kiosk.html",
        **_at(here, shown),
        form=form,
        typed=typed,
        keys=initials.KEYS,
        leads_on=keys,
        people=shown,
        number=number,
        has_next=start + ROWS_A_PAGE < len(people),
        resets_after=RESETS_WHEN_IDLE if typed else 0,
        status=status,
    )


def _is_it_you(here: Kiosk, person_id: int) -> Response:
    one = queries.find_named(here.event_id, person_id)
    if one is None:
        return _pad(here, TailForm(formdata=None))
    return render(
        "doors/kiosk_confirm.html",
        **_at(here, [one]),
        one=one,
        leaves=one.leaves_at(clock.now()),
        typed=initials.typed_letters(request.args.get("typed", "")),
        resets_after=RESETS_WHEN_IDLE,
    )


def _thanks(here: Kiosk, person_id: int) -> Response:
    entry = attendance.find_entry(here.event_id, person_id)
    one = queries.find_named(here.event_id, person_id)
    if entry is None or one is None or not entry.has_come:
        return _pad(here, TailForm(formdata=None))
    return render(
        "doors/kiosk_thanks.html",
        **_at(here, [one]),
        one=one,
        entry=entry,
        place=seating.find_place(here.event_id, person_id),
        resets_after=RESETS_AFTER_THANKS,
    )


def _at(here: Kiosk, people: Sequence[queries.Named]) -> dict[str, Any]:
    """Return what every page of a kiosk needs to show these people."""
    return {
        "event": here.event,
        "kiosk": here,
        "shown_name": masked_name if here.masks_names else str,
        "with_tail": services.shown_to_tell_apart(people, masks_names=here.masks_names),
    }
