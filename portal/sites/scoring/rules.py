"""Criteria, gates and sums. Pure.

A tree of criteria is typed as lines: a dash for each level below the first, the points at the
end; a gate begins with its name and has none. Only criteria without others below them are
scored; what stands below one never adds up to more than it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from portal.errors import InvalidInputError
from portal.sites.models import CriterionKind, SheetStage

LONGEST_NAME = 120
LONGEST_EVIDENCE = 500
MOST_POINTS = 1_000
MOST_CRITERIA = 120
MOST_LEVELS = 3
_LINE = re.compile(r"(?P<dashes>[-－—–·\s]*)(?P<name>.*?)(?:[\s:：]+(?P<points>\d{1,4})\s*分?)?")
_GATES = {
    "前置条件": CriterionKind.CONDITION,
    "一票否决": CriterionKind.VETO,
}
# Who writes in turn; what follows them is decided by days.
WRITING = (SheetStage.SELF, SheetStage.COMMUNITY, SheetStage.OFFICE)


@dataclass
class Line:
    """A criterion as it is typed; `below` are those that make it up."""

    name: str
    kind: CriterionKind = CriterionKind.POINTS
    points: int = 0
    below: list["Line"] = field(default_factory=list)


def lines_typed(text: str) -> list[Line]:
    """Return the tree that was typed; raise InvalidInputError for the first line that is wrong."""
    roots: list[Line] = []
    above: list[Line] = []
    count = 0
    for number, typed in enumerate(text.splitlines(), 1):
        if not typed.strip():
            continue
        count += 1
        level, line = _read(typed, number)
        if line.kind is CriterionKind.POINTS:
            if level > len(above) or level >= MOST_LEVELS:
                raise _wrong(number, f"最多 {MOST_LEVELS} 级，下一级要紧跟在上一级后面")
            del above[level:]
            (above[-1].below if above else roots).append(line)
            above.append(line)
        else:
            roots.append(line)
            above = []
    if not any(line.kind is CriterionKind.POINTS for line in roots):
        raise InvalidInputError("请至少写一条计分项。", field="criteria")
    if count > MOST_CRITERIA:
        raise InvalidInputError(f"最多 {MOST_CRITERIA} 条。", field="criteria")
    for root in roots:
        _check_sums(root)
    return roots


def _read(typed: str, number: int) -> tuple[int, Line]:
    found = _LINE.fullmatch(typed.rstrip())
    assert found is not None  # noqa: S101  the pattern takes any line
    name, level = found["name"].strip(), len(re.findall(r"[-－—–·]", found["dashes"]))
    for word, kind in _GATES.items():
        if name.startswith(word):
            if level:
                raise _wrong(number, f"{word}要单独成行，前面不加短横")
            told = typed.strip()[len(word) :].strip(" :：")
            if not told or len(told) > LONGEST_NAME:
                raise _wrong(number, f"{word}后面要写明内容，最多 {LONGEST_NAME} 个字")
            return 0, Line(told, kind)
    if not name or len(name) > LONGEST_NAME:
        raise _wrong(number, f"要写明内容，最多 {LONGEST_NAME} 个字")
    if found["points"] is None:
        raise _wrong(number, "末尾要写分值，例如“组织设立 5”")
    points = int(found["points"])
    if not 1 <= points <= MOST_POINTS:
        raise _wrong(number, f"分值在 1 到 {MOST_POINTS} 之间")
    return level, Line(name, points=points)


def _check_sums(line: Line) -> None:
    below = sum(child.points for child in line.below)
    if below > line.points:
        raise InvalidInputError(
            f"“{line.name}”是 {line.points} 分，下面各项合计 {below} 分，超过了它。",
            field="criteria",
        )
    for child in line.below:
        _check_sums(child)


def _wrong(number: int, why: str) -> InvalidInputError:
    return InvalidInputError(f"第 {number} 行：{why}。", field="criteria")


# ------------------------------------------------------------------ sums


class Scored(Protocol):
    """A criterion as it is kept."""

    @property
    def id(self) -> int: ...
    @property
    def parent_id(self) -> int | None: ...
    @property
    def kind(self) -> CriterionKind: ...
    @property
    def max_points(self) -> int: ...


def leaves(criteria: Sequence[Scored]) -> list[Scored]:
    """Return what is scored: points without others below them, and the gates."""
    parents = {one.parent_id for one in criteria}
    return [one for one in criteria if one.id not in parents]


def highest(criteria: Iterable[Scored]) -> int:
    """Return the points that can be reached at most."""
    return sum(one.max_points for one in criteria if one.parent_id is None)


def sums(criteria: Sequence[Scored], given: Mapping[int, int]) -> dict[int, int]:
    """Return the points of each criterion: given ones, and above them what lies below."""
    found = {
        one.id: given.get(one.id, 0) for one in leaves(criteria) if one.kind is CriterionKind.POINTS
    }

    def total(one: Scored) -> int:
        if one.id not in found:
            found[one.id] = sum(total(child) for child in criteria if child.parent_id == one.id)
        return found[one.id]

    for one in criteria:
        if one.kind is CriterionKind.POINTS:
            total(one)
    return found


def total(criteria: Sequence[Scored], given: Mapping[int, int]) -> int:
    """Return the points of the whole sheet."""
    found = sums(criteria, given)
    return sum(points for one in criteria if (points := found.get(one.id, 0)) and not one.parent_id)


def closed_gates(criteria: Sequence[Scored], given: Mapping[int, int]) -> list[Scored]:
    """Return the gates that keep the site out: a condition not met, a fault that was found."""
    return [
        one
        for one in criteria
        if (one.kind is CriterionKind.CONDITION and not given.get(one.id))
        or (one.kind is CriterionKind.VETO and given.get(one.id))
    ]


def next_stage(stage: SheetStage) -> SheetStage:
    """Return which hand writes after this one; after the office the public reads."""
    order = list(SheetStage)
    return order[min(order.index(stage) + 1, len(order) - 1)]
