"""Which posts somebody holds: one dated form a step."""

from collections.abc import Sequence

from werkzeug.wrappers import Response

from portal.errors import NotFoundError
from portal.people import directory_queries, policies
from portal.people.access import current_person, current_reader, require, signed_in
from portal.people.models import Organisation, Person, Post
from portal.people.person_forms import COMMON_POSTS, EndPostForm, PostForm
from portal.people.services import relations
from portal.people.views.blueprint import bp
from portal.people.views.relations import OTHERS_KEEP, may_take_on
from portal.people.views.sight import seen
from portal.people.views.steps import Step, chosen, kept_organisations, shown, taken
from portal.web.transaction import writes

_TAKING_UP = Step(
    "登记职务",
    "一个人可以担任多个职务。登记职务不会给予门户里的权限，授权由安全管理员办理。",
    "登记",
    COMMON_POSTS,
)


@bp.get("/people/<int:person_id>/posts/new")
@signed_in
def add_post(person_id: int) -> Response:
    """Which post, where, since when."""
    person = may_take_on(directory_queries.person(person_id))
    organisations = kept_organisations()
    form = PostForm()
    form.offer(organisations)
    form.organisation.data = _home_among(person, organisations)
    return shown(person, form, _TAKING_UP)


@bp.post("/people/<int:person_id>/posts/new")
@signed_in
@writes
def do_add_post(person_id: int) -> Response:
    """Note a post."""
    person = may_take_on(directory_queries.person_to_change(person_id))
    organisations = kept_organisations()
    form = PostForm()
    form.offer(organisations)

    def act() -> str:
        relations.add_post(
            person=person,
            organisation=chosen(organisations, form.organisation.data),
            title=form.title.data or "",
            since=form.day.data,
            actor=current_person(),
        )
        return "已登记职务。"

    return taken(person, form, _TAKING_UP, act)


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
    return shown(person, form, _end_step(post))


@bp.post("/people/<int:person_id>/posts/<int:post_id>/end")
@signed_in
@writes
def do_end_post(person_id: int, post_id: int) -> Response:
    """Let a post end."""
    person = seen(directory_queries.person_to_change(person_id))
    post = _kept_post(person, post_id)
    form = EndPostForm()

    def act() -> str:
        relations.end_post(person=person, post=post, day=form.day.data, actor=current_person())
        return "已登记，任职记录保留。"

    return taken(person, form, _end_step(post), act)


def _kept_post(person: Person, post_id: int) -> Post:
    post = next((one for one in person.posts if one.id == post_id), None)
    if post is None:
        raise NotFoundError("没有找到这个职务。")
    require(policies.may_keep_people(current_reader(), post.organisation), OTHERS_KEEP)
    return post


def _end_step(post: Post) -> Step:
    return Step(f"不再担任{post.title}", f"{post.organisation.name}。任职记录保留。", "确定")
