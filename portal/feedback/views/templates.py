"""Questionnaires that organisations write for themselves."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import paging
from portal.errors import ConflictError, InvalidInputError
from portal.feedback import policies, queries, services
from portal.feedback.forms import QuestionnaireForm, TemplateForm, typed
from portal.feedback.models import FeedbackTemplate
from portal.feedback.questions import STANDARDS, standard
from portal.feedback.views.blueprint import bp
from portal.people import queries as people
from portal.people.access import allowed, current_person, current_reader, require
from portal.people.models import Organisation
from portal.people.policies import HOSTS, scope
from portal.web.numbers import asked_number
from portal.web.templating import render
from portal.web.transaction import writes

_NOT_KEEPER = "这是别的组织的模板，可以照着写一份自己的。"


@bp.get("/feedback/")
@allowed(policies.may_write_templates)
def index() -> Response:
    """The questionnaires one may use: those of the house, of the own part and of those above."""
    reader = current_reader()
    page = paging.page_of(queries.templates_for(reader), asked_number("page") or 1)
    return render(
        "feedback/index.html",
        standards=STANDARDS,
        templates=page,
        kept={one.id for one in page.rows if policies.may_keep_template(reader, one.organisation)},
    )


@bp.route("/feedback/new", methods=["GET", "POST"])
@allowed(policies.may_write_templates)
@writes
def new() -> Response:
    """Write a questionnaire, from nothing or from another one."""
    organisations = _own()
    name, start = _start()
    form = QuestionnaireForm(data={"organisation": str(organisations[0].id), "name": name, **start})
    form.offer(organisations)
    questions = form.questions() if form.validate_on_submit() else None
    if questions is None:
        return _page(form)
    chosen = next(one for one in organisations if str(one.id) == form.organisation.data)
    try:
        services.write_template(
            organisation=chosen,
            name=form.name.data or "",
            questions=questions,
            actor=current_person(),
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(form)
    flash("模板已保存，活动的“反馈”里可以选用。")
    return redirect(url_for("feedback.index"), code=303)


@bp.route("/feedback/<int:questionnaire_id>/edit", methods=["GET", "POST"])
@allowed(policies.may_write_templates)
@writes
def edit(questionnaire_id: int) -> Response:
    """Change a questionnaire; events that have it already keep their questions."""
    template = _kept(questionnaire_id)
    form = QuestionnaireForm(
        data={
            "organisation": str(template.organisation_id),
            "name": template.name,
            "version": template.version,
            **typed(template.asked),
        }
    )
    form.offer([template.organisation])
    questions = form.questions() if form.validate_on_submit() else None
    if questions is None:
        return _page(form, template)
    try:
        services.change_template(
            template=template,
            version=form.version.data or 0,
            name=form.name.data or "",
            questions=questions,
            actor=current_person(),
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(form, template)
    except ConflictError as error:
        form.form_errors.append(error.message)
        form.take({"version": template.version})
        return _page(form, template, status=409)
    flash("模板已保存；已经选用它的活动，题目不变。")
    return redirect(url_for("feedback.index"), code=303)


@bp.post("/feedback/<int:questionnaire_id>/remove")
@allowed(policies.may_write_templates)
@writes
def remove(questionnaire_id: int) -> Response:
    """Delete a questionnaire."""
    template = _kept(questionnaire_id)
    services.remove_template(template=template, actor=current_person())
    flash(f"模板“{template.name}”已删除；已经选用它的活动不受影响。")
    return redirect(url_for("feedback.index"), code=303)


def _kept(questionnaire_id: int) -> FeedbackTemplate:
    reader = current_reader()
    template = queries.template(reader, questionnaire_id)
    require(policies.may_keep_template(reader, template.organisation), _NOT_KEEPER)
    return template


def _own() -> Sequence[Organisation]:
    organisations = people.organisations(scope(current_reader(), HOSTS))
    if not organisations:
        raise ConflictError("您所在的组织已经撤销，不能再写模板。请联系系统管理员。")
    return organisations


def _start() -> tuple[str, dict[str, str]]:
    """Return name and questions of what `from` in the address names; nothing if it is unknown."""
    known = standard(request.args.get("from", ""))
    if known is not None:
        return known.name, dict(typed(known.questions))
    number = asked_number("from")
    if number is None:
        return "", {}
    other = queries.template(current_reader(), number)
    return other.name, dict(typed(other.asked))


def _page(
    form: TemplateForm, template: FeedbackTemplate | None = None, *, status: int | None = None
) -> Response:
    return render(
        "feedback/form.html",
        status=status or (422 if form.is_submitted() else 200),
        form=form,
        template=template,
    )
