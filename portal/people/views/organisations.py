"""The organisation trees: look and search."""

from flask import request
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import NotFoundError
from portal.paging import page_of
from portal.people import directory_queries, outline_queries, policies, tree_queries
from portal.people.access import allowed, current_reader
from portal.people.fields import tidy
from portal.people.models import Organisation, Role
from portal.people.readers import Somewhere
from portal.people.views.blueprint import bp
from portal.web.templating import render

LONGEST_SEARCH = 80


@bp.get("/organisations/")
@allowed(policies.may_see_organisations)
def organisations() -> Response:
    """The trees with numbers of members, or what a search finds in them."""
    reader = current_reader()
    roots = _visible_roots()
    typed = (tidy(request.args.get("q", "")) or "")[:LONGEST_SEARCH]
    with_closed = request.args.get("closed") == "1"
    return render(
        "organisations/index.html",
        block="results",
        typed=typed,
        with_closed=with_closed,
        found=outline_queries.search(typed, roots) if typed else None,
        trees=[] if typed else outline_queries.tree(roots, closed=with_closed),
        may_found=policies.may_found_organisations(reader),
        may_import=policies.may_import_organisations(reader),
    )


@bp.get("/organisations/<int:organisation_id>")
@allowed(policies.may_see_organisations)
def organisation(organisation_id: int) -> Response:
    """Facts, former names, what is below; posts and members for those who run its events."""
    reader = current_reader()
    *above, found = tree_queries.lineage(organisation_id)
    seen_organisation(found)
    may_list = policies.may_list_members(reader, found)
    number = request.args.get("page", 1, type=int)
    return render(
        "organisations/organisation.html",
        block="members",
        organisation=found,
        above=above,
        former_names=tree_queries.former_names(found),
        below=_nodes_below(found),
        posts=outline_queries.posts_in(found) if may_list else [],
        people=page_of(directory_queries.members_of(found), number) if may_list else None,
        may_list=may_list,
        may_see=lambda other: policies.may_see_organisation(reader, other),
        may_keep=policies.may_keep_organisation(reader, found),
        may_add=may_list and found.is_open_on(clock.today()),
    )


def _visible_roots() -> list[Somewhere] | None:
    """Return the parts of the tree that the reader sees; None is all of it."""
    reader = current_reader()
    if Role.SYSTEM_ADMINISTRATOR in policies.roles(reader):
        return None
    return policies.scope(reader, policies.HOSTS)


def seen_organisation(found: Organisation) -> Organisation:
    """Return the organisation if the reader may know of it; else raise NotFoundError."""
    if not policies.may_see_organisation(current_reader(), found):
        raise NotFoundError("没有找到这个组织。")
    return found


def _nodes_below(found: Organisation) -> outline_queries.Node | None:
    trees = outline_queries.tree([found], closed=True)
    return trees[0] if trees else None
