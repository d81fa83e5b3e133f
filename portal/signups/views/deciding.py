"""What a host decides about single people: let in, put first, answer an offer for them."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.events.queries import event_seen_by
from portal.people.access import current_person, current_reader, require, signed_in
from portal.signups import policies, queries, services
from portal.signups.forms import AnswerForm, ReasonForm
from portal.signups.models import Signup, SignupStatus
from portal.signups.views.blueprint import bp, managed
from portal.signups.views.lists import list_page
from portal.web.templating import render
from portal.web.transaction import writes

_NOT_ANSWERING = "只有本人、代报的人和主办方可以答复。"


@bp.post("/approve")
@signed_in
@writes
def approve(event_id: int) -> Response:
    """Let the ticked in, in the order in which they signed up."""
    event = managed(event_id)
    form = AnswerForm()
    if not form.signup.data:
        return list_page(event, SignupStatus.PENDING, refusal="请先勾选要通过的人。", status=422)
    found = services.approve(event=event, ids=form.signup.data, actor=current_person())
    waiting = sum(1 for signup in found if signup.status is SignupStatus.WAITLISTED)
    flash(f"已通过 {len(found)} 人{f'，其中 {waiting} 人因名额已满排进候补' if waiting else ''}。")
    return redirect(_pending(event), code=303)


@bp.post("/decline")
@signed_in
@writes
def decline(event_id: int) -> Response:
    """Do not let the ticked in, with a reason that they are told."""
    event = managed(event_id)
    form = AnswerForm()
    ids = form.signup.data or []
    if not ids:
        return list_page(event, SignupStatus.PENDING, refusal="请先勾选不通过的人。", status=422)
    try:
        if not form.validate():
            raise InvalidInputError(" ".join(form.reason.errors))
        found = services.decline(
            event=event, ids=ids, reason=form.reason.data or "", actor=current_person()
        )
    except InvalidInputError as error:
        return list_page(
            event,
            SignupStatus.PENDING,
            refusal=error.message,
            ticked=ids,
            reason=form.reason.data or "",
            status=422,
        )
    flash(f"{len(found)} 人的报名没有通过，已告知本人。")
    return redirect(_pending(event), code=303)


def _pending(event: Event) -> str:
    return url_for("signups.index", event_id=event.id, show=SignupStatus.PENDING.value)


@bp.get("/<int:signup_id>/queue")
@signed_in
def queueing(event_id: int, signup_id: int) -> Response:
    """One who waits: why, with whom, and what the host may do."""
    event = managed(event_id)
    return _page(event, queries.signup(event.id, signup_id), ReasonForm(formdata=None))


@bp.post("/<int:signup_id>/prefer")
@signed_in
@writes
def prefer(event_id: int, signup_id: int) -> Response:
    """Let somebody go first, or in order of arrival again: the reason is kept."""
    event = managed(event_id)
    signup = queries.signup(event.id, signup_id)
    is_first = signup.precedence == 0
    form = ReasonForm()
    if not form.validate():
        return _page(event, signup, form, status=422)
    services.prefer(
        event=event,
        signup=signup,
        is_first=is_first,
        reason=form.reason.data or "",
        actor=current_person(),
    )
    name = signup.person.name
    flash(f"已让{name}优先递补。" if is_first else f"{name}恢复按报名先后递补。")
    return redirect(_waiting(event), code=303)


@bp.post("/<int:signup_id>/part")
@signed_in
@writes
def part(event_id: int, signup_id: int) -> Response:
    """Let those who wait together wait each alone: the reason is kept."""
    event = managed(event_id)
    signup = queries.signup(event.id, signup_id)
    form = ReasonForm()
    if not form.validate():
        return _page(event, signup, form, status=422)
    services.part(event=event, signup=signup, reason=form.reason.data or "", actor=current_person())
    flash("已改为各自递补。")
    return redirect(_waiting(event), code=303)


@bp.post("/<int:signup_id>/accept")
@signed_in
@writes
def accept(event_id: int, signup_id: int) -> Response:
    """Take the place that is held: for somebody who has no account, or has called."""
    event, signup = _answered(event_id, signup_id)
    found = services.accept(event=event, signup=signup, actor=current_person())
    flash(f"已确认 {len(found)} 人参加。" if len(found) > 1 else "已确认参加，报名成功。")
    return redirect(_back(event, signup), code=303)


@bp.post("/<int:signup_id>/turn-down")
@signed_in
@writes
def turn_down(event_id: int, signup_id: int) -> Response:
    """Give the held place up; it goes to the next."""
    event, signup = _answered(event_id, signup_id)
    services.turn_down(event=event, signup=signup, actor=current_person())
    flash("已谢绝，名额让给下一位。")
    return redirect(_back(event, signup), code=303)


def _answered(event_id: int, signup_id: int) -> tuple[Event, Signup]:
    actor = current_person()
    event = event_seen_by(actor, event_id)
    signup = queries.signup(event.id, signup_id)
    require(policies.may_answer_offer(actor, signup, event), _NOT_ANSWERING)
    return event, signup


def _back(event: Event, signup: Signup) -> str:
    """Return where whoever answers came from: one's own event page, or the host's list."""
    is_host = policies.may_manage(current_reader(), event)
    if is_host and signup.person_id != current_reader().id:
        return _waiting(event)
    return url_for("events.show", event_id=event.id)


def _waiting(event: Event) -> str:
    return url_for("signups.index", event_id=event.id, show=SignupStatus.WAITLISTED.value)


def _page(event: Event, signup: Signup, form: ReasonForm, *, status: int = 200) -> Response:
    line = queries.line(event)
    why = line.whys(event, clock.now()).get(signup.id) or line.full(line.counts, event.capacity)
    waits = signup.status is SignupStatus.WAITLISTED and not signup.is_offered
    return render(
        "signups/queue.html",
        status=status,
        event=event,
        signup=signup,
        form=form,
        waits=waits,
        why=why if waits else "",
        position=queries.positions([signup]).get(signup.id, 0) if waits else 0,
        together=queries.party_with_people(signup),
        back=_waiting(event),
    )
