"""On a person's page: who may sign the person up."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import InvalidInputError
from portal.people import directory_queries
from portal.people.access import current_person, current_reader, signed_in
from portal.people.models import Person
from portal.people.policies import HOSTS, scope
from portal.people.views.sight import kept
from portal.signups import queries, services
from portal.signups.forms import HelperForm
from portal.web.forms import trimmed
from portal.web.templating import render
from portal.web.transaction import writes

MOST_FOUND = 12
helpers = Blueprint("signup_helpers", __name__, url_prefix="/people/<int:person_id>/helpers")
_NOT_KEEPING = "替谁报名由此人组织关系所在的支部、社区或街道组织办登记。"


@helpers.get("")
@signed_in
def index(person_id: int) -> Response:
    """Who may, who once might; find somebody with an account."""
    return _page(_kept(person_id), HelperForm(formdata=None))


@helpers.post("")
@signed_in
@writes
def grant(person_id: int) -> Response:
    """Let somebody of the reader's scope sign the person up."""
    person = _kept(person_id)
    form = HelperForm()
    if not form.validate():
        return _page(person, form, status=422)
    actor = current_person()
    within = queries.these_within(scope(actor, HOSTS), [form.helper.data or 0])
    try:
        if not within:
            raise InvalidInputError("没有找到这个人，请重新查找。", field="helper")
        services.grant_help(
            person=person, helper=within[0], relation=form.relation.data or "", actor=actor
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(person, form, status=422)
    flash(f"{within[0].name}可以替{person.name}报名了。")
    return redirect(url_for("signup_helpers.index", person_id=person.id), code=303)


@helpers.post("/<int:helper_id>/revoke")
@signed_in
@writes
def revoke(person_id: int, helper_id: int) -> Response:
    """End it."""
    person = _kept(person_id)
    row = queries.helper_row(person.id, helper_id)
    services.revoke_help(row=row, person=person, actor=current_person())
    flash("已取消，以后不能再替其报名；已经报的名不变。")
    return redirect(url_for("signup_helpers.index", person_id=person.id), code=303)


def _kept(person_id: int) -> Person:
    return kept(directory_queries.person(person_id), _NOT_KEEPING)


def _page(person: Person, form: HelperForm, *, status: int = 200) -> Response:
    typed = (trimmed(request.values.get("q")) or "")[:60]
    roots = scope(current_reader(), HOSTS)
    found = queries.find_helpers(roots, typed, but=person.id, most=MOST_FOUND) if typed else []
    return render(
        "signups/helpers.html",
        status=status,
        person=person,
        form=form,
        typed=typed,
        found=found,
        units=queries.units([one.id for one in found]) if found else {},
        helpers=queries.helpers_of(person.id),
        today=clock.today(),
    )
