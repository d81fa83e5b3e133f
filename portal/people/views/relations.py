"""Where somebody belongs: transferred, taking part elsewhere, leaving; one dated form a step."""

from collections.abc import Sequence

from werkzeug.wrappers import Response

from portal.errors import NotFoundError
from portal.people import directory_queries, policies
from portal.people.access import current_person, current_reader, require, signed_in
from portal.people.fields import whole_number
from portal.people.models import (
    EndReason,
    Membership,
    MembershipKind,
    Participation,
    Person,
    RoleGrant,
)
from portal.people.person_forms import EndMembershipForm, JoinForm, TransferForm
from portal.people.services import relations
from portal.people.views.blueprint import bp
from portal.people.views.sight import kept, seen
from portal.people.views.steps import Step, chosen, kept_organisations, shown, taken
from portal.web.transaction import writes

OTHERS_KEEP = "这条关系由所在组织的书记或街道组织办办理。"


# ------------------------------------------------------------------ transfer


@bp.get("/people/<int:person_id>/transfer")
@signed_in
def transfer(person_id: int) -> Response:
    """To which branch, from when."""
    person = kept(directory_queries.person(person_id), OTHERS_KEEP)
    form = TransferForm()
    form.offer(kept_organisations())
    present = relations.primary_of(person)
    form.membership.data = str(present.id) if present else ""
    form.dated_today("day")
    return shown(person, form, _transfer_step(person))


@bp.post("/people/<int:person_id>/transfer")
@signed_in
@writes
def do_transfer(person_id: int) -> Response:
    """Close the former membership and open the new one."""
    person = kept(directory_queries.person_to_change(person_id), OTHERS_KEEP)
    organisations = kept_organisations()
    form = TransferForm()
    form.offer(organisations)

    def act() -> str:
        ended = relations.transfer(
            person=person,
            membership_id=whole_number(form.membership.data),
            to=chosen(organisations, form.organisation.data),
            day=form.day.data,
            actor=current_person(),
        )
        return f"已办理转接。{_duties_ended(ended)}"

    return taken(person, form, _transfer_step(person), act)


def _transfer_step(person: Person) -> Step:
    present = relations.primary_of(person)
    where = f"现在在“{present.organisation.name}”。" if present else "现在没有组织关系。"
    return Step(
        "转接组织关系",
        f"{where}原来的记录都保留，以前的名册不变；在原支部的职务和授权同时结束。"
        "转到您管理范围以外的，请办理“转出”。",
        "办理转接",
    )


# ------------------------------------------------------------------ taking part elsewhere

_JOINING = Step(
    "登记参加其他组织的活动",
    "组织关系仍在原支部；在这里参加组织生活、计入这里的名单。",
    "登记",
)


@bp.get("/people/<int:person_id>/relations/new")
@signed_in
def join(person_id: int) -> Response:
    """In which organisation, why, from when."""
    person = may_take_on(directory_queries.person(person_id))
    form = JoinForm()
    form.offer(kept_organisations())
    form.dated_today("day")
    return shown(person, form, _JOINING)


@bp.post("/people/<int:person_id>/relations/new")
@signed_in
@writes
def do_join(person_id: int) -> Response:
    """Open a participating relation; the primary branch stays."""
    person = may_take_on(directory_queries.person_to_change(person_id))
    organisations = kept_organisations()
    form = JoinForm()
    form.offer(organisations)

    def act() -> str:
        relations.join(
            person=person,
            organisation=chosen(organisations, form.organisation.data),
            participation=Participation(form.participation.data),
            since=form.day.data,
            actor=current_person(),
        )
        return "已登记。"

    return taken(person, form, _JOINING, act)


def may_take_on(person: Person) -> Person:
    """Return the person, whom a secretary may let take part or hold a post in the own part."""
    seen(person)
    require(policies.holds_anywhere(current_reader(), policies.SECRETARIES), OTHERS_KEEP)
    return person


# ------------------------------------------------------------------ the end of a relation


@bp.get("/people/<int:person_id>/memberships/<int:membership_id>/end")
@signed_in
def end_membership(person_id: int, membership_id: int) -> Response:
    """Why, from when."""
    person = seen(directory_queries.person(person_id))
    membership = _kept_membership(person, membership_id)
    form = EndMembershipForm()
    form.offer(membership.kind)
    form.dated_today("day")
    return shown(person, form, _end_step(membership))


@bp.post("/people/<int:person_id>/memberships/<int:membership_id>/end")
@signed_in
@writes
def do_end_membership(person_id: int, membership_id: int) -> Response:
    """Close a relation with its reason."""
    person = seen(directory_queries.person_to_change(person_id))
    membership = _kept_membership(person, membership_id)
    form = EndMembershipForm()
    form.offer(membership.kind)

    def act() -> str:
        ended = relations.end_membership(
            person=person,
            membership=membership,
            reason=EndReason(form.reason.data),
            day=form.day.data,
            actor=current_person(),
        )
        return f"已登记，以前的记录都保留。{_duties_ended(ended)}"

    return taken(person, form, _end_step(membership), act)


def _kept_membership(person: Person, membership_id: int) -> Membership:
    membership = next((one for one in person.memberships if one.id == membership_id), None)
    if membership is None:
        raise NotFoundError("没有找到这条关系。")
    require(policies.may_keep_people(current_reader(), membership.organisation), OTHERS_KEEP)
    return membership


def _end_step(membership: Membership) -> Step:
    is_primary = membership.kind is MembershipKind.PRIMARY
    return Step(
        "登记转出、去世等" if is_primary else "结束参加关系",
        f"{membership.organisation.name}（{membership.label}）。以后不再列入名单和应到，"
        "以前的记录都保留；在这个组织的职务和授权同时结束，不再属于任何组织的，账号也同时到期。",
        "确定",
    )


# ------------------------------------------------------------------ duties that end


def _duties_ended(ended: Sequence[RoleGrant]) -> str:
    """Say which duties ended; refuse to end one above the reader: that is not for those below."""
    reader = current_reader()
    for grant in ended:
        over = grant.organisation
        require(
            over is not None and policies.may_keep_people(reader, over),
            f"此人还有{_duty(grant)}的授权。请由上级组织办理，或先由安全管理员撤销授权。",
        )
    return f"同时结束了授权：{'、'.join(_duty(grant) for grant in ended)}。" if ended else ""


def _duty(grant: RoleGrant) -> str:
    return f"{grant.role.label}（{grant.organisation.name}）" if grant.organisation else ""
