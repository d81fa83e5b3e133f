"""Rules and thresholds: what holds, by which source, since when; and what held before."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import InvalidInputError, NotFoundError
from portal.hours import in_background, policies, queries, services
from portal.hours.forms import RuleForm, ThresholdForm, written
from portal.hours.kinds import Category, Source
from portal.hours.views.blueprint import asked_year, bp
from portal.jobs import queries as jobs
from portal.jobs import services as job_services
from portal.people import queries as people
from portal.people.access import allowed, current_person, current_reader
from portal.people.models import Organisation
from portal.people.policies import HOSTS, scope
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/hours/rules")
@allowed(policies.has_hours)
def rules() -> Response:
    """What holds where the reader belongs, with the source of every figure."""
    reader = current_reader()
    path, year = _place(), asked_year()
    day = min(clock.today(), clock.today().replace(year=year, month=12, day=31))
    conversions, thresholds = queries.conversions(), queries.thresholds()
    entered = queries.rules_above(path)
    latest = entered[0] if entered else None
    return render(
        "hours/rules.html",
        block="progress",
        conversions=[conversions.of(source, path, day) for source in Source],
        thresholds=[(category, thresholds.of(category, path, year)) for category in Category],
        entered=entered,
        entered_thresholds=queries.thresholds_above(path),
        job=jobs.latest(in_background.OF_RULE, str(latest.id)) if latest else None,
        may_keep=policies.may_keep_rules(reader),
        year=year,
    )


@bp.route("/hours/rules/<source>/edit", methods=["GET", "POST"])
@allowed(policies.may_keep_rules)
@writes
def edit_rule(source: str) -> Response:
    """Enter how a source is counted from a day on; the rules before it stay."""
    if source not in set(Source):
        raise NotFoundError("没有这一类学时。")
    chosen, office = Source(source), _office()
    now = queries.conversions().of(chosen, office.path, clock.today())
    form = RuleForm(
        data={
            "valid_from": clock.today(),
            "per_hour": written(now.per_hour),
            "per_half_day": written(now.per_half_day),
            "per_day": written(now.per_day),
            "fixed": written(now.fixed or None),
            "cap_event": written(now.cap_event),
            "cap_year": written(now.cap_year),
            "needs_full_stay": now.needs_full_stay,
            "lecturer_times": now.lecturer_times,
        }
    )
    if form.validate_on_submit():
        try:
            made = services.set_rule(
                organisation=office, figures=form.figures(chosen), actor=current_person()
            )
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            job_services.ask(
                in_background.OF_RULE,
                key=str(made.id),
                arguments={"rule_id": made.id},
                actor=current_person(),
            )
            flash("新规则已登记，正在按新规则重新核算；有变化的人会在自己的学时页看到原因。")
            return redirect(url_for("hours.rules"), code=303)
    return render(
        "hours/rule.html",
        form=form,
        source=chosen,
        now=now,
        office=office,
        status=422 if form.is_submitted() else 200,
    )


@bp.route("/hours/thresholds/<category>/edit", methods=["GET", "POST"])
@allowed(policies.may_keep_rules)
@writes
def edit_threshold(category: str) -> Response:
    """Enter what a category owes from a year on; the thresholds before it stay."""
    if category not in set(Category):
        raise NotFoundError("没有这一类人员的学时要求。")
    chosen, office = Category(category), _office()
    now = queries.thresholds().of(chosen, office.path, clock.today().year)
    form = ThresholdForm(
        data={
            "year_from": clock.today().year,
            "hours": written(now.halves if now else None),
            "concentrated": now.concentrated or None if now else None,
            "prorates": now.prorates if now else True,
        }
    )
    if form.validate_on_submit():
        try:
            services.set_threshold(
                organisation=office, figures=form.figures(chosen), actor=current_person()
            )
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("新的学时要求已登记，各页面同时按新要求显示。")
            return redirect(url_for("hours.rules"), code=303)
    return render(
        "hours/threshold.html",
        form=form,
        category=chosen,
        now=now,
        office=office,
        status=422 if form.is_submitted() else 200,
    )


def _office() -> Organisation:
    """Return the part of the tree for which the reader keeps the rules: the uppermost."""
    roots = sorted(
        scope(current_reader(), policies.OFFICE), key=lambda one: (one.path.count("/"), one.path)
    )
    return people.organisation(roots[0].id)


def _place() -> str:
    """Return where the reader belongs: the office's own part, else the reader's branch."""
    reader = current_reader()
    if policies.may_keep_rules(reader):
        return _office().path
    known = queries.paths_of([reader.id]).get(reader.id)
    if known:
        return known[-1][2]
    roots = [one.path for one in scope(reader, HOSTS)]
    return min(roots, default="")
