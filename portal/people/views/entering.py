"""Entering somebody new, unless it is somebody who is here already."""

from collections.abc import Sequence
from datetime import date

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import ConflictError
from portal.people import directory_queries, policies, queries
from portal.people.access import allowed, current_person, current_reader, require
from portal.people.models import Organisation, Participation, Person
from portal.people.person_forms import NewPersonForm
from portal.people.services import persons, relations
from portal.people.views.blueprint import bp
from portal.people.views.sight import may_see
from portal.people.views.steps import chosen, done
from portal.web.templating import render
from portal.web.transaction import writes

NOT_THE_SAME = "new"


@bp.get("/people/new")
@allowed(policies.may_list_people)
def new() -> Response:
    """The form for somebody new; `?org=` chooses the organisation."""
    form = NewPersonForm()
    _offer(form, _hosted())
    return _page(form)


@bp.post("/people/new")
@allowed(policies.may_list_people)
@writes
def create() -> Response:
    """Enter somebody new, unless it may be somebody who is here already: then ask first."""
    form = NewPersonForm()
    organisations = _hosted()
    _offer(form, organisations)
    if not form.validate():
        return _page(form, status=422)
    organisation = chosen(organisations, form.organisation.data)
    _require_to_enter(organisation, form.participation())
    doubles = _possible_doubles(form, organisation)
    same = next((one for one in doubles if str(one.id) == form.same.data), None)
    if doubles and same is None and form.same.data != NOT_THE_SAME:
        form.same.choices = {NOT_THE_SAME: "另一个人，仍然登记", **_as_they_are(doubles)}
        return _page(form, doubles=doubles, status=409)
    entered: list[Person] = []
    if not done(form, lambda: entered.append(_entered(form, organisation, same))):
        return _page(form, status=422)
    flash(f"已登记：{entered[0].name}。")
    return redirect(url_for("people.show", person_id=entered[0].id))


def _page(form: NewPersonForm, *, doubles: Sequence[Person] = (), status: int = 200) -> Response:
    return render("people/new.html", form=form, doubles=doubles, may_see=may_see, status=status)


def _hosted() -> Sequence[Organisation]:
    return queries.organisations(policies.scope(current_reader(), policies.HOSTS))


def _offer(form: NewPersonForm, organisations: Sequence[Organisation]) -> None:
    form.offer(
        organisations,
        with_members=policies.holds_anywhere(current_reader(), policies.SECRETARIES),
        chosen=request.args.get("org", ""),
    )


def _require_to_enter(organisation: Organisation, participation: Participation | None) -> None:
    reader = current_reader()
    is_guest = participation is Participation.GUEST
    require(
        policies.may_add_guest(reader, organisation)
        if is_guest
        else policies.may_keep_people(reader, organisation),
        "只有支部书记、社区书记和街道组织办可以登记党员。",
    )


def _possible_doubles(form: NewPersonForm, organisation: Organisation) -> Sequence[Person]:
    facts = form.facts()
    return directory_queries.possible_doubles(
        name=facts.name, phone=facts.phone, organisation=organisation
    )


def _as_they_are(doubles: Sequence[Person]) -> dict[str, str]:
    """Return the options that take somebody who is here already; nothing of the unseen is told."""
    options = {}
    for double in doubles:
        where = "其他组织登记的"
        if may_see(double) and double.memberships:
            where = double.present_memberships(clock.today())[0].organisation.name
        options[str(double.id)] = f"就是这位{double.name}（{where}）"
    return options


def _entered(form: NewPersonForm, organisation: Organisation, same: Person | None) -> Person:
    if same is not None:
        since = form.since.data or clock.today()
        return _let_join(same, organisation, form.participation(), since)
    return persons.create_person(
        facts=form.facts(),
        organisation=organisation,
        participation=form.participation(),
        since=form.since.data,
        actor=current_person(),
    )


def _let_join(
    person: Person, organisation: Organisation, participation: Participation | None, since: date
) -> Person:
    """Give somebody who is here already a relation to one more organisation."""
    actor = current_person()
    if participation is not None:
        relations.join(
            person=person,
            organisation=organisation,
            participation=participation,
            since=since,
            actor=actor,
        )
        return person
    if relations.primary_of(person) is not None:
        raise ConflictError(
            "此人的组织关系在其他支部，请由原支部办理转接；也可以先登记为流动党员或双报到党员。"
        )
    relations.transfer(person=person, membership_id=None, to=organisation, day=since, actor=actor)
    return person
