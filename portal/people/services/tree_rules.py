"""What the trees allow: who may stand below whom, names and codes that are free."""

import re

from portal import clock
from portal.errors import InvalidInputError
from portal.people import tree_queries
from portal.people.models import Organisation, OrganisationKind
from portal.people.models.organisation import LONGEST_CODE

_CODE = re.compile(r"[\w.\-]+")


def check_place(
    kind: OrganisationKind, parent: Organisation | None, of: Organisation | None = None
) -> None:
    """Raise InvalidInputError unless an organisation (`of`, where it exists) may stand there."""
    if parent is None:
        if kind.level is not None and kind.level > 1:
            raise InvalidInputError(f"{kind.label}必须有上级组织。", field="parent")
        return
    if of is not None and parent.is_within(of):
        raise InvalidInputError("不能移到自己或自己的下级组织之下。", field="parent")
    if of is not None and parent.tree is not of.tree:
        raise InvalidInputError("党组织和网格是两棵树，不能互相移动。", field="parent")
    if not kind.may_stand_below(parent.kind):
        raise InvalidInputError(
            f"“{parent.kind.label}”不能是“{kind.label}”的上级。", field="parent"
        )
    if not parent.is_open_on(clock.today()):
        raise InvalidInputError(f"“{parent.name}”已经撤并。", field="parent")


def check_children(organisation: Organisation, kind: OrganisationKind) -> None:
    """Raise InvalidInputError if what stands below could not stand below that kind."""
    for lower in tree_queries.below(organisation):
        if lower.parent_id == organisation.id and not lower.kind.may_stand_below(kind):
            raise InvalidInputError(f"下级有“{lower.name}”，不能改成“{kind.label}”。", field="kind")


def check_name(name: str, parent: Organisation | None, *, but: int | None) -> None:
    """Raise InvalidInputError if another one below the same parent is called so."""
    if tree_queries.find_namesake(name, parent, but) is not None:
        raise InvalidInputError("同一个上级之下已经有同名的组织。", field="name")


def checked_code(typed: str, parent: Organisation | None) -> str:
    """Return the code of a new organisation, made up where none was typed, or InvalidInputError."""
    code = typed or _free_code(parent)
    if not is_code(code) or len(code) > LONGEST_CODE:
        raise InvalidInputError(
            f"编码里只能有文字、数字、点和短横，最多 {LONGEST_CODE} 个字。", field="code"
        )
    if tree_queries.find_by_code(code) is not None:
        raise InvalidInputError(f"编码“{code}”已经有组织在用。", field="code")
    return code


def is_code(text: str) -> bool:
    """Return whether a text can be a code: letters, digits, dots and hyphens, part of a path."""
    return _CODE.fullmatch(text) is not None


def _free_code(parent: Organisation | None) -> str:
    """Return the parent's code with the next number: ZHL-01-07."""
    if parent is None:
        raise InvalidInputError("最上级的组织要写编码。", field="code")
    taken = tree_queries.codes_below(parent)
    number = len(taken) + 1
    while f"{parent.code}-{number:02d}" in taken:
        number += 1
    return f"{parent.code}-{number:02d}"
