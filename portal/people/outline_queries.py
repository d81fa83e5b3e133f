"""The trees as pages show them: nodes with numbers of members, what a search finds, posts."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.database import db
from portal.people.directory_queries import has_not_ended
from portal.people.models import (
    Membership,
    MembershipKind,
    Organisation,
    OrganisationKind,
    OrganisationName,
    Post,
)
from portal.people.queries import in_subtrees
from portal.people.readers import Somewhere
from portal.people.tree_queries import paths_above

# A tree with more nodes than this is opened level by level, page by page.
MOST_ON_ONE_PAGE = 400
MOST_FOUND = 50


@dataclass
class Node:
    """An organisation of the tree: how many members it has itself, and with all below."""

    organisation: Organisation
    own_members: int = 0
    all_members: int = 0
    children: list["Node"] = field(default_factory=list)
    # The page leaves out what is below; the organisation's own page has it.
    is_cut: bool = False


@dataclass(frozen=True)
class Found:
    """An organisation that a search found, with the ones above it and its former name."""

    organisation: Organisation
    above: tuple[str, ...]
    former_name: str | None


def tree(roots: Collection[Somewhere] | None, *, closed: bool = False) -> list[Node]:
    """Return the trees below `roots` (None: all of them) with numbers of primary members.

    Of a very large tree only sub-districts and communities are returned, marked as cut.
    """
    today = clock.today()
    members = (
        select(func.count())
        .where(
            Membership.organisation_id == Organisation.id,
            Membership.kind == MembershipKind.PRIMARY,
            or_(Membership.valid_from.is_(None), Membership.valid_from <= today),
            has_not_ended(today),
        )
        .correlate(Organisation)
        .scalar_subquery()
    )
    wanted = select(Organisation, members).order_by(Organisation.tree, Organisation.path)
    if roots is not None:
        wanted = wanted.where(in_subtrees(roots))
    if not closed:
        wanted = wanted.where(or_(Organisation.valid_to.is_(None), Organisation.valid_to >= today))
    rows = db.session.execute(wanted).all()
    is_large = len(rows) > MOST_ON_ONE_PAGE
    tops: list[Node] = []
    by_path: dict[str, Node] = {}
    for organisation, own in rows:
        for path in paths_above(organisation.path):
            if path in by_path:
                by_path[path].all_members += own
        if is_large and organisation.kind not in _KEPT_OF_LARGE_TREES:
            above = _nearest(organisation.path, by_path)
            if above is not None:
                above.is_cut = True
                continue
        node = Node(organisation, own, own)
        by_path[organisation.path] = node
        above = _nearest(organisation.path, by_path)
        (above.children if above else tops).append(node)
    for node in by_path.values():
        node.children.sort(key=_place_among_siblings)
    return tops


def _place_among_siblings(node: Node) -> tuple[int, list[tuple[int, str]]]:
    """Order by the position given, then by code, numbers in it by their value (2 before 10)."""
    parts = re.findall(r"\d+|\D+", node.organisation.code)
    by_value = [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
    return node.organisation.position, by_value


_KEPT_OF_LARGE_TREES = {OrganisationKind.SUB_DISTRICT, OrganisationKind.COMMUNITY}


def _nearest(path: str, by_path: dict[str, Node]) -> Node | None:
    return next((by_path[above] for above in paths_above(path) if above in by_path), None)


def search(typed: str, roots: Collection[Somewhere] | None) -> list[Found]:
    """Return the organisations whose name, short name, code or former name has `typed` in it."""
    former = (
        select(OrganisationName.name)
        .where(
            OrganisationName.organisation_id == Organisation.id,
            OrganisationName.name.contains(typed, autoescape=True),
        )
        .order_by(OrganisationName.valid_to.desc())
        .limit(1)
        .correlate(Organisation)
        .scalar_subquery()
    )
    is_named = [
        column.contains(typed, autoescape=True)
        for column in (Organisation.name, Organisation.short_name, Organisation.code)
    ]
    wanted = (
        select(Organisation, former)
        .where(or_(*is_named, former.is_not(None)))
        .order_by(Organisation.path)
        .limit(MOST_FOUND)
    )
    if roots is not None:
        wanted = wanted.where(in_subtrees(roots))
    rows = db.session.execute(wanted).all()
    names = _names_by_path({path for row in rows for path in paths_above(row[0].path)})
    return [
        Found(
            organisation,
            tuple(
                names[path] for path in reversed(paths_above(organisation.path)) if path in names
            ),
            former_name,
        )
        for organisation, former_name in rows
    ]


def _names_by_path(paths: Collection[str]) -> dict[str, str]:
    if not paths:
        return {}
    wanted = select(Organisation.path, Organisation.name).where(Organisation.path.in_(paths))
    return {row[0]: row[1] for row in db.session.execute(wanted)}


def posts_in(organisation: Organisation) -> Sequence[Post]:
    """Return the posts held in an organisation today, with their holders; secretaries first."""
    today = clock.today()
    posts = db.session.scalars(
        select(Post)
        .where(
            Post.organisation_id == organisation.id,
            or_(Post.valid_to.is_(None), Post.valid_to >= today),
        )
        .order_by(Post.id)
        .options(joinedload(Post.person))
    ).all()
    return sorted(posts, key=lambda post: _rank(post.title))


def _rank(title: str) -> int:
    """Return where a post stands among those of an organisation: 书记, 副书记, 委员, others."""
    if title.endswith("副书记"):
        return 1
    if title.endswith("书记"):
        return 0
    return 2 if title.endswith("委员") else 3
