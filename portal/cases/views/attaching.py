"""Papers and pictures of a case: chosen, uploaded, taken off by whoever has a part in it."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.cases import policies, queries, services
from portal.cases.models import Case
from portal.cases.views.blueprint import bp, seen
from portal.database import write_transaction
from portal.errors import ConflictError
from portal.materials.views import picking, uploads
from portal.people.access import current_person, current_reader, require, signed_in
from portal.people.policies import may_upload
from portal.web.templating import render
from portal.web.transaction import writes
from portal.web.uploads import takes_files

_NOT_YOURS = "附件由承办、协办单位和社区添加，请把材料交给他们。"
_NOT_YOUR_PAPER = "这份附件不是您加的，请承办单位或者社区取下。"


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


@bp.post("/<int:case_id>/uploads")
@signed_in
@writes
def begin_upload(case_id: int) -> Response:
    """Make room for a paper of the case that arrives in pieces; it goes on at its own address."""
    return uploads.begin_for(_kept(case_id).organisation)


@bp.post("/<int:case_id>/materials/<int:material_id>/take-off")
@signed_in
@writes
def take_off(case_id: int, material_id: int) -> Response:
    """Take an attachment off; it stays in the library."""
    case = _kept(case_id)
    found = next((one for one in queries.attached(case.id) if one.id == material_id), None)
    if found is None:
        flash("这份附件已经取下了。")
    else:
        require(policies.may_take_off(current_reader(), case, found), _NOT_YOUR_PAPER)
        services.take_off(case=case, material_id=material_id, actor=current_person())
        flash("已取下附件，它还在资料库里。")
    return redirect(url_for("cases.materials", case_id=case.id), code=303)


def _kept(case_id: int) -> Case:
    """Return a case to which the reader may attach papers."""
    case = seen(case_id)
    require(policies.may_attach(current_reader(), case), _NOT_YOURS)
    return case


def _page(case: Case, *, refusals: Sequence[str] = (), status: int = 200) -> Response:
    reader = current_reader()
    attached = queries.attached(case.id)
    return render(
        "cases/materials.html",
        block="library" if request.method == "GET" else None,
        case=case,
        attached=attached,
        removable={one.id for one in attached if policies.may_take_off(reader, case, one)},
        has_library=may_upload(reader),
        picking=picking.picking(taken_ids=[material.id for material in attached]),
        refusals=refusals,
        status=status,
    )
