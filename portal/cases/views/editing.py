"""Putting facts right, linking what is about the same, leaving out of figures."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.cases import policies, queries, services
from portal.cases.forms import EditForm, ExcludeForm, OpennessForm
from portal.cases.models import Case, Openness
from portal.cases.views.blueprint import bp, seen
from portal.errors import ConflictError
from portal.people.access import current_person, current_reader, require, signed_in
from portal.people.edit_history import ChangedMeanwhileError
from portal.web.numbers import row_number
from portal.web.templating import render
from portal.web.transaction import writes

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
