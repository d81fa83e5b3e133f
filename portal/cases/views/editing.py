"""Putting facts right, linking what is about the same, attaching papers, leaving out of figures."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.cases import policies, queries, services
from portal.cases.forms import EditForm, ExcludeForm, OpennessForm
from portal.cases.models import Case, Openness
from portal.cases.views.blueprint import bp, seen
from portal.database import write_transaction
from portal.errors import ConflictError
from portal.materials.views import picking
from portal.people.access import current_person, current_reader, require, signed_in
from portal.people.edit_history import ChangedMeanwhileError
from portal.web.numbers import row_number
from portal.web.templating import render
from portal.web.transaction import writes
from portal.web.uploads import takes_files

_NOT_YOURS = "登记的内容由社区和登记人修改。"


@bp.route("/<int:case_id>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit(case_id: int) -> Response:
    """Kind, place, level, helping units, asker; the words themselves stay as they were said."""
    reader = current_reader()
    case = seen(case_id, to_change=request.method == "POST")
    require(policies.may_edit(reader, case), _NOT_YOURS)
    facts = services.facts_of(case)
    form = EditForm(
        data={
            "kind": facts.kind.value,
            "source": facts.source.value,
            "level": facts.level.value,
            "place": facts.place,
            "category": facts.category,
            "organisation": str(facts.organisation.id),
            "helpers": [str(one.id) for one in facts.helpers],
            "asker_sight": facts.asker.sight.value,
            "asker_name": facts.asker.name,
            "asker_phone": facts.asker.phone,
            "version": case.version,
        }
    )
    own = [*queries.own_organisations(reader)]
    leads = [*queries.possible_leads(reader)]
    # What stands there now may be kept, even where the reader could not choose it anew.
    own += [case.organisation] if case.organisation not in own else []
    leads += [one for one in facts.helpers if one not in leads]
    form.offer(own, leads)
    stale = None
    if form.validate_on_submit():
        try:
            changed = services.edit(
                case=case,
                facts=form.facts(case.asker_id),
                version=form.version.data,
                actor=current_person(),
            )
        except ChangedMeanwhileError as error:
            stale = error
            form.take({"version": case.version})
        else:
            flash("已保存。" if changed else "没有改动。")
            return redirect(url_for("cases.show", case_id=case.id), code=303)
    return render(
        "cases/edit.html",
        case=case,
        form=form,
        stale=stale,
        status=409 if stale else 422 if form.is_submitted() else 200,
    )


@bp.post("/<int:case_id>/links")
@signed_in
@writes
def link(case_id: int) -> Response:
    """Link another case that is about the same; both go on."""
    case, other = _two(case_id)
    is_new = services.link(case=case, other=other, actor=current_person())
    flash(f"已和 {other.number} 关联，两件都照常办理。" if is_new else "这两件已经关联过了。")
    return redirect(url_for("cases.show", case_id=case.id), code=303)


@bp.post("/<int:case_id>/links/remove")
@signed_in
@writes
def unlink(case_id: int) -> Response:
    """Take the link away."""
    case, other = _two(case_id)
    services.unlink(case=case, other=other, actor=current_person())
    flash("已取消关联。")
    return redirect(url_for("cases.show", case_id=case.id), code=303)


def _two(case_id: int) -> tuple[Case, Case]:
    case = seen(case_id)
    return case, seen(request.form.get("other", 0, type=row_number))


@bp.post("/<int:case_id>/exclude")
@signed_in
@writes
def exclude(case_id: int) -> Response:
    """Leave a case out of the rates with a reason, or count it again."""
    case = seen(case_id, to_change=True)
    require(policies.may_supervise(current_reader(), case), "由社区和街道决定是否计入统计。")
    form = ExcludeForm()
    if not form.validate():
        raise ConflictError("理由最多 200 个字，没有保存。")
    services.exclude(case=case, reason=form.reason.data or "", actor=current_person())
    flash("已不计入统计，理由写进办理过程。" if case.excluded_reason else "已重新计入统计。")
    return redirect(url_for("cases.show", case_id=case.id), code=303)


@bp.post("/<int:case_id>/openness")
@signed_in
@writes
def open_up(case_id: int) -> Response:
    """Say who may read the case beside the units that handle it."""
    case = seen(case_id, to_change=True)
    require(
        policies.may_open_up(current_reader(), case), "公开范围由所在支部、社区和街道的书记决定。"
    )
    form = OpennessForm()
    if not form.validate():
        raise ConflictError("请选择公开范围，没有保存。")
    openness = Openness(form.openness.data)
    is_new = services.open_up(case=case, openness=openness, actor=current_person())
    flash(f"公开范围：{openness.label}。" if is_new else "没有改动。")
    return redirect(url_for("cases.show", case_id=case.id), code=303)


@bp.get("/<int:case_id>/materials")
@signed_in
def materials(case_id: int) -> Response:
    """What is attached, and what can be."""
    return _page(_kept(case_id))


@bp.post("/<int:case_id>/materials")
@signed_in
@takes_files
def attach(case_id: int) -> Response:
    """Attach what was ticked and what was uploaded."""
    _kept(case_id)
    try:
        received = picking.received()
    except ConflictError as error:
        return _page(_kept(case_id), refusals=[error.message], status=409)
    with write_transaction():
        case = _kept(case_id)
        chosen = picking.chosen(received, owner=case.organisation)
        new = services.attach(case=case, materials=chosen, actor=current_person())
        count = len(new)
    refusals = [f"“{name}”：{sentence}" for name, sentence in received.refused]
    if not chosen and not refusals:
        refusals = ["没有选中资料，也没有选择文件。请先勾选，或者选择要上传的文件。"]
    if refusals:
        return _page(_kept(case_id), refusals=refusals, status=422)
    flash(f"已加入 {count} 份附件。" if count else "选中的附件已经在这里。")
    return redirect(url_for("cases.show", case_id=case_id), code=303)


@bp.post("/<int:case_id>/materials/<int:material_id>/take-off")
@signed_in
@writes
def take_off(case_id: int, material_id: int) -> Response:
    """Take an attachment off; it stays in the library."""
    case = _kept(case_id)
    services.take_off(case=case, material_id=material_id, actor=current_person())
    flash("已取下附件，它还在资料库里。")
    return redirect(url_for("cases.materials", case_id=case.id), code=303)


def _kept(case_id: int) -> Case:
    """Return a case to which the reader may attach papers."""
    case = seen(case_id)
    require(policies.may_attach(current_reader(), case), "附件由社区添加，请把材料交给社区。")
    return case


def _page(case: Case, *, refusals: Sequence[str] = (), status: int = 200) -> Response:
    attached = queries.attached(case.id)
    return render(
        "cases/materials.html",
        block="library" if request.method == "GET" else None,
        case=case,
        attached=attached,
        picking=picking.picking(taken_ids=[material.id for material in attached]),
        refusals=refusals,
        status=status,
    )
