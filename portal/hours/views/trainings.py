"""Other training: entered, looked at, changed, confirmed."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.database import write_transaction
from portal.errors import ConflictError, InvalidInputError, NotFoundError
from portal.hours import policies, queries, services
from portal.hours.forms import DecisionForm, TrainingForm, written
from portal.hours.kinds import Source, Unit
from portal.hours.models import Training
from portal.hours.views.blueprint import bp
from portal.materials.models import Material, MaterialKind
from portal.materials.services import keep
from portal.materials.settings import limits
from portal.materials.views import picking
from portal.materials.views.picking import Received
from portal.people.access import allowed, current_person, current_reader, require, signed_in
from portal.people.models import Organisation, Person
from portal.web.numbers import row_number
from portal.web.templating import render
from portal.web.transaction import writes
from portal.web.uploads import takes_files

KINDS = (MaterialKind.DOCUMENT, MaterialKind.PICTURE)
_NO_HOME = "没有登记组织关系的人不能登记其他培训，请先由所在支部登记组织关系。"
_DECIDED = "这条培训记录已经处理过，不能再改。请看它现在的状态。"


@bp.get("/hours/new")
@allowed(policies.has_hours)
def new() -> Response:
    """The form of other training, for oneself or for a member."""
    person = _person()
    form = TrainingForm(formdata=None, data={"source": Source.COURSE.value, "unit": Unit.DAY.value})
    return _page(form, person)


@bp.post("/hours/new")
@allowed(policies.has_hours)
@takes_files
def enter() -> Response:
    """Keep it: it counts once the branch has confirmed it."""
    person = _person()
    form = TrainingForm()
    if not form.validate():
        return _page(form, person, status=422)
    received = _looked_at(form)
    if form.file.errors:
        return _page(form, person, status=422)
    try:
        with write_transaction():
            person = _person()
            actor = current_person()
            relations = person.present_memberships(clock.today())
            made = services.enter(
                person=person,
                details=form.details(),
                material=_kept(received, person, actor, form),
                is_confirmed=policies.may_confirm(actor, relations, person),
                actor=actor,
            )
            training_id, is_counted = made.id, made.decided_at is not None
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(form, _person(), status=422)
    flash("已登记并计入学时。" if is_counted else "已登记，支部认定以后计入学时。")
    return redirect(url_for("hours.training", training_id=training_id), code=303)


@bp.get("/hours/<int:training_id>")
@signed_in
def training(training_id: int) -> Response:
    """One training: what was entered, its file, what was decided."""
    return _show(_seen(training_id), DecisionForm(formdata=None))


@bp.get("/hours/<int:training_id>/edit")
@signed_in
def edit(training_id: int) -> Response:
    """What was entered, as a form."""
    found = _mine(training_id)
    form = TrainingForm(
        formdata=None,
        data={
            "source": found.source.value,
            "title": found.title,
            "organiser": found.organiser,
            "document_no": found.document_no,
            "starts_on": found.starts_on,
            "ends_on": found.ends_on,
            "unit": found.unit.value,
            "quantity": written(found.quantity),
            "version": found.version,
        },
    )
    return _page(form, found.person, training=found)


@bp.post("/hours/<int:training_id>/edit")
@signed_in
@takes_files
def change(training_id: int) -> Response:
    """Put right what was entered."""
    found = _mine(training_id)
    form = TrainingForm()
    if not form.validate():
        return _page(form, found.person, training=found, status=422)
    received = _looked_at(form)
    if form.file.errors:
        return _page(form, found.person, training=found, status=422)
    try:
        with write_transaction():
            found = _mine(training_id, to_change=True)
            actor = current_person()
            if form.version.data is not None and form.version.data != found.version:
                raise ConflictError("这条记录刚刚被改过，您的修改没有保存。请刷新后再改。")
            services.change(
                training=found,
                details=form.details(),
                material=_kept(received, found.person, actor, form),
                actor=actor,
            )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(form, _mine(training_id).person, training=_mine(training_id), status=422)
    flash("已保存。")
    return redirect(url_for("hours.training", training_id=training_id), code=303)


@bp.post("/hours/<int:training_id>/confirm")
@signed_in
@writes
def confirm(training_id: int) -> Response:
    """Say that it took place."""
    found = _decided(training_id)
    services.confirm(training=found, actor=current_person())
    flash(f"已认定{found.person.name}的培训，学时已计入。")
    return redirect(url_for("hours.waiting"), code=303)


@bp.post("/hours/<int:training_id>/refuse")
@signed_in
@writes
def refuse(training_id: int) -> Response:
    """Say that it does not count, or does not any more, and why."""
    found = _decided(training_id)
    form = DecisionForm()
    if not form.validate():
        return _show(found, form, status=422)
    step = services.take_back if found.state.value == "confirmed" else services.refuse
    try:
        step(training=found, note=form.note.data or "", actor=current_person())
    except InvalidInputError as error:
        form.add_refusal(error)
        return _show(found, form, status=422)
    flash(f"没有认定{found.person.name}的这次培训，理由已写在记录里。")
    return redirect(url_for("hours.training", training_id=training_id), code=303)


@bp.post("/hours/<int:training_id>/withdraw")
@signed_in
@writes
def withdraw(training_id: int) -> Response:
    """Take back what was entered by mistake."""
    found = _mine(training_id, to_change=True)
    services.withdraw(training=found, actor=current_person())
    flash("已撤回。")
    return redirect(url_for("hours.training", training_id=training_id), code=303)


# ---- the ways in


def _person() -> Person:
    """Return about whom it is: oneself, or a member whose branch the reader runs."""
    reader = current_reader()
    number = request.values.get("person", reader.id, type=row_number)
    person = queries.whole_person(number)
    relations = person.present_memberships(clock.today())
    if not policies.may_enter_for(reader, relations, person):
        raise NotFoundError("没有找到这个人。")
    if not relations:
        raise ConflictError(_NO_HOME)
    return person


def _seen(training_id: int, *, to_change: bool = False) -> Training:
    found = (queries.training_to_change if to_change else queries.training)(training_id)
    relations = found.person.present_memberships(clock.today())
    if not policies.may_see_training(current_reader(), relations, found):
        raise NotFoundError("没有这条培训记录，或者不对您开放。")
    return found


def _mine(training_id: int, *, to_change: bool = False) -> Training:
    """Return what the reader may still change."""
    found = _seen(training_id, to_change=to_change)
    if current_reader().id not in {found.person_id, found.entered_by_id}:
        require(False, "登记由本人或者登记人修改。")
    if not policies.may_change_training(current_reader(), found):
        raise ConflictError(_DECIDED)
    return found


def _decided(training_id: int) -> Training:
    """Return what the reader decides on."""
    found = _seen(training_id, to_change=True)
    relations = found.person.present_memberships(clock.today())
    require(
        policies.may_confirm(current_reader(), relations, found.person),
        "培训由本人所在支部的书记认定；自己的由上级认定。",
    )
    return found


def _home(person: Person) -> Organisation:
    return person.keeping_memberships(clock.today())[0].organisation


def _looked_at(form: TrainingForm) -> Received:
    """Look at the file outside of any transaction; what was refused stands beside the field."""
    received = picking.received(KINDS)
    form.file.errors = [sentence for _name, sentence in received.refused]
    if len(received.prepared) > 1:
        form.file.errors = ["请只选一个文件，多页的可以合成一个 PDF。"]
    return received


def _kept(received: Received, person: Person, actor: Person, form: TrainingForm) -> Material | None:
    if not received.prepared:
        return None
    return keep(
        prepared=received.prepared[0],
        owner=_home(person),
        actor=actor,
        title=f"{person.name}：{form.title.data}",
    )


def _page(
    form: TrainingForm, person: Person, *, training: Training | None = None, status: int = 200
) -> Response:
    largest = max(limits().of(kind) for kind in KINDS)
    return render(
        "hours/new.html",
        form=form,
        person=person,
        training=training,
        is_own=person.id == current_reader().id,
        accept=picking.accept(KINDS),
        largest=largest,
        status=status,
    )


def _show(found: Training, form: DecisionForm, *, status: int = 200) -> Response:
    reader = current_reader()
    relations = found.person.present_memberships(clock.today())
    return render(
        "hours/training.html",
        training=found,
        form=form,
        may_change=policies.may_change_training(reader, found),
        may_confirm=policies.may_confirm(reader, relations, found.person),
        is_own=found.person_id == reader.id,
        status=status,
    )
