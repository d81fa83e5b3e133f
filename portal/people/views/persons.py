"""One person: the record with its history, entering somebody new, putting it right."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import ConflictError, InvalidInputError, NotFoundError
from portal.people import directory_queries, policies, queries
from portal.people.access import allowed, current_person, require, signed_in
from portal.people.edit_history import ChangedMeanwhileError
from portal.people.hooks import person_panels
from portal.people.models import ExemptReason, Organisation, Participation, Person
from portal.people.person_forms import EditPersonForm, ExemptionForm, NewPersonForm
from portal.people.services import persons, relations
from portal.people.views.blueprint import bp
from portal.web.forms import Form
from portal.web.templating import render
from portal.web.transaction import writes

NOT_THE_SAME = "new"


# ------------------------------------------------------------------ the record


@bp.get("/people/<int:person_id>")
@signed_in
def show(person_id: int) -> Response:
    """Facts, relations with their dates, posts; what the rooms above add."""
    return _page_of(seen(directory_queries.person(person_id)))


@bp.post("/people/<int:person_id>/phone")
@signed_in
@writes
def show_phone(person_id: int) -> Response:
    """Show the whole number, and note who asked for it."""
    person = seen(directory_queries.person(person_id))
    relations_now = person.present_memberships(clock.today())
    require(policies.may_see_phone(current_person(), relations_now, person))
    persons.note_phone_shown(person=person, actor=current_person())
    return _page_of(person, block="phone", is_phone_shown=True)


def seen(person: Person) -> Person:
    """Return the person if the reader may know of it; else raise NotFoundError, not a refusal."""
    today = clock.today()
    if not policies.may_see_person(current_person(), person.present_memberships(today), person):
        raise NotFoundError("没有找到这个人。")
    return person


def _page_of(person: Person, *, block: str | None = None, is_phone_shown: bool = False) -> Response:
    reader, today = current_person(), clock.today()
    panels = []
    for panel in person_panels:
        context = panel.context(person, reader)
        if context is not None:
            panels.append((panel.template, context))
    return render(
        "people/person.html",
        block=block,
        person=person,
        relations=person.present_memberships(today),
        posts=person.present_posts(today),
        names_then=directory_queries.names_then(person.memberships),
        panels=panels,
        is_oneself=reader.id == person.id,
        is_phone_shown=is_phone_shown or reader.id == person.id,
        may_edit=policies.may_edit_person(reader, person.keeping_memberships(today)),
        may_join=policies.holds_anywhere(reader, policies.SECRETARIES),
        may_keep=lambda organisation: policies.may_keep_people(reader, organisation),
        may_list=policies.may_list_people(reader),
        primary=relations.primary_of(person),
    )


# ------------------------------------------------------------------ somebody new


@bp.get("/people/new")
@allowed(policies.may_list_people)
def new() -> Response:
    """The form for somebody new; `?org=` chooses the organisation."""
    form = NewPersonForm()
    _offer(form, queries.organisations(policies.scope(current_person(), policies.HOSTS)))
    return render("people/new.html", form=form, doubles=[], may_see=may_see)


@bp.post("/people/new")
@allowed(policies.may_list_people)
@writes
def create() -> Response:
    """Enter somebody new, unless it may be somebody who is here already: then ask first."""
    reader = current_person()
    form = NewPersonForm()
    organisations = queries.organisations(policies.scope(reader, policies.HOSTS))
    _offer(form, organisations)
    if not form.validate():
        return render("people/new.html", form=form, doubles=[], may_see=may_see, status=422)
    organisation = chosen(organisations, form.organisation.data)
    participation = form.participation()
    is_guest = participation is Participation.GUEST
    require(
        policies.may_add_guest(reader, organisation)
        if is_guest
        else policies.may_keep_people(reader, organisation),
        "只有支部书记、社区书记和街道组织办可以登记党员。",
    )
    facts = form.facts()
    doubles = directory_queries.possible_doubles(
        name=facts.name, phone=facts.phone, organisation=organisation
    )
    same = {str(double.id): double for double in doubles}
    if doubles and form.same.data != NOT_THE_SAME and form.same.data not in same:
        form.same.choices = {NOT_THE_SAME: "另一个人，仍然登记", **_as_they_are(doubles)}
        return render("people/new.html", form=form, doubles=doubles, may_see=may_see, status=409)
    try:
        if form.same.data in same:
            person = _let_join(
                same[form.same.data], organisation, participation, form.since.data or clock.today()
            )
        else:
            person = persons.create_person(
                facts=facts,
                organisation=organisation,
                participation=participation,
                since=form.since.data,
                actor=reader,
            )
    except InvalidInputError as error:
        form.add_refusal(error)
        return render("people/new.html", form=form, doubles=[], may_see=may_see, status=422)
    flash(f"已登记：{person.name}。")
    return redirect(url_for("people.show", person_id=person.id))


def _offer(form: NewPersonForm, organisations: Sequence[Organisation]) -> None:
    form.offer(
        organisations,
        with_members=policies.holds_anywhere(current_person(), policies.SECRETARIES),
        chosen=request.args.get("org", ""),
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


def may_see(person: Person) -> bool:
    """Return whether the reader may open the person's page."""
    relations_now = person.present_memberships(clock.today())
    return policies.may_see_person(current_person(), relations_now, person)


def _let_join(
    person: Person, organisation: Organisation, participation: Participation | None, since: Any
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


def chosen(organisations: Sequence[Organisation], typed: str | None) -> Organisation:
    """Return the organisation that a select named; its own check has let only these through."""
    return next(one for one in organisations if str(one.id) == typed)


# ------------------------------------------------------------------ putting it right


@bp.get("/people/<int:person_id>/edit")
@signed_in
def edit(person_id: int) -> Response:
    """The record as a form."""
    person = _kept(directory_queries.person(person_id))
    known = persons.facts_of(person).__dict__
    form = EditPersonForm(
        data={**known, "phone": None, "gender": known["gender"] or "", "version": person.version}
    )
    return _edit_page(person, form)


@bp.post("/people/<int:person_id>/edit")
@signed_in
@writes
def change(person_id: int) -> Response:
    """Keep what was typed; whoever was slower is told what changed meanwhile."""
    person = _kept(directory_queries.person_to_change(person_id))
    form = EditPersonForm()
    if not form.validate():
        return _edit_page(person, form, status=422)
    try:
        persons.change_person(
            person=person,
            facts=form.facts_for(person.phone),
            version=form.version.data,
            actor=current_person(),
        )
    except ChangedMeanwhileError as error:
        return _edit_page(person, form, stale=error, status=409)
    flash("已保存。")
    return redirect(url_for("people.show", person_id=person.id))


def _edit_page(
    person: Person,
    form: EditPersonForm,
    *,
    stale: ChangedMeanwhileError | None = None,
    status: int = 200,
) -> Response:
    if person.phone:
        form.phone.description = f"现在是 {person.phone_masked or '****'}；不改就空着。"
    differing: dict[str, list[str]] = {}
    if stale is not None:
        differing = persons.differences_to(person, form.facts_for(person.phone))
        form.version.raw_data, form.version.data = None, person.version
    return render(
        "people/edit.html",
        person=person,
        form=form,
        stale=stale,
        differing=differing,
        status=status,
    )


def _kept(person: Person) -> Person:
    """Return the person if the reader keeps the record; NotFoundError for who is out of sight."""
    seen(person)
    keeping = person.keeping_memberships(clock.today())
    require(
        policies.may_edit_person(current_person(), keeping),
        "这条记录由此人组织关系所在的支部、社区或街道组织办修改。",
    )
    return person


# ------------------------------------------------------------------ exemption


@bp.get("/people/<int:person_id>/exemption")
@signed_in
def exemption(person_id: int) -> Response:
    """Why and since when."""
    person = _kept(directory_queries.person(person_id))
    form = ExemptionForm()
    form.dated_today("since")
    return _exemption_page(person, form)


@bp.post("/people/<int:person_id>/exemption")
@signed_in
@writes
def exempt(person_id: int) -> Response:
    """Exempt a member from organisation life."""
    person = _kept(directory_queries.person_to_change(person_id))
    form = ExemptionForm()

    def act() -> None:
        persons.set_exemption(
            person=person,
            reason=ExemptReason(form.reason.data),
            since=form.since.data,
            actor=current_person(),
        )

    if not done(form, act):
        return _exemption_page(person, form, status=422)
    flash("已标记：免予参加组织生活，以后不计入应到。")
    return redirect(url_for("people.show", person_id=person.id))


@bp.post("/people/<int:person_id>/exemption/lift")
@signed_in
@writes
def lift_exemption(person_id: int) -> Response:
    """Let a member be due again."""
    person = _kept(directory_queries.person_to_change(person_id))
    persons.lift_exemption(person=person, actor=current_person())
    flash("已取消免予参加的标记，以后计入应到。")
    return redirect(url_for("people.show", person_id=person.id))


def _exemption_page(person: Person, form: ExemptionForm, *, status: int = 200) -> Response:
    return render(
        "people/step.html",
        person=person,
        form=form,
        heading="免予参加组织生活",
        lead="年老体弱、行动不便的党员可以不要求参加组织生活（条例第二十三条）。标记以后不计入应到，"
        "本人愿意来随时欢迎。",
        button="标记",
        suggestions=(),
        status=status,
    )


def done(form: Form, act: Callable[[], object]) -> bool:
    """Validate, then act; what the service refuses is put beside its field."""
    if not form.validate():
        return False
    try:
        act()
    except InvalidInputError as error:
        form.add_refusal(error)
        return False
    return True
