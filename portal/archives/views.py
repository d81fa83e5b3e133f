"""Pages of year archives, and the list for whoever takes over an office."""

from collections.abc import Sequence
from zipfile import ZipFile

from flask import Blueprint, flash, redirect, send_file, url_for
from werkzeug.wrappers import Response

from portal import clock, paging
from portal.archives import packing, policies, queries, services
from portal.archives.forms import ArchiveForm
from portal.archives.hooks import Matter
from portal.archives.models import YearArchive
from portal.archives.years import years_to_choose
from portal.database import write_transaction
from portal.errors import NotFoundError
from portal.materials.storage import size_words
from portal.people import queries as people
from portal.people.access import allowed, current_person, current_reader, require, signed_in
from portal.people.models import Organisation
from portal.people.policies import HOSTS, scope
from portal.web.numbers import asked_number
from portal.web.templating import render
from portal.web.transaction import writes

bp = Blueprint("archives", __name__, url_prefix="/archives")


@bp.route("/", methods=["GET", "POST"])
@allowed(policies.may_open_archives)
@writes
def index() -> Response:
    """The archives of one's part of the tree; one button makes another."""
    reader = current_reader()
    organisations = people.organisations(scope(reader, HOSTS))
    form = ArchiveForm()
    form.organisation.choices = [(one.id, _indented(one, organisations)) for one in organisations]
    form.year.choices = [(year, f"{year}年") for year in years_to_choose()]
    if form.validate_on_submit():
        chosen = next(one for one in organisations if one.id == form.organisation.data)
        made = services.ask(organisation=chosen, year=form.year.data, actor=current_person())
        return redirect(url_for("archives.show", archive_id=made.id), code=303)
    return render(
        "archives/index.html",
        form=form,
        found=queries.archives_of(reader, asked_number("page") or 1),
        status=422 if form.is_submitted() else 200,
    )


@bp.get("/<int:archive_id>")
@signed_in
def show(archive_id: int) -> Response:
    """How far the making is; then what is in it, and the file to take."""
    archive = _seen(archive_id)
    is_ready = policies.can_be_taken(archive) and services.path_of(archive).exists()
    job = None if is_ready else queries.job_of(archive)
    number = asked_number("page") or 1
    shelves = queries.put_away_counts(services.whole_year(archive)) if is_ready else []
    return render(
        "archives/show.html",
        block="standing",
        archive=archive,
        job=job,
        is_being_made=queries.is_being_made(job),
        is_ready=is_ready,
        contents=_contents(archive, number) if is_ready else None,
        shelves=[(shelf, number) for shelf, number in shelves if number],
        size=size_words(archive.size),
        matters=_left_over(archive) if is_ready else [],
    )


@bp.get("/<int:archive_id>.zip")
@signed_in
def download(archive_id: int) -> Response:
    """The archive itself; who took it is noted."""
    archive = _seen(archive_id)
    place = services.file_of(archive)
    name = f"{archive.title}.zip"
    with write_transaction():
        services.note_download(archive=queries.archive(archive_id), actor=current_person())
    response = send_file(
        place, mimetype="application/zip", as_attachment=True, download_name=name, conditional=True
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/<int:archive_id>/put-away")
@signed_in
@writes
def put_away(archive_id: int) -> Response:
    """Make read-only for good what the archive holds."""
    number = services.put_away(archive=_seen(archive_id), actor=current_person())
    flash(f"已归档 {number} 次活动，内容不再改动。" if number else "没有可以归档的活动。")
    return redirect(url_for("archives.show", archive_id=archive_id), code=303)


@bp.post("/<int:archive_id>/remove")
@signed_in
@writes
def remove(archive_id: int) -> Response:
    """Throw the file away; its papers stay where they are."""
    services.remove(archive=_seen(archive_id), actor=current_person())
    flash("档案文件已删除，原来的活动和材料都还在，可以再做。")
    return redirect(url_for("archives.index"), code=303)


@bp.get("/handover")
@allowed(policies.may_open_archives)
def handover() -> Response:
    """What is still open in an organisation: for whoever takes over the office, to print."""
    organisations = people.organisations(scope(current_reader(), HOSTS))
    asked = asked_number("org")
    chosen = next((one for one in organisations if one.id == asked), None)
    if chosen is None and asked is None and organisations:
        chosen = organisations[0]
    if chosen is None:
        raise NotFoundError("没有找到这个组织。")
    return render(
        "archives/handover.html",
        organisation=chosen,
        organisations=[(one.id, _indented(one, organisations)) for one in organisations],
        matters=queries.open_matters(chosen),
        today=clock.today(),
    )


def _seen(archive_id: int) -> YearArchive:
    archive = queries.archive(archive_id)
    require(policies.may_see(current_reader(), archive))
    return archive


def _left_over(archive: YearArchive) -> list[Matter]:
    """Return what of the archived year should have been settled before it was packed."""
    today = clock.today()
    return [
        matter
        for matter in queries.open_matters(archive.organisation)
        if matter.day is not None and matter.day < today and matter.day.year == archive.year
    ]


def _indented(one: Organisation, among: Sequence[Organisation]) -> str:
    """Return the name below the highest one that is offered, set in by its depth."""
    depth = one.path.count("/") - min(other.path.count("/") for other in among)
    return "　" * depth + one.name


def _contents(archive: YearArchive, number: int) -> "paging.Page[tuple[str, str]]":
    """Return page `number` of the files in the archive, each with its size in words."""
    with ZipFile(services.file_of(archive)) as whole:
        entries = [one for one in whole.infolist() if not one.filename.endswith(packing.HASHES)]
    first = (number - 1) * paging.PER_PAGE
    last = first + paging.PER_PAGE
    shown = [
        (one.filename.partition("/")[2], size_words(one.file_size)) for one in entries[first:last]
    ]
    return paging.Page(shown, number, len(entries) > last)
