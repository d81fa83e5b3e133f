"""Scoring: switched on and off by the office; sheets filled in hand by hand, never ranked."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.errors import ConflictError, InvalidInputError
from portal.people import queries as people
from portal.people.access import allowed, current_person, current_reader, require, signed_in
from portal.people.edit_history import ChangedMeanwhileError
from portal.people.policies import scope
from portal.sites import policies
from portal.sites.models import ScoreSheet, SheetStage, Site
from portal.sites.scoring import policies as rights
from portal.sites.scoring import queries, rules, services
from portal.sites.scoring.forms import ResultForm, SchemeForm, SheetForm, typed
from portal.sites.views.blueprint import NOT_OFFICE, bp, kept, seen
from portal.web.templating import render
from portal.web.transaction import writes

_NOT_YOUR_TURN = "现在不由您填写这张评分表。"
_WEEK = 7


@bp.route("/scoring", methods=["GET", "POST"])
@allowed(policies.may_decide_somewhere)
@writes
def scoring() -> Response:
    """Whether scoring is on, by which document, with which criteria; off unless switched on."""
    reader = current_reader()
    offices = list(people.organisations(scope(reader, policies.OFFICE)))
    form = SchemeForm(data={"publicity_days": _WEEK})
    form.offer(offices)
    if form.validate_on_submit():
        office = next(one for one in offices if one.id == form.organisation.data)
        try:
            services.switch_on(
                organisation=office,
                approval=form.approval(),
                criteria=rules.lines_typed(form.criteria.data or ""),
                actor=current_person(),
            )
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("评分已开启。")
            return redirect(url_for("sites.scoring"))
    return render(
        "sites/scoring/schemes.html",
        form=form,
        schemes=queries.schemes_of(reader),
        highest=rules.highest,
        status=422 if form.is_submitted() else 200,
    )


@bp.post("/scoring/<int:scheme_id>/close")
@allowed(policies.may_decide_somewhere)
@writes
def close_scoring(scheme_id: int) -> Response:
    """Switch scoring off."""
    reader = current_reader()
    services.switch_off(scheme=queries.scheme_to_close(reader, scheme_id), actor=current_person())
    flash("评分已停用，已有的评分表只供查阅。")
    return redirect(url_for("sites.scoring"))


@bp.get("/<int:site_id>/score")
@signed_in
def scores(site_id: int) -> Response:
    """The sheets of a site by year; its keepers see those that are still being written."""
    site = seen(site_id)
    may_keep = policies.may_keep(current_reader(), site)
    scheme = queries.open_scheme_for(site)
    return render(
        "sites/scoring/scores.html",
        site=site,
        scheme=scheme,
        sheets=queries.sheets_of(site, only_public=not may_keep),
        may_begin=may_keep and scheme is not None and site.state.value != "delisted",
    )


@bp.post("/<int:site_id>/score")
@signed_in
@writes
def begin_score(site_id: int) -> Response:
    """Open this year's sheet."""
    site = kept(site_id)
    scheme = queries.open_scheme_for(site)
    if scheme is None:
        raise ConflictError("评分没有开启：要有批准文件，由街道组织办开启。")
    sheet = services.begin(site=site, scheme=scheme, actor=current_person())
    return redirect(url_for("sites.score", site_id=site.id, sheet_id=sheet.id))


@bp.route("/<int:site_id>/score/<int:sheet_id>", methods=["GET", "POST"])
@signed_in
@writes
def score(site_id: int, sheet_id: int) -> Response:
    """One sheet: read by those who may, written by whoever's turn it is."""
    reader = current_reader()
    site, sheet = _sheet(site_id, sheet_id)
    if request.method == "GET":
        return _page(site, sheet, SheetForm(data={"version": sheet.version}))
    require(rights.may_write(reader, site, sheet), _NOT_YOUR_TURN)
    form = SheetForm()
    is_done = request.form.get("then") == "done"
    try:
        services.write(
            sheet=sheet,
            answers=form.answers(rules.leaves(sheet.scheme.criteria)),
            is_done=is_done,
            version=form.version.data,
            actor=current_person(),
        )
    except ChangedMeanwhileError as error:
        form.take({"version": sheet.version})
        return _page(site, sheet, form, stale=error)
    except InvalidInputError as error:
        return _page(site, sheet, form, refusal=error)
    flash(f"已提交，现在{sheet.stage.label}。" if is_done else "已保存。")
    return redirect(url_for("sites.score", site_id=site.id, sheet_id=sheet.id))


@bp.post("/<int:site_id>/score/<int:sheet_id>/settle")
@signed_in
@writes
def settle_score(site_id: int, sheet_id: int) -> Response:
    """Say what came of it after the days of publicity."""
    reader = current_reader()
    site, sheet = _sheet(site_id, sheet_id)
    require(policies.may_decide(reader, site), NOT_OFFICE)
    form = ResultForm()
    try:
        services.settle(sheet=sheet, result=form.result.data or "", actor=current_person())
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(site, sheet, SheetForm(formdata=None), result_form=form)
    flash("已作出结论。")
    return redirect(url_for("sites.score", site_id=site.id, sheet_id=sheet.id))


def _sheet(site_id: int, sheet_id: int) -> tuple[Site, ScoreSheet]:
    site = seen(site_id)
    hidden = not policies.may_keep(current_reader(), site)
    lock = request.method == "POST"
    return site, queries.sheet_of(site, sheet_id, only_public=hidden, lock=lock)


def _page(
    site: Site,
    sheet: ScoreSheet,
    form: SheetForm,
    *,
    stale: ChangedMeanwhileError | None = None,
    refusal: InvalidInputError | None = None,
    result_form: ResultForm | None = None,
) -> Response:
    criteria = sheet.scheme.criteria
    written = {stage: services.answers_of(sheet, stage) for stage in rules.WRITING}
    points = {
        stage: {key: one.points for key, one in answers.items()}
        for stage, answers in written.items()
    }
    known = written.get(sheet.stage) or (
        written[rules.WRITING[rules.WRITING.index(sheet.stage) - 1]]
        if sheet.stage in (SheetStage.COMMUNITY, SheetStage.OFFICE)
        else {}
    )
    return render(
        "sites/scoring/sheet.html",
        site=site,
        sheet=sheet,
        form=form,
        result_form=result_form or ResultForm(formdata=None),
        levels=_levels(sheet),
        leaves={one.id for one in rules.leaves(criteria)},
        written=written,
        totals={stage: rules.total(criteria, points[stage]) for stage in rules.WRITING},
        highest=rules.highest(criteria),
        gates=rules.closed_gates(criteria, points[SheetStage.OFFICE])
        if written[SheetStage.OFFICE]
        else [],
        values=typed(rules.leaves(criteria), _without_evidence(known, sheet, written)),
        may_write=rights.may_write(current_reader(), site, sheet)
        and sheet.scheme.closed_on is None,
        may_decide=policies.may_decide(current_reader(), site),
        stale=stale,
        refusal=refusal,
        status=409 if stale else 422 if refusal or result_form else 200,
    )


def _without_evidence(
    known: dict[int, services.Answer],
    sheet: ScoreSheet,
    written: dict[SheetStage, dict[int, services.Answer]],
) -> dict[int, services.Answer]:
    """Offer the points of the hand before as a start, not its words."""
    if written.get(sheet.stage):
        return known
    return {key: services.Answer(one.points) for key, one in known.items()}


def _levels(sheet: ScoreSheet) -> dict[int, int]:
    """Return how deep each criterion lies."""
    depth: dict[int, int] = {}
    for one in sheet.scheme.criteria:
        depth[one.id] = 0 if one.parent_id is None else depth[one.parent_id] + 1
    return depth
