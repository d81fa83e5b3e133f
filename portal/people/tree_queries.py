"""Questions about the organisation trees: nodes with counts, ways up, names once borne."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal import clock
from portal.database import db
from portal.errors import NotFoundError
from portal.people.directory_queries import has_not_ended
from portal.people.models import (
    Membership,
    MembershipKind,
    Organisation,
    OrganisationKind,
    OrganisationName,
    Post,
)
from portal.people.queries import begins_with, in_subtrees

# A tree with more nodes than this is opened level by level, page by page.
MOST_ON_ONE_PAGE = 400
MOST_FOUND = 50
# The number of the lock on the trees; no other lock of the portal has it.
_TREE = 20_210


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


def organisation_to_change(organisation_id: int) -> Organisation:
    """Return one organisation as it is now, locked until the transaction ends."""
    found = db.session.scalar(
        select(Organisation)
        .where(Organisation.id == organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFoundError("没有找到这个组织。")
    return found


def lock_the_tree() -> None:
    """Let one change of the tree, or one import, happen at a time, until the transaction ends.

    Paths, codes and who is who are decided on what is. An empty tree has no row to lock, so
    PostgreSQL is asked for a lock of its own, and what was read before it came is read again;
    on SQLite one transaction writes at a time anyway.
    """
    if db.engine.dialect.name != "postgresql":
        return
    db.session.execute(select(func.pg_advisory_xact_lock(_TREE)))
    for loaded in db.session:
        if isinstance(loaded, Organisation):
            db.session.expire(loaded)


def tree(roots: Collection[Organisation] | None, *, closed: bool = False) -> list[Node]:
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
        for path in _paths_up(organisation.path):
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


def _paths_up(path: str) -> list[str]:
    """Return the paths of the organisations above, the nearest first."""
    codes = path.strip("/").split("/")
    return [f"/{'/'.join(codes[:depth])}/" for depth in range(len(codes) - 1, 0, -1)]


def _nearest(path: str, by_path: dict[str, Node]) -> Node | None:
    return next((by_path[above] for above in _paths_up(path) if above in by_path), None)


def search(typed: str, roots: Collection[Organisation] | None) -> list[Found]:
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
    names = _names_by_path({path for row in rows for path in _paths_up(row[0].path)})
    return [
        Found(
            organisation,
            tuple(names[path] for path in reversed(_paths_up(organisation.path)) if path in names),
            former_name,
        )
        for organisation, former_name in rows
    ]


def _names_by_path(paths: Collection[str]) -> dict[str, str]:
    if not paths:
        return {}
    wanted = select(Organisation.path, Organisation.name).where(Organisation.path.in_(paths))
    return {row[0]: row[1] for row in db.session.execute(wanted)}


def lineage(organisation_id: int) -> Sequence[Organisation]:
    """Return an organisation after those above it, the highest first; raise NotFoundError."""
    below_it = aliased(Organisation)
    start = func.substr(below_it.path, 1, func.length(Organisation.path))
    found = db.session.scalars(
        select(Organisation)
        .join(below_it, start == Organisation.path)
        .where(below_it.id == organisation_id)
        .order_by(Organisation.path)
    ).all()
    if not found:
        raise NotFoundError("没有找到这个组织。")
    return found


def above(organisation: Organisation) -> Sequence[Organisation]:
    """Return the organisations above this one, the highest first."""
    paths = _paths_up(organisation.path)
    if not paths:
        return []
    wanted = select(Organisation).where(Organisation.path.in_(paths))
    return db.session.scalars(wanted.order_by(Organisation.path)).all()


def former_names(organisation: Organisation) -> Sequence[OrganisationName]:
    """Return the names it no longer bears, the latest first."""
    return db.session.scalars(
        select(OrganisationName)
        .where(OrganisationName.organisation_id == organisation.id)
        .order_by(OrganisationName.valid_to.desc(), OrganisationName.id.desc())
    ).all()


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


def open_children(organisation: Organisation) -> int:
    """Return how many organisations directly below are not closed."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Organisation)
            .where(
                Organisation.parent_id == organisation.id,
                or_(Organisation.valid_to.is_(None), Organisation.valid_to >= clock.today()),
            )
        )
        or 0
    )


def open_members(organisation: Organisation) -> int:
    """Return how many relations to the organisation have not ended."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Membership)
            .where(Membership.organisation_id == organisation.id, has_not_ended(clock.today()))
        )
        or 0
    )


def below(organisation: Organisation) -> Sequence[Organisation]:
    """Return everything below an organisation, closed ones too, in tree order."""
    return db.session.scalars(
        select(Organisation)
        .where(
            begins_with(Organisation.path, organisation.path),
            Organisation.id != organisation.id,
        )
        .order_by(Organisation.path)
    ).all()


def longest_path_below(organisation: Organisation) -> int:
    """Return the length of the longest path in the subtree."""
    return (
        db.session.scalar(
            select(func.max(func.length(Organisation.path))).where(
                begins_with(Organisation.path, organisation.path)
            )
        )
        or 0
    )


def codes_below(parent: Organisation | None) -> set[str]:
    """Return the codes of the organisations directly below (None: the tops)."""
    of_parent = Organisation.parent_id == (parent.id if parent else None)
    return set(db.session.scalars(select(Organisation.code).where(of_parent)))


def find_by_code(code: str) -> Organisation | None:
    """Return the organisation with exactly this code."""
    return db.session.scalar(select(Organisation).where(Organisation.code == code))


def find_namesake(name: str, parent: Organisation | None, but: int | None) -> Organisation | None:
    """Return another open organisation of the same name below the same parent."""
    wanted = select(Organisation).where(
        Organisation.name == name,
        Organisation.parent_id == (parent.id if parent else None),
        or_(Organisation.valid_to.is_(None), Organisation.valid_to >= clock.today()),
    )
    if but is not None:
        wanted = wanted.where(Organisation.id != but)
    return db.session.scalar(wanted.limit(1))
