"""The host's side: who missed the event, what was made up, and the files that prove it."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import FileField

from portal import clock
from portal.attendance import queries as attendance
from portal.attendance.rules import attendance_rate
from portal.database import write_transaction
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.leaves import policies, queries, services
from portal.leaves.forms import MakeUpForm, ProofForm
from portal.leaves.models import MakeUp
from portal.leaves.views.blueprint import bp, hosted_event
from portal.materials.models import MaterialKind
from portal.materials.services import Prepared
from portal.materials.settings import limits
from portal.materials.storage import size_words
from portal.materials.views import picking
from portal.people.access import current_person, current_reader, require, signed_in
from portal.web.templating import render
from portal.web.transaction import writes
from portal.web.uploads import takes_files

PROOFS = (MaterialKind.DOCUMENT, MaterialKind.PICTURE)


@bp.get("/events/<int:event_id>/leaves/make-ups")
@signed_in
def make_ups(event_id: int) -> Response:
    """Who was on leave or absent, and how each has made it up."""
    form = MakeUpForm(formdata=None, data={"made_on": clock.today()})
    return _page(hosted_event(event_id), form)


@bp.post("/events/<int:event_id>/leaves/make-ups")
@signed_in
@takes_files
def record(event_id: int) -> Response:
    """Write down for those who are ticked that they have made it up; a file proves it for all."""
    event = hosted_event(event_id)
    form = MakeUpForm()
    if not form.validate():
        return _page(event, form)
    try:
        prepared = _looked_at(form.file)
        with write_transaction():
            made = services.record(
                event=hosted_event(event_id),
                person_ids=form.person.data or (),
                details=form.details(),
                prepared=prepared,
                actor=current_person(),
            )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(hosted_event(event_id), form)
    flash(f"已登记 {len(made)} 人补课；名册上的到场情况不变。")
    return redirect(url_for("leaves.make_ups", event_id=event_id), code=303)


@bp.get("/events/<int:event_id>/leaves/make-ups/<int:make_up_id>")
@signed_in
def make_up(event_id: int, make_up_id: int) -> Response:
    """What somebody has made up: when, how, with whom, and the file that proves it."""
    return _one(_kept(event_id, make_up_id), ProofForm(formdata=None))


@bp.post("/events/<int:event_id>/leaves/make-ups/<int:make_up_id>")
@signed_in
@takes_files
def prove(event_id: int, make_up_id: int) -> Response:
    """Attach the file that proves it, or another instead."""
    made = _kept(event_id, make_up_id)
    form = ProofForm()
    if not form.validate():
        return _one(made, form)
    try:
        prepared = _looked_at(form.file)
        with write_transaction():
            made = _kept(event_id, make_up_id)
            services.prove(made=made, prepared=prepared, actor=current_person())
    except InvalidInputError as error:
        form.add_refusal(error)
        return _one(_kept(event_id, make_up_id), form)
    flash("凭据文件已保存；到场记录不变。")
    return redirect(url_for("leaves.make_up", event_id=event_id, make_up_id=make_up_id), code=303)


@bp.post("/events/<int:event_id>/leaves/make-ups/<int:make_up_id>/remove")
@signed_in
@writes
def remove(event_id: int, make_up_id: int) -> Response:
    """Strike out what was written down by mistake."""
    made = _kept(event_id, make_up_id)
    services.remove(made=made, actor=current_person())
    flash(f"已删除{made.person.name}的补课记录。")
    return redirect(url_for("leaves.make_ups", event_id=made.event_id), code=303)


def _kept(event_id: int, make_up_id: int) -> MakeUp:
    """Return what was made up for an event whose leaves the reader keeps."""
    made = queries.make_up(event_id, make_up_id)
    require(policies.may_host_leaves(current_reader(), made.event), "补课由主办方登记。")
    return made


def _looked_at(field: FileField) -> Prepared | None:
    """Look at the file outside of any transaction; None where nobody sent one."""
    received = picking.received(PROOFS, name=field.name)
    if received.refused:
        raise InvalidInputError(received.refused[0][1], field=field.name)
    if len(received.prepared) > 1:
        raise InvalidInputError("请只选一个文件，多页的可以合成一个 PDF。", field=field.name)
    return received.prepared[0] if received.prepared else None


def _offered(form: MakeUpForm | ProofForm) -> str:
    """Say in the form what may be sent and who will see it; return what a file picker offers."""
    largest = size_words(max(limits().of(kind) for kind in PROOFS))
    form.file.description = f"一个文档或图片，最大 {largest}；本人、主办方和本人所在支部能看。" + (
        "请再选一次，浏览器不会保留上次选的文件。" if form.errors else ""
    )
    return picking.accept(PROOFS)


def _one(made: MakeUp, form: ProofForm) -> Response:
    return render(
        "leaves/make_up.html",
        event=made.event,
        made=made,
        form=form,
        accept=_offered(form),
        status=422 if form.errors else 200,
    )


def _page(event: Event, form: MakeUpForm) -> Response:
    roll = attendance.find_roll(event.id)
    is_confirmed = roll is not None and roll.confirmed_at is not None
    numbers = attendance.numbers(event.id) if is_confirmed else None
    made_up = queries.number_made_up(event) if is_confirmed else 0
    return render(
        "leaves/make_ups.html",
        block="results",
        event=event,
        form=form,
        numbers=numbers,
        made_up=made_up,
        learning_rate=attendance_rate(numbers.present + made_up, numbers.due) if numbers else "",
        missed=queries.missed(event, request.args.get("page", 1, type=int)) if numbers else None,
        accept=_offered(form),
        status=422 if form.errors else 200,
    )
