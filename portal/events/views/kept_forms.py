"""Templates of events, and the working-day calendar that the office keeps."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import InvalidInputError
from portal.events import policies as event_policies
from portal.events.series import policies, queries
from portal.events.series import template_services as services
from portal.events.series.forms import HolidayForm, NameForm, TemplateForm
from portal.events.series.models import EventTemplate
from portal.events.views.blueprint import bp, hosted
from portal.people.access import allowed, current_person, current_reader, require, signed_in
from portal.web.templating import render
from portal.web.transaction import writes
from portal.workdays import services as workdays
from portal.workdays.models import DayKind
from portal.workdays.queries import holidays as holidays_kept
from portal.workdays.queries import missing_years

_NOT_KEEPER = "只有保存模板的组织可以改名和删除。"


@bp.get("/templates")
@allowed(event_policies.may_create)
def templates() -> Response:
    """The templates to begin an event from: one's own, and those of the organisations above."""
    reader = current_reader()
    found = queries.templates_of(reader)
    return render(
        "events/templates.html",
        templates=found,
        kept={template.id for template in found if policies.may_keep(reader, template)},
    )


@bp.route("/<int:event_id>/template", methods=["GET", "POST"])
@signed_in
@writes
def save_as_template(event_id: int) -> Response:
    """Keep an event as a template of its host."""
    event = hosted(event_id)
    form = TemplateForm(data={"name": event.title[:60], "title": event.title})
    if form.validate_on_submit():
        try:
            services.keep(
                event=event,
                name=form.name.data or "",
                title=form.title.data or "",
                actor=current_person(),
            )
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("已存为模板，下次从模板开始，只改日期。")
            return redirect(url_for("events.templates"))
    status = 422 if form.is_submitted() else 200
    return render("events/save_as_template.html", event=event, form=form, status=status)


@bp.route("/templates/<int:event_template_id>", methods=["GET", "POST"])
@signed_in
@writes
def template(event_template_id: int) -> Response:
    """Rename a template, or throw it away."""
    found = _kept(event_template_id)
    form = NameForm(data={"name": found.name})
    if form.validate_on_submit():
        try:
            services.rename(template=found, name=form.name.data or "", actor=current_person())
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("已改名。")
            return redirect(url_for("events.templates"))
    status = 422 if form.is_submitted() else 200
    return render("events/template.html", template=found, form=form, status=status)


@bp.post("/templates/<int:event_template_id>/discard")
@signed_in
@writes
def discard_template(event_template_id: int) -> Response:
    """Throw a template away."""
    found = _kept(event_template_id)
    services.discard(template=found, actor=current_person())
    flash(f"模板“{found.name}”已删除。")
    return redirect(url_for("events.templates"))


def _kept(event_template_id: int) -> EventTemplate:
    found = queries.template(event_template_id)
    require(policies.may_keep(current_reader(), found), _NOT_KEEPER)
    return found


@bp.get("/holidays")
@allowed(event_policies.may_create)
def holidays() -> Response:
    """The working-day calendar: all hosts read it, the office keeps it."""
    return _holidays_page(HolidayForm(formdata=None))


@bp.post("/holidays")
@allowed(policies.may_keep_holidays)
@writes
def add_holiday() -> Response:
    """Write down days off, or days that are worked in exchange."""
    form = HolidayForm()
    if form.validate() and form.first.data is not None:
        try:
            count = workdays.add_days(
                name=form.name.data or "",
                first=form.first.data,
                last=form.last.data,
                kind=DayKind(form.kind.data or DayKind.OFF),
                actor=current_person(),
            )
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash(f"已添加 {count} 天。" if count else "这些日子已经在表里。")
            return redirect(url_for("events.holidays"))
    return _holidays_page(form, status=422)


def _holidays_page(form: HolidayForm, status: int = 200) -> Response:
    kept = holidays_kept()
    return render(
        "events/holidays.html",
        form=form,
        holidays=kept,
        missing=missing_years(kept, clock.today()),
        may_keep=policies.may_keep_holidays(current_reader()),
        status=status,
    )


@bp.post("/holidays/<int:holiday_id>/remove")
@allowed(policies.may_keep_holidays)
@writes
def remove_holiday(holiday_id: int) -> Response:
    """Let the day be as its weekday says again."""
    workdays.remove_day(holiday_id=holiday_id, actor=current_person())
    flash("已移出。这一天按平时的星期算，以后新建的系列照常安排。")
    return redirect(url_for("events.holidays"))
