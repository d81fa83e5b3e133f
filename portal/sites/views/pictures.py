"""The gallery of a site: pictures of the library or uploaded here, described, put in order."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.database import write_transaction
from portal.errors import ConflictError, InvalidInputError
from portal.materials.models import MaterialKind
from portal.materials.views import picking
from portal.people.access import current_person, current_reader, require, signed_in
from portal.people.edit_history import differences
from portal.sites import picture_queries, picture_services, policies, queries
from portal.sites.models import Site, SitePicture
from portal.sites.picture_services import LABELS
from portal.sites.place_forms import PictureForm
from portal.sites.views.blueprint import NOT_KEEPER, bp, kept
from portal.sites.views.parts import answered
from portal.web.templating import render
from portal.web.transaction import writes
from portal.web.uploads import takes_files

_KINDS = (MaterialKind.PICTURE,)
_NOTHING = "没有选中图片，也没有选择文件。请先勾选，或者选择要上传的图片。"


@bp.get("/<int:site_id>/pictures")
@signed_in
def pictures(site_id: int) -> Response:
    """The pictures of the site, and what can be added."""
    return _page(kept(site_id))


@bp.post("/<int:site_id>/pictures")
@signed_in
@takes_files
def add_pictures(site_id: int) -> Response:
    """Add what was ticked and what was uploaded."""
    site = _unlocked(site_id)
    try:
        received = picking.received(_KINDS)
    except ConflictError as error:
        return _page(site, refusals=[error.message], status=409)
    refusals = [f"“{name}”：{sentence}" for name, sentence in received.refused]
    count = 0
    try:
        with write_transaction():
            site = kept(site_id)
            chosen = picking.chosen(received, owner=site.organisation, kinds=_KINDS)
            count = picture_services.add_pictures(
                site=site, materials=chosen, actor=current_person()
            )
            nothing = not chosen
    except InvalidInputError as error:
        refusals.append(error.message)
        nothing = False
    if nothing and not refusals:
        refusals.append(_NOTHING)
    if refusals:
        return _page(_unlocked(site_id), refusals=refusals, status=422)
    flash(f"已加入 {count} 张图片，请写明图里有什么。" if count else "选中的图片已经在这里了。")
    return redirect(url_for("sites.pictures", site_id=site_id))


def _unlocked(site_id: int) -> Site:
    """Return a site that the reader keeps, its row free: files take a while to be looked at."""
    site = queries.site_seen_by(current_reader(), site_id)
    require(policies.may_keep(current_reader(), site), NOT_KEEPER)
    return site


def _page(site: Site, *, refusals: Sequence[str] = (), status: int = 200) -> Response:
    shown = picture_queries.pictures_of(site)
    return render(
        "sites/pictures.html",
        block="library" if request.method == "GET" else None,
        site=site,
        pictures=shown,
        most=picture_services.MOST_PICTURES,
        picking=picking.picking(kinds=_KINDS, taken_ids=[one.material_id for one in shown]),
        refusals=refusals,
        status=status,
    )


@bp.route("/<int:site_id>/pictures/<int:picture_id>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit_picture(site_id: int, picture_id: int) -> Response:
    """What is to be seen, and what stands below it; whoever comes second is told what changed."""
    site = kept(site_id)
    picture = picture_queries.picture_of(site, picture_id)
    form = PictureForm(data={**_words(picture), "version": picture.version})

    def save() -> str:
        picture_services.describe_picture(
            site=site,
            picture=picture,
            alt_text=form.alt_text.data or "",
            caption=form.caption.data or "",
            version=form.version.data,
            actor=current_person(),
        )
        return "已保存。"

    return answered(
        "sites/picture.html",
        site=site,
        form=form,
        part=picture,
        save=save,
        onward=url_for("sites.pictures", site_id=site.id),
        differing=lambda: differences(_words(picture), form.data, LABELS),
    )


def _words(picture: SitePicture) -> dict[str, object]:
    return {name: getattr(picture, name) for name in LABELS}


@bp.post("/<int:site_id>/pictures/<int:picture_id>/move")
@signed_in
@writes
def move_picture(site_id: int, picture_id: int) -> Response:
    """Move a picture up or down by one place."""
    site = kept(site_id)
    picture_services.move_picture(
        site=site,
        picture=picture_queries.picture_of(site, picture_id),
        is_up=request.form.get("direction") != "down",
        actor=current_person(),
    )
    return redirect(url_for("sites.pictures", site_id=site.id))


@bp.post("/<int:site_id>/pictures/<int:picture_id>/remove")
@signed_in
@writes
def remove_picture(site_id: int, picture_id: int) -> Response:
    """Take a picture out; it stays in the library."""
    site = kept(site_id)
    picture = picture_queries.picture_of(site, picture_id)
    picture_services.take_out(site=site, picture=picture, actor=current_person())
    flash("已移出，图片还在资料库里。")
    return redirect(url_for("sites.pictures", site_id=site.id))
