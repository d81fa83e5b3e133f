"""One person: the record with its history, and putting it right."""

from flask import flash
from werkzeug.wrappers import Response

from portal import clock
from portal.people import directory_queries, policies
from portal.people.access import current_person, current_reader, require, signed_in
from portal.people.edit_history import ChangedMeanwhileError
from portal.people.hooks import person_panels
from portal.people.models import Person
from portal.people.person_forms import EditPersonForm
from portal.people.services import persons, relations
from portal.people.views.blueprint import bp
from portal.people.views.sight import kept, seen
from portal.people.views.steps import to_person
from portal.web.templating import render
from portal.web.transaction import writes

OTHERS_KEEP = "这条记录由此人组织关系所在的支部、社区或街道组织办修改。"


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
    require(policies.may_see_phone(current_reader(), relations_now, person))
    persons.note_phone_shown(person=person, actor=current_person())
    return _page_of(person, block="phone", is_phone_shown=True)


def _page_of(person: Person, *, block: str | None = None, is_phone_shown: bool = False) -> Response:
    reader, today = current_reader(), clock.today()
    panels = []
    for panel in person_panels:
        context = panel.context(person, reader)
        if context is not None:
            panels.append((panel.template, context))
    may_edit = policies.may_edit_person(reader, person.keeping_memberships(today))
    tells_why = may_edit or reader.id == person.id
    return render(
        "people/person.html",
        block=block,
        person=person,
        exemptions=directory_queries.exemptions_of(person.id) if tells_why else [],
        relations=person.present_memberships(today),
        posts=person.present_posts(today),
        names_then=directory_queries.names_then(person.memberships),
        panels=panels,
        is_oneself=reader.id == person.id,
        is_phone_shown=is_phone_shown or reader.id == person.id,
        may_edit=may_edit,
        may_join=policies.holds_anywhere(reader, policies.SECRETARIES),
        may_keep=lambda organisation: policies.may_keep_people(reader, organisation),
        may_list=policies.may_list_people(reader),
        primary=relations.primary_of(person),
    )


# ------------------------------------------------------------------ putting it right


@bp.get("/people/<int:person_id>/edit")
@signed_in
def edit(person_id: int) -> Response:
    """The record as a form."""
    person = kept(directory_queries.person(person_id), OTHERS_KEEP)
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
    person = kept(directory_queries.person_to_change(person_id), OTHERS_KEEP)
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
    return to_person(person)


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
        form.take({"version": person.version})
    return render(
        "people/edit.html",
        person=person,
        form=form,
        stale=stale,
        differing=differing,
        status=status,
    )
