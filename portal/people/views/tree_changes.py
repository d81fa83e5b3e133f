"""Changes of the organisation trees: founded, renamed, moved, closed."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.people import policies, queries, tree_queries
from portal.people.access import allowed, current_person, current_reader, require, signed_in
from portal.people.edit_history import ChangedMeanwhileError
from portal.people.models import Organisation, Role
from portal.people.organisation_forms import (
    CloseOrganisationForm,
    EditOrganisationForm,
    NewOrganisationForm,
)
from portal.people.services import organisations as services
from portal.people.views.blueprint import bp
from portal.people.views.organisations import seen_organisation
from portal.people.views.steps import done
from portal.web.templating import render
from portal.web.transaction import writes

OTHERS_KEEP = "组织由系统管理员和街道组织办维护。"


# ------------------------------------------------------------------ founding


@bp.get("/organisations/new")
@allowed(policies.may_found_organisations)
def new_organisation() -> Response:
    """The form for a new organisation; `?parent=` chooses the one above."""
    form = NewOrganisationForm(data={"parent": request.args.get("parent", "")})
    _offer(form, _possible_parents())
    return render("organisations/form.html", form=form, organisation=None, stale=None)


@bp.post("/organisations/new")
@allowed(policies.may_found_organisations)
@writes
def create_organisation() -> Response:
    """Found an organisation."""
    tree_queries.lock_the_tree()
    form = NewOrganisationForm()
    parents = _possible_parents()
    _offer(form, parents)
    made: list[Organisation] = []

    def act() -> None:
        made.append(
            services.create_organisation(
                description=form.description(),
                parent=_parent(parents, form.parent.data),
                code=form.code.data or "",
                since=form.since.data,
                actor=current_person(),
            )
        )

    if not done(form, act):
        return render(
            "organisations/form.html", form=form, organisation=None, stale=None, status=422
        )
    flash(f"已新建：{made[0].name}。")
    return redirect(url_for("people.organisation", organisation_id=made[0].id))


def _possible_parents(but: Organisation | None = None) -> Sequence[Organisation]:
    """Return the open organisations that the reader keeps, without a subtree to be moved."""
    reader = current_reader()
    is_for_all = Role.SYSTEM_ADMINISTRATOR in policies.roles(reader)
    within = None if is_for_all else policies.scope(reader, policies.TREE_KEEPERS)
    return [
        one
        for one in queries.organisations(within)
        if but is None or (one.tree is but.tree and not one.is_within(but))
    ]


def _offer(
    form: NewOrganisationForm | EditOrganisationForm, parents: Sequence[Organisation]
) -> None:
    form.offer(parents, may_be_top=Role.SYSTEM_ADMINISTRATOR in policies.roles(current_reader()))


def _parent(parents: Sequence[Organisation], typed: str | None) -> Organisation | None:
    return next((one for one in parents if str(one.id) == typed), None)


# ------------------------------------------------------------------ changing


@bp.get("/organisations/<int:organisation_id>/edit")
@signed_in
def edit_organisation(organisation_id: int) -> Response:
    """The organisation as a form."""
    found = _kept(queries.organisation(organisation_id))
    form = EditOrganisationForm(
        data={
            "name": found.name,
            # A short name of its own stays when the name changes; else it follows the name.
            "short_name": "" if found.short_name == found.name else found.short_name,
            "kind": found.kind.value,
            "branch_type": found.branch_type.value if found.branch_type else "",
            "parent": str(found.parent_id or ""),
            "position": found.position,
            "renamed_on": clock.today(),
            "version": found.version,
        }
    )
    return _edit_page(found, form, _parents_of(found))


@bp.post("/organisations/<int:organisation_id>/edit")
@signed_in
@writes
def change_organisation(organisation_id: int) -> Response:
    """Keep what was typed: description, name from a day on, place in the tree."""
    tree_queries.lock_the_tree()
    found = _kept(tree_queries.organisation_to_change(organisation_id))
    parents = _parents_of(found)
    form = EditOrganisationForm()
    _offer_places(form, found, parents)

    def act() -> None:
        services.change_organisation(
            organisation=found,
            description=form.description(),
            renaming=form.renaming(),
            parent=_parent(parents, form.parent.data),
            version=form.version.data,
            actor=current_person(),
        )

    try:
        if not done(form, act):
            return _edit_page(found, form, parents, status=422)
    except ChangedMeanwhileError as error:
        form.take({"version": found.version})
        return _edit_page(found, form, parents, stale=error, status=409)
    flash("已保存。")
    return redirect(url_for("people.organisation", organisation_id=found.id))


def _parents_of(found: Organisation) -> Sequence[Organisation]:
    """Return where it may stand: where it stands now, and all that the reader keeps."""
    parents = list(_possible_parents(but=found))
    if found.parent_id is not None and found.parent_id not in {one.id for one in parents}:
        parents.insert(0, queries.organisation(found.parent_id))
    return parents


def _offer_places(
    form: EditOrganisationForm, found: Organisation, parents: Sequence[Organisation]
) -> None:
    is_for_all = Role.SYSTEM_ADMINISTRATOR in policies.roles(current_reader())
    form.offer(parents, may_be_top=is_for_all or found.parent_id is None)


def _edit_page(
    found: Organisation,
    form: EditOrganisationForm,
    parents: Sequence[Organisation],
    *,
    stale: ChangedMeanwhileError | None = None,
    status: int = 200,
) -> Response:
    _offer_places(form, found, parents)
    return render(
        "organisations/form.html", form=form, organisation=found, stale=stale, status=status
    )


def _kept(found: Organisation) -> Organisation:
    """Return the organisation if the reader keeps it; NotFoundError if it is out of sight."""
    seen_organisation(found)
    require(policies.may_keep_organisation(current_reader(), found), OTHERS_KEEP)
    return found


# ------------------------------------------------------------------ closing


@bp.get("/organisations/<int:organisation_id>/close")
@signed_in
def close_organisation(organisation_id: int) -> Response:
    """From when, and what is in the way."""
    found = _kept(queries.organisation(organisation_id))
    form = CloseOrganisationForm()
    form.day.data = clock.today()
    return _close_page(found, form)


@bp.post("/organisations/<int:organisation_id>/close")
@signed_in
@writes
def do_close_organisation(organisation_id: int) -> Response:
    """Close it, if nobody and nothing is left in it."""
    tree_queries.lock_the_tree()
    found = _kept(tree_queries.organisation_to_change(organisation_id))
    form = CloseOrganisationForm()

    def act() -> None:
        services.close_organisation(
            organisation=found,
            day=form.day.data,
            reason=form.reason.data or "",
            actor=current_person(),
        )

    if not done(form, act):
        return _close_page(found, form, status=422)
    flash("已撤并，以前的记录都保留。")
    return redirect(url_for("people.organisation", organisation_id=found.id))


def _close_page(found: Organisation, form: CloseOrganisationForm, *, status: int = 200) -> Response:
    context: dict[str, Any] = {
        "members": tree_queries.open_members(found),
        "children": tree_queries.open_children(found),
    }
    return render(
        "organisations/close.html", organisation=found, form=form, status=status, **context
    )


@bp.post("/organisations/<int:organisation_id>/reopen")
@signed_in
@writes
def reopen_organisation(organisation_id: int) -> Response:
    """Take a closing back."""
    tree_queries.lock_the_tree()
    found = _kept(tree_queries.organisation_to_change(organisation_id))
    services.reopen_organisation(organisation=found, actor=current_person())
    flash("已恢复。")
    return redirect(url_for("people.organisation", organisation_id=found.id))
