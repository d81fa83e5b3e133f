"""Changes to the organisation trees: found, rename, move, close. Old records keep old names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, update

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.people import hooks, tree_queries
from portal.people.edit_history import check_version, differences
from portal.people.models import (
    BranchType,
    Organisation,
    OrganisationKind,
    OrganisationName,
    Tree,
)
from portal.people.models.organisation import LONGEST_PATH
from portal.people.queries import begins_with
from portal.people.services.days import FIRST_YEAR_OF_ORGANISATIONS, check_day
from portal.people.services.tree_rules import (
    check_children,
    check_name,
    check_place,
    checked_code,
)

LABELS = {
    "name": "名称",
    "short_name": "简称",
    "kind": "类型",
    "branch_type": "支部类型",
    "position": "排列次序",
}


@dataclass(frozen=True, kw_only=True)
class Description:
    """What is said of an organisation, apart from its place in the tree."""

    name: str
    short_name: str
    kind: OrganisationKind
    branch_type: BranchType | None = None
    position: int = 0


@dataclass(frozen=True)
class Renaming:
    """How a new name is meant: from a day on, or as a correction of a slip."""

    day: date
    is_correction: bool = False


def create_organisation(
    *,
    description: Description,
    parent: Organisation | None,
    code: str,
    since: date | None,
    actor: audit.Acting,
) -> Organisation:
    """Found an organisation below `parent` (None: a new tree); an empty code is made up.

    The tree is locked (`tree_queries.lock_the_tree`), as for every change of it.
    Raises InvalidInputError for a code or name in use, or a parent that cannot have it.
    """
    check_place(description.kind, parent)
    check_name(description.name, parent, but=None)
    if since is not None:
        check_day(since, field="since", first_year=FIRST_YEAR_OF_ORGANISATIONS)
    code = checked_code(code, parent)
    path = f"{parent.path if parent else '/'}{code}/"
    if len(path) > LONGEST_PATH:
        raise InvalidInputError("层级太多，或者编码太长。", field="code")
    made = Organisation(
        code=code,
        name=description.name,
        short_name=description.short_name or description.name,
        kind=description.kind,
        branch_type=_branch_type(description),
        tree=Tree.GRID if description.kind is OrganisationKind.GRID else Tree.PARTY,
        parent_id=parent.id if parent else None,
        path=path,
        position=description.position,
        valid_from=since,
    )
    if parent is not None:
        made.tree = parent.tree
    db.session.add(made)
    db.session.flush()
    tell_of_names([made])
    audit.record(
        "organisation.created",
        made,
        actor=actor,
        version=made.version,
        name=made.name,
        code=made.code,
        parent=parent.name if parent else "",
    )
    return made


def change_organisation(
    *,
    organisation: Organisation,
    description: Description,
    renaming: Renaming,
    parent: Organisation | None,
    version: int | None,
    actor: audit.Acting,
) -> None:
    """Describe it anew, and move it below `parent` where that is another one.

    A new name keeps the old one with its last day, unless it only corrects a slip. Raises
    ChangedMeanwhileError for an older version, InvalidInputError for what the tree forbids.
    """
    check_version(organisation, version)
    check_place(description.kind, parent, of=organisation)
    check_children(organisation, description.kind)
    check_name(description.name, parent, but=organisation.id)
    new_path = f"{parent.path if parent else '/'}{organisation.code}/"
    grows = len(new_path) - len(organisation.path)
    if tree_queries.longest_path_below(organisation) + grows > LONGEST_PATH:
        raise InvalidInputError("移到那里层级太多了。", field="parent")
    before = {field: getattr(organisation, field) for field in LABELS}
    after = {
        "name": description.name,
        "short_name": description.short_name or description.name,
        "kind": description.kind,
        "branch_type": _branch_type(description),
        "position": description.position,
    }
    changes = differences(before, after, LABELS)
    if before["name"] != after["name"] and not renaming.is_correction:
        _keep_name(organisation, renaming.day)
    for field, value in after.items():
        setattr(organisation, field, value)
    db.session.flush()
    if changes.keys() & {LABELS["name"], LABELS["short_name"]}:
        tell_of_names([organisation])
    if organisation.parent_id != (parent.id if parent else None):
        changes["上级组织"] = _move(organisation, parent, new_path)
    if changes:
        audit.record(
            "organisation.changed",
            organisation,
            actor=actor,
            version=organisation.version,
            changes=changes,
            renamed_on="" if renaming.is_correction else renaming.day,
        )


def tell_of_names(renamed: Sequence[Organisation]) -> None:
    """Let the rooms above follow organisations with a new name, theirs from now on; flushed."""
    for follow in hooks.names_changed:
        follow(renamed)


def _keep_name(organisation: Organisation, day: date) -> None:
    """Keep the present name as one that was borne up to the day before."""
    if day > clock.today():
        raise InvalidInputError("改名日期不能晚于今天。", field="renamed_on")
    if organisation.valid_from is not None and day <= organisation.valid_from:
        raise InvalidInputError("改名日期要晚于成立日期。", field="renamed_on")
    check_day(day, field="renamed_on", first_year=FIRST_YEAR_OF_ORGANISATIONS)
    last_day = day - timedelta(days=1)
    former = tree_queries.former_names(organisation)
    if former and last_day <= former[0].valid_to:
        raise InvalidInputError(
            f"改名日期要晚于上一次改名（{former[0].valid_to + timedelta(days=1)}）。",
            field="renamed_on",
        )
    db.session.add(
        OrganisationName(organisation_id=organisation.id, name=organisation.name, valid_to=last_day)
    )


def _move(organisation: Organisation, parent: Organisation | None, new_path: str) -> list[str]:
    """Hang a subtree under another parent: all its paths in one statement."""
    old_path = organisation.path
    former = tree_queries.above(organisation)
    organisation.parent_id = parent.id if parent else None
    db.session.flush()
    db.session.execute(
        update(Organisation)
        .where(begins_with(Organisation.path, old_path))
        .values(path=new_path + func.substr(Organisation.path, len(old_path) + 1))
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(organisation)
    return [former[-1].name if former else "", parent.name if parent else ""]


def close_organisation(
    *, organisation: Organisation, day: date, reason: str, actor: audit.Acting
) -> None:
    """Close an organisation from a day on (撤并); its records stay.

    Raises ConflictError, saying how many, while members or organisations below are open.
    """
    if organisation.valid_to is not None:
        raise ConflictError("这个组织已经撤并了。")
    if day > clock.today():
        raise InvalidInputError("撤并日期不能晚于今天。", field="day")
    if organisation.valid_from is not None and day <= organisation.valid_from:
        raise InvalidInputError("撤并日期要晚于成立日期。", field="day")
    check_day(day, first_year=FIRST_YEAR_OF_ORGANISATIONS)
    members = tree_queries.open_members(organisation)
    children = tree_queries.open_children(organisation)
    if members or children:
        left = [
            *([f"{members} 人的关系没有转出"] if members else []),
            *([f"{children} 个下级组织没有撤并"] if children else []),
        ]
        raise ConflictError(f"还有 {'，'.join(left)}，不能撤并。请先转出人员、撤并下级组织。")
    organisation.valid_to = day - timedelta(days=1)
    db.session.flush()
    audit.record(
        "organisation.closed",
        organisation,
        actor=actor,
        version=organisation.version,
        changes={"撤并": ["", str(day)]},
        reason=reason,
    )


def reopen_organisation(*, organisation: Organisation, actor: audit.Acting) -> None:
    """Take a closing back; raise ConflictError if it is open or what is above it is closed."""
    if organisation.valid_to is None:
        raise ConflictError("这个组织没有撤并。")
    today = clock.today()
    for upper in tree_queries.above(organisation):
        if not upper.is_open_on(today):
            raise ConflictError(f"上级“{upper.name}”已经撤并，请先恢复上级组织。")
    organisation.valid_to = None
    db.session.flush()
    audit.record(
        "organisation.reopened",
        organisation,
        actor=actor,
        version=organisation.version,
        changes={"撤并": ["已撤并", ""]},
    )


def _branch_type(description: Description) -> BranchType | None:
    return description.branch_type if description.kind is OrganisationKind.BRANCH else None
