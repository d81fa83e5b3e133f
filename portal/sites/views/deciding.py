"""The life of a site: what the office decides, and a new nomination."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, request
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import InvalidInputError, NotFoundError
from portal.people.access import current_person, current_reader, require, signed_in
from portal.people.edit_history import ChangedMeanwhileError, differences
from portal.people.models import Person
from portal.sites import details as written
from portal.sites import moves, policies, services
from portal.sites.details import NAMING_LABELS
from portal.sites.life_forms import (
    ApproveForm,
    GroundsForm,
    NameForm,
    NamingForm,
    RectifyForm,
    naming_values,
)
from portal.sites.models import Site
from portal.sites.moves import Grounds
from portal.sites.states import Move, after
from portal.sites.views.blueprint import (
    NOT_OFFICE,
    NOT_SECRETARY,
    bp,
    review_months,
    seen,
    to_site,
)
from portal.web.forms import Form
from portal.web.templating import render
from portal.web.transaction import writes


@dataclass(frozen=True)
class Step:
    """A decision as a page: heading, what follows from it, its form, what it does."""

    heading: str
    lead: str
    form: type[Form]
    act: Callable[[Site, "Form", Person], None]
    said: str


def _name(site: Site, form: Form, actor: Person) -> None:
    assert isinstance(form, NameForm)  # noqa: S101  the step's own form
    naming = form.naming()
    grounds = Grounds(
        reason=form.reason.data or "按文件命名",
        moved_on=naming.named_on,
        document=naming.naming_document,
    )
    moves.name_site(site=site, naming=naming, grounds=grounds, months=review_months(), actor=actor)


def _start(site: Site, form: Form, actor: Person) -> None:
    assert isinstance(form, GroundsForm)  # noqa: S101  the step's own form
    moves.start_review(site=site, grounds=form.grounds(), actor=actor)


def _approve(site: Site, form: Form, actor: Person) -> None:
    assert isinstance(form, ApproveForm)  # noqa: S101  the step's own form
    moves.approve(
        site=site,
        grounds=form.grounds(),
        valid_until=form.valid_until.data,
        months=review_months(),
        actor=actor,
    )


def _rectify(site: Site, form: Form, actor: Person) -> None:
    assert isinstance(form, RectifyForm)  # noqa: S101  the step's own form
    moves.rectify(site=site, grounds=form.grounds(), deadline=form.deadline.data, actor=actor)


def _delist(site: Site, form: Form, actor: Person) -> None:
    assert isinstance(form, GroundsForm)  # noqa: S101  the step's own form
    moves.delist(site=site, grounds=form.grounds(), actor=actor)


STEPS = {
    Move.NAME: Step(
        "命名",
        "命名以后，门户里的人都能看到这个点位，可以预约参观。",
        NameForm,
        _name,
        "已命名，现在在册。",
    ),
    Move.REVIEW: Step(
        "开始复审",
        "复审期间点位照常开放，页面上标明“复审中”。",
        GroundsForm,
        _start,
        "已开始复审。",
    ),
    Move.APPROVE: Step(
        "认定合格",
        "点位回到“在册”，下一次复审的日期自动排好。",
        ApproveForm,
        _approve,
        "已认定合格，点位在册。",
    ),
    Move.RECTIFY: Step(
        "要求整改",
        "页面上标明“整改中”，原因和期限写进历史。",
        RectifyForm,
        _rectify,
        "已要求整改。",
    ),
    Move.DELIST: Step(
        "摘牌",
        "摘牌以后不再列入清单，也不再接受预约；页面保留，标明“已摘牌”和原因。",
        GroundsForm,
        _delist,
        "已摘牌。",
    ),
}


@bp.route("/<int:site_id>/decide/<move>", methods=["GET", "POST"])
@signed_in
@writes
def decide(site_id: int, move: str) -> Response:
    """Name the site, review it, ask to put it right, delist it: why, when, by which document."""
    reader = current_reader()
    site = seen(site_id)
    require(policies.may_decide(reader, site), NOT_OFFICE)
    if move not in {known.value for known in STEPS}:
        raise NotFoundError("没有这一步。")
    wanted = Move(move)
    after(site.state, wanted)
    return _step(site, STEPS[wanted])


@bp.route("/<int:site_id>/nominate", methods=["GET", "POST"])
@signed_in
@writes
def nominate(site_id: int) -> Response:
    """Put a delisted site forward anew."""
    reader = current_reader()
    site = seen(site_id)
    require(policies.may_nominate(reader, site), NOT_SECRETARY)
    after(site.state, Move.NOMINATE)
    return _step(site, _NOMINATE)


def _nominate(site: Site, form: Form, actor: Person) -> None:
    assert isinstance(form, GroundsForm)  # noqa: S101  the step's own form
    moves.nominate(site=site, grounds=form.grounds(), actor=actor)


_NOMINATE = Step(
    "重新申报",
    "申报期间只有负责人和上级组织看得到；以前的历史都保留。",
    GroundsForm,
    _nominate,
    "已重新申报。",
)


def _step(site: Site, step: Step) -> Response:
    form = step.form(data={"moved_on": clock.today(), **_offered(site, step)})
    if isinstance(form, NameForm):
        form.offer()
    if form.validate_on_submit():
        try:
            step.act(site, form, current_person())
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash(step.said)
            return to_site(site)
    status = 422 if form.is_submitted() else 200
    return render("sites/decide.html", site=site, step=step, form=form, status=status)


def _offered(site: Site, step: Step) -> dict[str, object]:
    if step.form is NameForm:
        return {**naming_values(site), "named_on": clock.today(), "valid_until": None}
    return {}


@bp.route("/<int:site_id>/naming", methods=["GET", "POST"])
@signed_in
@writes
def naming(site_id: int) -> Response:
    """Put right what the naming document says."""
    reader = current_reader()
    site = seen(site_id)
    require(policies.may_decide(reader, site), NOT_OFFICE)
    form = NamingForm(data={**naming_values(site), "version": site.version})
    form.offer()
    stale, differing = None, {}
    if form.validate_on_submit():
        try:
            services.correct_naming(
                site=site,
                naming=form.naming(),
                version=form.version.data,
                months=review_months(),
                actor=current_person(),
            )
        except ChangedMeanwhileError as error:
            stale = error
            now, typed = written.naming_words(site), written.naming_words(form.naming())
            differing = differences(now, typed, NAMING_LABELS)
            form.take({"version": site.version})
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("已更正。")
            return to_site(site)
    status = 409 if stale else 422 if request.method == "POST" else 200
    return render(
        "sites/naming.html", site=site, form=form, stale=stale, differing=differing, status=status
    )
