"""How many hours somebody owes in a year (DOMAIN 2.6), pure.

Month by month: what counts is how things stood on the first of each month. Whoever joins,
takes a post or is excused during the year owes the part of the months that remain.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.hours.kinds import Category, hours_words

MONTHS = 12
# Concentrated training is asked of whoever has held a post for so many months of the year.
LEAST_OFFICER_MONTHS = 6
_OFFICERS = ("书记", "委员")


@dataclass(frozen=True)
class Threshold:
    """What a category owes from a year on, for an organisation and all below it; in halves."""

    id: int | None
    category: Category
    path: str
    year_from: int
    halves: int
    concentrated: int = 0
    # Whoever joins during the year owes the part of the months; else the whole.
    prorates: bool = True
    citation: str = ""


class Thresholds:
    """All thresholds; the nearest above a place wins, then the latest."""

    def __init__(self, rows: Iterable[Threshold]) -> None:
        self._rows = list(rows)

    def of(self, category: Category, path: str, year: int) -> Threshold | None:
        """Return what the category owes in a year where the person belongs; None for nothing."""
        found = [
            row
            for row in self._rows
            if row.category is category and path.startswith(row.path) and row.year_from <= year
        ]
        return max(found, key=lambda row: (len(row.path), row.year_from, row.id or 0), default=None)


@dataclass(frozen=True)
class Term:
    """A time during which a post was held, or somebody was exempt; None is open."""

    valid_from: date | None
    valid_to: date | None

    def holds(self, day: date) -> bool:
        """Return whether it holds on that day."""
        started = self.valid_from is None or self.valid_from <= day
        return started and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Owing:
    """What of a person decides how much is owed."""

    path: str
    # Since when a member here; None for longer than is known.
    since: date | None = None
    exempt: Sequence[Term] = ()
    terms: Sequence[Term] = ()


@dataclass(frozen=True)
class Owed:
    """What is owed in a year; `halves` None: nothing is (exempt, or not here yet)."""

    category: Category
    halves: int | None
    concentrated: int = 0
    threshold: Threshold | None = None
    words: str = ""


def is_officer_title(title: str) -> bool:
    """书记、副书记 and members of a committee are officers; leaders of groups are not."""
    return any(word in title for word in _OFFICERS)


def owed(person: Owing, year: int, thresholds: Thresholds) -> Owed:
    """Return how much the person owes in that year, and how that is reckoned."""
    firsts = [date(year, month, 1) for month in range(1, MONTHS + 1)]
    obliged = [day for day in firsts if _is_obliged(person, day)]
    as_officer = [day for day in obliged if any(term.holds(day) for term in person.terms)]
    category = Category.OFFICER if as_officer and as_officer[-1] == obliged[-1] else Category.MEMBER
    mine = thresholds.of(category, person.path, year)
    if not obliged:
        return Owed(category, None, words="全年免予参加组织生活或还没有加入，不作要求")
    if mine is None:
        return Owed(category, None, words="这一年没有规定学时")
    if len(obliged) == MONTHS and len(as_officer) in (0, MONTHS):
        return Owed(category, mine.halves, mine.concentrated, mine, "全年")
    if not mine.prorates:
        return Owed(category, mine.halves, mine.concentrated, mine, "不按月折算")
    other = thresholds.of(Category.MEMBER, person.path, year)
    plain = other.halves if other else 0
    officer = thresholds.of(Category.OFFICER, person.path, year)
    high = officer.halves if officer else plain
    months = ((high, len(as_officer)), (plain, len(obliged) - len(as_officer)))
    halves = sum(figure * number for figure, number in months) // MONTHS
    asked = mine.concentrated if len(as_officer) >= LEAST_OFFICER_MONTHS else 0
    said = " + ".join(f"{hours_words(figure)} × {number}/12" for figure, number in months if number)
    return Owed(category, halves, asked, mine, f"按月折算：{said}")


def _is_obliged(person: Owing, day: date) -> bool:
    if person.since is not None and person.since > day:
        return False
    return not any(term.holds(day) for term in person.exempt)


@dataclass(frozen=True)
class Standing:
    """What is owed beside what was done; halves."""

    owed: Owed
    confirmed: int
    waiting: int = 0
    concentrated: int = 0

    @property
    def missing(self) -> int:
        """How much is still missing; nothing where nothing is owed."""
        return max(0, (self.owed.halves or 0) - self.confirmed)

    @property
    def missing_concentrated(self) -> int:
        """How many concentrated trainings are still missing."""
        return max(0, self.owed.concentrated - self.concentrated)

    @property
    def is_there(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing and not self.missing_concentrated

    @property
    def share(self) -> int:
        """The part that is done, in per cent, at most all of it."""
        if not self.owed.halves:
            return 100
        return min(100, 100 * self.confirmed // self.owed.halves)
