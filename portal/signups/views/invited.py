"""Answering an invitation: no, or somebody else comes; and the host's view of the answers."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.events.queries import event_seen_by, event_to_change
from portal.people.access import current_person, current_reader, require, signed_in
from portal.people.models import Person
from portal.people.readers import Somebody
from portal.signups import policies, queries, services
from portal.signups.errors import SignupRefusedError
from portal.signups.forms import CancelForm, ReasonForm, StandInForm
from portal.signups.on_event_page import mine
from portal.signups.views.blueprint import bp, managed
from portal.signups.views.way_back import way_back
from portal.web.forms import trimmed
from portal.web.templating import render
from portal.web.transaction import writes

_ANSWERS = ("yes", "stand-in", "no", "none")


@bp.get("/invited")
@signed_in
def invited(event_id: int) -> Response:
    """Who comes, who sends whom, who cannot and why, who has not answered."""
    return _invited(managed(event_id))


@bp.post("/refuse")
@signed_in
@writes
def refuse(event_id: int) -> Response:
    """Say that one cannot come; a reason is welcome, not asked for."""
    reader = current_person()
    event = event_seen_by(reader, event_id)
    form = CancelForm()
    reason = (form.reason.data or "")[:120]
    services.refuse_invitation(event=event, person=reader, reason=reason)
    flash(f"已告诉主办方您不能来：{event.title}。改了主意，报名截止前还可以报名。")
    return redirect(way_back(event), code=303)


@bp.get("/stand-in")
@signed_in
def standing_in(event_id: int) -> Response:
    """Choose who is to come instead: somebody of the same unit, or somebody from outside."""
    reader = current_reader()
    event = event_seen_by(reader, event_id)
    if not mine(event, reader).may_send:
        raise SignupRefusedError("现在不能请人替会：您不在邀请名单上、已经派了人，或者报名已截止。")
    return _choosing(event, reader, StandInForm(formdata=None))


@bp.post("/stand-in")
@signed_in
@writes
def send_stand_in(event_id: int) -> Response:
    """Let that person come instead of the reader."""
    reader = current_person()
    event = event_seen_by(reader, event_id)
    form = StandInForm()
    if not form.validate():
        return _choosing(event, reader, form, status=422)
    try:
        services.send_stand_in(
            event=event,
            invited=reader,
            person=_chosen(event, reader, form),
            post=form.post.data or "",
            actor=reader,
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _choosing(event, reader, form, status=422)
    flash("已请人替会，名单上换成了对方；对方有账号的会收到通知，没有的请您转告。")
    return redirect(way_back(event), code=303)


@bp.post("/stand-in/back")
@signed_in
@writes
def come_oneself(event_id: int) -> Response:
    """Come oneself after all."""
    reader = current_person()
    event = event_seen_by(reader, event_id)
    services.come_oneself(event=event, invited=reader, actor=reader)
    flash("已改回本人参加。")
    return redirect(url_for("events.show", event_id=event.id), code=303)


@bp.post("/stand-ins/<int:stand_in_id>/refuse")
@signed_in
@writes
def refuse_stand_in(event_id: int, stand_in_id: int) -> Response:
    """Do not agree to a stand-in, and say why."""
    actor = current_person()
    event = event_to_change(actor, event_id)
    require(policies.may_manage(actor, event), "只有主办方可以决定替会。")
    row = queries.stand_in(event.id, stand_in_id)
    form = ReasonForm()
    if not form.validate():
        return _invited(event, refused=stand_in_id, form=form)
    name = row.person.name
    services.refuse_stand_in(event=event, row=row, reason=form.reason.data or "", actor=actor)
    flash(f"已告诉{row.invited.name}：不同意由{name}替会。")
    return redirect(url_for("signups.invited", event_id=event.id), code=303)


def _chosen(event: Event, reader: Person, form: StandInForm) -> Person:
    """Return who is to come; raise InvalidInputError that says what is missing."""
    if form.name.data and form.person.data:
        raise InvalidInputError("选了本单位的人，就不用再填外来的人；请留一个。", field="name")
    if form.name.data:
        return services.bring_guest(
            event=event,
            name=form.name.data,
            unit=form.unit.data or "",
            post=form.post.data or "",
            actor=reader,
        )
    if not form.person.data:
        raise InvalidInputError("请选择一位本单位的人，或者填写外来人员的姓名。", field="person")
    found = queries.find_colleague(reader, form.person.data[0])
    if found is None:
        raise InvalidInputError("这个人不在您的单位，请重新选择。", field="person")
    return queries.chosen_people([found.id])[0]


def _choosing(event: Event, reader: Somebody, form: StandInForm, *, status: int = 200) -> Response:
    typed = (trimmed(request.values.get("q")) or "")[:60]
    people = queries.colleagues(event.id, reader, typed)
    return render(
        "signups/standing_in.html",
        block="people",
        status=status,
        event=event,
        form=form,
        typed=typed,
        people=people,
        has_more=len(people) == queries.MOST_COLLEAGUES,
        back=request.values.get("back", ""),
    )


def _invited(event: Event, *, refused: int = 0, form: ReasonForm | None = None) -> Response:
    counts, rules, _ = queries.overview(event.id)
    people = queries.invited_to(event.id)
    return render(
        "signups/invited.html",
        status=422 if form else 200,
        event=event,
        counts=counts,
        rules=rules,
        people=people,
        refused=refused,
        form=form,
        may_refuse=policies.may_be_moved_up(event, clock.now()),
        tally={answer: sum(1 for one in people if one.answer == answer) for answer in _ANSWERS},
    )
