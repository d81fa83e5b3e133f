"""Templates of sections that an office or a branch keeps; new records begin with them."""

from collections.abc import Sequence

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError
from portal.people import queries as people
from portal.people.access import allowed, current_person, current_reader, signed_in
from portal.people.models import Organisation
from portal.people.policies import HOSTS, scope
from portal.records import policies, queries, services
from portal.records.forms import TemplateForm
from portal.records.models import RecordTemplate
from portal.records.views.blueprint import bp, kept_record
from portal.web.numbers import asked_number
from portal.web.templating import render
from portal.web.transaction import writes

_MOST_ORGANISATIONS = 200


@bp.get("/records/templates")
@allowed(policies.may_keep_somewhere)
def templates() -> Response:
    """What records may begin with beside the built-in outlines."""
    reader = current_reader()
    found = queries.templates_seen_by(reader)
    return render(
        "records/templates.html",
        templates=[(one, policies.may_keep_for(reader, one.organisation)) for one in found],
    )


@bp.route("/records/templates/new", methods=["GET", "POST"])
@allowed(policies.may_keep_somewhere)
@writes
def new_template() -> Response:
    """Write a template, beginning with a record that went well where one is named."""
    asked = asked_number("record")
    given: dict[str, object] = {}
    if asked is not None:
        record = kept_record(asked)
        given = {part: getattr(record, part) for part in services.PARTS}
        given |= {"name": record.kind.label, "organisation": record.organisation_id}
    return _written(None, given)


@bp.route("/records/templates/<int:template_id>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit_template(template_id: int) -> Response:
    """Change a template; records that began with it stay as they are."""
    template = queries.template_kept_by(current_reader(), template_id)
    given: dict[str, object] = {part: getattr(template, part) for part in services.PARTS}
    given |= {"name": template.name, "organisation": template.organisation_id}
    return _written(template, given)


def _written(template: RecordTemplate | None, given: dict[str, object]) -> Response:
    form, organisations = TemplateForm(data=given), _organisations()
    form.offer(organisations)
    if form.validate_on_submit():
        try:
            services.keep_template(
                template=template,
                organisation=people.organisation(form.organisation.data),
                name=form.name.data or "",
                parts={part: form[part].data or "" for part in services.PARTS},
                actor=current_person(),
            )
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("模板已存好，开始记录时可以选它。")
            return redirect(url_for("records.templates"), code=303)
    return render(
        "records/template.html",
        form=form,
        template=template,
        offers_organisations=len(organisations) > 1,
        status=422 if form.is_submitted() else 200,
    )


def _organisations() -> Sequence[Organisation]:
    return people.organisations(scope(current_reader(), HOSTS))[:_MOST_ORGANISATIONS]


@bp.post("/records/templates/<int:template_id>/remove")
@signed_in
@writes
def remove_template(template_id: int) -> Response:
    """Remove a template."""
    template = queries.template_kept_by(current_reader(), template_id)
    services.remove_template(template=template, actor=current_person())
    flash("模板已删除；用它开的记录不受影响。")
    return redirect(url_for("records.templates"), code=303)
