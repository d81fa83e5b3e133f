"""Where somebody belongs and which posts somebody holds: one small dated form a step."""

from collections.abc import Sequence

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import NotFoundError
from portal.people import directory_queries, policies, queries
from portal.people.access import current_person, require, signed_in
from portal.people.models import (
    EndReason,
    Membership,
    MembershipKind,
    Organisation,
    Participation,
    Person,
    Post,
    RoleGrant,
    Tree,
)
from portal.people.person_forms import (
    COMMON_POSTS,
    EndMembershipForm,
    EndPostForm,
    JoinForm,
    PostForm,
    StepForm,
    TransferForm,
    choices_of,
)
from portal.people.services import relations
from portal.people.views.blueprint import bp
from portal.people.views.persons import chosen, done, seen
from portal.web.templating import render
from portal.web.transaction import writes

OTHERS_KEEP = "这条关系由所在组织的书记或街道组织办办理。"


# ------------------------------------------------------------------ transfer


@bp.get("/people/<int:person_id>/transfer")
@signed_in
def transfer(person_id: int) -> Response:
    """To which branch, from when."""
    person = _transferable(directory_queries.person(person_id))
    form = TransferForm()
    present = relations.primary_of(person)
    form.membership.data = str(present.id) if present else ""
    form.dated_today("day")
    return _transfer_page(person, form, kept_organisations())


@bp.post("/people/<int:person_id>/transfer")
@signed_in
@writes
def do_transfer(person_id: int) -> Response:
    """Close the former membership and open the new one."""
    person = _transferable(directory_queries.person_to_change(person_id))
    organisations = kept_organisations()
    form = TransferForm()
    form.organisation.choices = choices_of(organisations, "请选择")

    ended: list[RoleGrant] = []

    def act() -> None:
        ended.extend(
            relations.transfer(
                person=person,
                membership_id=_number(form.membership.data),
                to=chosen(organisations, form.organisation.data),
                day=form.day.data,
                actor=current_person(),
            )
        )

    if not done(form, act):
        return _transfer_page(person, form, organisations, status=422)
    _answer_for(ended)
    flash(f"已办理转接。{_duties_words(ended)}")
    return _to_person(person)


def _transferable(person: Person) -> Person:
    seen(person)
    keeping = person.keeping_memberships(clock.today())
    require(policies.may_edit_person(current_person(), keeping), OTHERS_KEEP)
    return person


def _transfer_page(
    person: Person,
    form: TransferForm,
    organisations: Sequence[Organisation],
    *,
    status: int = 200,
) -> Response:
    form.organisation.choices = choices_of(organisations, "请选择")
    present = relations.primary_of(person)
    where = f"现在在“{present.organisation.name}”。" if present else "现在没有组织关系。"
    return _step_page(
        person,
        form,
        heading="转接组织关系",
        lead=f"{where}原来的记录都保留，以前的名册不变；在原支部的职务和授权同时结束。"
        "转到您管理范围以外的，请办理“转出”。",
        button="办理转接",
        status=status,
    )


# ------------------------------------------------------------------ taking part elsewhere


@bp.get("/people/<int:person_id>/relations/new")
@signed_in
def join(person_id: int) -> Response:
    """In which organisation, why, from when."""
    person = _joinable(directory_queries.person(person_id))
    form = JoinForm()
    form.dated_today("day")
    return _join_page(person, form, kept_organisations())


@bp.post("/people/<int:person_id>/relations/new")
@signed_in
@writes
def do_join(person_id: int) -> Response:
    """Open a participating relation; the primary branch stays."""
    person = _joinable(directory_queries.person_to_change(person_id))
    organisations = kept_organisations()
    form = JoinForm()
    form.organisation.choices = choices_of(organisations, "请选择")

    def act() -> None:
        relations.join(
            person=person,
            organisation=chosen(organisations, form.organisation.data),
            participation=Participation(form.participation.data),
            since=form.day.data,
            actor=current_person(),
        )

    if not done(form, act):
        return _join_page(person, form, organisations, status=422)
    flash("已登记。")
    return _to_person(person)


def _joinable(person: Person) -> Person:
    seen(person)
    require(policies.holds_anywhere(current_person(), policies.SECRETARIES), OTHERS_KEEP)
    return person


def _join_page(
    person: Person, form: JoinForm, organisations: Sequence[Organisation], *, status: int = 200
) -> Response:
    form.organisation.choices = choices_of(organisations, "请选择")
    return _step_page(
        person,
        form,
        heading="登记参加其他组织的活动",
        lead="组织关系仍在原支部；在这里参加组织生活、计入这里的名单。",
        button="登记",
        status=status,
    )


# ------------------------------------------------------------------ the end of a relation


@bp.get("/people/<int:person_id>/memberships/<int:membership_id>/end")
@signed_in
def end_membership(person_id: int, membership_id: int) -> Response:
    """Why, from when."""
    person = seen(directory_queries.person(person_id))
    membership = _kept_membership(person, membership_id)
    form = EndMembershipForm()
    form.dated_today("day")
    return _end_page(person, membership, form)


@bp.post("/people/<int:person_id>/memberships/<int:membership_id>/end")
@signed_in
@writes
def do_end_membership(person_id: int, membership_id: int) -> Response:
    """Close a relation with its reason."""
    person = seen(directory_queries.person_to_change(person_id))
    membership = _kept_membership(person, membership_id)
    form = EndMembershipForm()
    form.offer(membership.kind)

    ended: list[RoleGrant] = []

    def act() -> None:
        ended.extend(
            relations.end_membership(
                person=person,
                membership=membership,
                reason=EndReason(form.reason.data),
                day=form.day.data,
                actor=current_person(),
            )
        )

    if not done(form, act):
        return _end_page(person, membership, form, status=422)
    _answer_for(ended)
    flash(f"已登记，以前的记录都保留。{_duties_words(ended)}")
    return _to_person(person)


def _answer_for(ended: Sequence[RoleGrant]) -> None:
    """Refuse what would end a duty above the reader: that is not for those below to end."""
    reader = current_person()
    for grant in ended:
        over = grant.organisation
        require(
            over is not None and policies.may_keep_people(reader, over),
            f"此人还有{_duty(grant)}的授权。请由上级组织办理，或先由安全管理员撤销授权。",
        )


def _duties_words(ended: Sequence[RoleGrant]) -> str:
    return f"同时结束了授权：{'、'.join(_duty(grant) for grant in ended)}。" if ended else ""


def _duty(grant: RoleGrant) -> str:
    return f"{grant.role.label}（{grant.organisation.name}）" if grant.organisation else ""


def _kept_membership(person: Person, membership_id: int) -> Membership:
    membership = next((one for one in person.memberships if one.id == membership_id), None)
    if membership is None:
        raise NotFoundError("没有找到这条关系。")
    require(policies.may_keep_people(current_person(), membership.organisation), OTHERS_KEEP)
    return membership


def _end_page(
    person: Person, membership: Membership, form: EndMembershipForm, *, status: int = 200
) -> Response:
    form.offer(membership.kind)
    is_primary = membership.kind is MembershipKind.PRIMARY
    return _step_page(
        person,
        form,
        heading="登记转出、去世等" if is_primary else "结束参加关系",
        lead=f"{membership.organisation.name}（{membership.label}）。以后不再列入名单和应到，"
        "以前的记录都保留；在这个组织的职务和授权同时结束，不再属于任何组织的，账号也同时到期。",
        button="确定",
        status=status,
    )


# ------------------------------------------------------------------ posts


@bp.get("/people/<int:person_id>/posts/new")
@signed_in
def add_post(person_id: int) -> Response:
    """Which post, where, since when."""
    person = _joinable(directory_queries.person(person_id))
    form = PostForm()
    organisations = kept_organisations()
    form.organisation.data = _home_among(person, organisations)
    return _post_page(person, form, organisations)


@bp.post("/people/<int:person_id>/posts/new")
@signed_in
@writes
def do_add_post(person_id: int) -> Response:
    """Note a post."""
    person = _joinable(directory_queries.person_to_change(person_id))
    organisations = kept_organisations()
    form = PostForm()
    form.organisation.choices = choices_of(organisations, "请选择")

    def act() -> None:
        relations.add_post(
            person=person,
            organisation=chosen(organisations, form.organisation.data),
            title=form.title.data or "",
            since=form.day.data,
            actor=current_person(),
        )

    if not done(form, act):
        return _post_page(person, form, organisations, status=422)
    flash("已登记职务。")
    return _to_person(person)


def _post_page(
    person: Person, form: PostForm, organisations: Sequence[Organisation], *, status: int = 200
) -> Response:
    form.organisation.choices = choices_of(organisations, "请选择")
    return _step_page(
        person,
        form,
        heading="登记职务",
        lead="一个人可以担任多个职务。登记职务不会给予门户里的权限，授权由安全管理员办理。",
        button="登记",
        suggestions=COMMON_POSTS,
        status=status,
    )


def _home_among(person: Person, organisations: Sequence[Organisation]) -> str:
    present = relations.primary_of(person)
    offered = {organisation.id for organisation in organisations}
    return str(present.organisation_id) if present and present.organisation_id in offered else ""


@bp.get("/people/<int:person_id>/posts/<int:post_id>/end")
@signed_in
def end_post(person_id: int, post_id: int) -> Response:
    """From when it is no longer held."""
    person = seen(directory_queries.person(person_id))
    post = _kept_post(person, post_id)
    form = EndPostForm()
    form.dated_today("day")
    return _end_post_page(person, post, form)


@bp.post("/people/<int:person_id>/posts/<int:post_id>/end")
@signed_in
@writes
def do_end_post(person_id: int, post_id: int) -> Response:
    """Let a post end."""
    person = seen(directory_queries.person_to_change(person_id))
    post = _kept_post(person, post_id)
    form = EndPostForm()

    def act() -> None:
        relations.end_post(person=person, post=post, day=form.day.data, actor=current_person())

    if not done(form, act):
        return _end_post_page(person, post, form, status=422)
    flash("已登记，任职记录保留。")
    return _to_person(person)


def _kept_post(person: Person, post_id: int) -> Post:
    post = next((one for one in person.posts if one.id == post_id), None)
    if post is None:
        raise NotFoundError("没有找到这个职务。")
    require(policies.may_keep_people(current_person(), post.organisation), OTHERS_KEEP)
    return post


def _end_post_page(person: Person, post: Post, form: EndPostForm, *, status: int = 200) -> Response:
    return _step_page(
        person,
        form,
        heading=f"不再担任{post.title}",
        lead=f"{post.organisation.name}。任职记录保留。",
        button="确定",
        status=status,
    )


# ------------------------------------------------------------------ what the steps share


def kept_organisations() -> list[Organisation]:
    """Return the party organisations whose people the reader keeps, in tree order."""
    within = policies.scope(current_person(), policies.SECRETARIES)
    return [one for one in queries.organisations(within) if one.tree is Tree.PARTY]


def _step_page(
    person: Person,
    form: StepForm,
    *,
    heading: str,
    lead: str,
    button: str,
    suggestions: Sequence[str] = (),
    status: int = 200,
) -> Response:
    return render(
        "people/step.html",
        person=person,
        form=form,
        heading=heading,
        lead=lead,
        button=button,
        suggestions=suggestions,
        status=status,
    )


def _to_person(person: Person) -> Response:
    return redirect(url_for("people.show", person_id=person.id))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
