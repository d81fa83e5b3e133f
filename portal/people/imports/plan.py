"""What an import would do, row by row, before anything is done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from portal.people.imports.columns import Table

# Called with how many more rows are done.
Progress = Callable[[int], object]
Planned = TypeVar("Planned")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A cell that keeps its row out: row number, column and reason as the reader sees them."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that changes, in words; an empty side says 无."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change(Generic[Planned]):
    """A row that changes something that is there."""

    planned: Planned
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows each fate has; together they are the rows of the table."""

    created: int
    changed: int
    unchanged: int
    refused: int

    def __str__(self) -> str:
        return (
            f"created {self.created}, changed {self.changed}, "
            f"unchanged {self.unchanged}, refused {self.refused}"
        )


@dataclass
class Plan(Generic[Planned]):
    """The fate of every row of one table."""

    table: Table
    created: list[Planned] = field(default_factory=list)
    changed: list[Change[Planned]] = field(default_factory=list)
    unchanged: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, row: int, column: str, reason: str) -> None:
        """Keep a row out, and say why; a row may have several reasons."""
        self.refusals.append(Refusal(row, column, reason))

    @property
    def counts(self) -> Counts:
        """How many rows are taken, changed, left and refused."""
        return Counts(
            created=len(self.created),
            changed=len(self.changed),
            unchanged=self.unchanged,
            refused=len({refusal.row for refusal in self.refusals}),
        )

    def in_order(self) -> list[Refusal]:
        """Return the refusals from the top of the table to its end."""
        return sorted(self.refusals, key=lambda refusal: refusal.row)


def differences(pairs: Iterable[tuple[str, str, str]]) -> tuple[Difference, ...]:
    """Return those of (label, old, new) that differ."""
    return tuple(Difference(*pair) for pair in pairs if pair[1] != pair[2])
