"""Questions about one organisation in its tree: what is above and below, names once borne."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.database import db
from portal.errors import NotFoundError
from portal.people.directory_queries import has_not_ended
from portal.people.models import Membership, Organisation, OrganisationName
from portal.people.queries import begins_with

# The number of the lock on the trees; no other lock of the portal has it.
_TREE = 20_210


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


def paths_above(path: str) -> list[str]:
    """Return the paths of the organisations above, the nearest first."""
    codes = path.strip("/").split("/")
    return [f"/{'/'.join(codes[:depth])}/" for depth in range(len(codes) - 1, 0, -1)]


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
    paths = paths_above(organisation.path)
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
