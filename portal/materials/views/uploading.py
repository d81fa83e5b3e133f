"""Uploading with a plain form; scripts make the same form resumable (`views.uploads`)."""

from dataclasses import dataclass

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.database import write_transaction
from portal.errors import ConflictError, NotFoundError
from portal.materials import queries, services, settings
from portal.materials.forms import UploadForm
from portal.materials.judging import KINDS_TAKEN
from portal.materials.models import Material
from portal.materials.services import uploads
from portal.materials.views.blueprint import bp
from portal.materials.views.picking import Received, accept, received
from portal.people.access import allowed, current_person, current_reader
from portal.people.models import Organisation
from portal.people.policies import may_upload
from portal.web.templating import render
from portal.web.transaction import writes
from portal.web.uploads import takes_files


@dataclass(frozen=True)
class Outcome:
    """What became of one file, for the page."""

    name: str
    material: Material | None = None
    was_known: bool = False
    refusal: str = ""


@bp.route("/new", methods=["GET", "POST"])
@allowed(may_upload)
@takes_files
def new() -> Response:
    """Put files into the library."""
    owners = _owners()
    form = UploadForm(data={"owner": owners[0].id})
    form.offer(owners)
    if not form.validate_on_submit():
        return _page(form, [])
    owner_id = form.owner.data
    try:
        found = received()
    except ConflictError as error:
        form.form_errors.append(error.message)
        return _page(form, [], status=409)
    outcomes = _kept(found, owner_id) if found.prepared else []
    outcomes += [Outcome(name, refusal=sentence) for name, sentence in found.refused]
    if found.refused:
        return _page(form, outcomes, status=422)
    return _arrived(outcomes)


def _owners() -> list[Organisation]:
    owners = list(queries.owners_to_choose(current_reader()))
    if not owners:
        raise ConflictError("您所在的组织已经撤销，不能再上传资料。请联系系统管理员。")
    return owners


def _kept(found: Received, owner_id: int) -> list[Outcome]:
    with write_transaction():
        actor = current_person()
        owner = next((one for one in _owners() if one.id == owner_id), None)
        if owner is None:
            raise NotFoundError("没有找到这个组织。")
        made = [
            (prepared.filename, services.take_in(prepared=prepared, owner=owner, actor=actor))
            for prepared in found.prepared
        ]
        return [Outcome(name, kept.material, kept.was_known) for name, kept in made]


def _arrived(outcomes: list[Outcome]) -> Response:
    known = [outcome.name for outcome in outcomes if outcome.was_known]
    if len(outcomes) == 1 and outcomes[0].material is not None:
        flash("资料库里已经有这个文件，就是这一份。" if known else "已上传。")
        return redirect(url_for("materials.show", material_id=outcomes[0].material.id))
    kept = f"已上传 {len(outcomes) - len(known)} 个文件。"
    flash(kept + (f"已在资料库里，没有重复保存：{'、'.join(known)}。" if known else ""))
    return redirect(url_for("materials.index"))


def _page(form: UploadForm, outcomes: list[Outcome], status: int | None = None) -> Response:
    reader = current_reader()
    return render(
        "materials/new.html",
        form=form,
        outcomes=outcomes,
        limits=settings.limits(),
        taken=KINDS_TAKEN,
        accept=accept(KINDS_TAKEN),
        unfinished=[
            (upload, uploads.offset(upload)) for upload in queries.unfinished_uploads(reader)
        ],
        status=status or (422 if form.is_submitted() and form.errors else 200),
    )


@bp.post("/unfinished/<int:upload_id>/discard")
@allowed(may_upload)
@writes
def discard_upload(upload_id: int) -> Response:
    """Throw away what has arrived of a file."""
    upload = queries.unfinished_upload(current_reader(), upload_id)
    uploads.cancel(upload=upload)
    flash("已放弃这次上传。")
    return redirect(url_for("materials.new"))
