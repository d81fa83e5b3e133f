"""Filling a plan: who sits where, decided without the database. Pure, and always the same.

Those for whom the way is long (the old, whoever has asked for a wheelchair) come first, into
the first rows. People who signed up together stay together as long as any group has room for
them; units keep together, or are mixed, as the host wants.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Manner(StrEnum):
    """How units are put into groups."""

    TOGETHER = "together"
    MIXED = "mixed"

    @property
    def label(self) -> str:
        """Chinese words for the form."""
        return {"together": "同单位坐在一起", "mixed": "各单位混合"}[self.value]


@dataclass(frozen=True)
class Guest:
    """Somebody to be seated; `order` is the place in lists, and so decides what is equal."""

    id: int
    unit: str = ""
    order: str = ""
    party: int | None = None
    goes_first: bool = False


@dataclass
class Group:
    """A group or row with the numbers that are taken, and how many of which unit sit there."""

    id: int
    size: int
    taken: set[int] = field(default_factory=set)
    units: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def room(self) -> int:
        """How many more can sit here."""
        return self.size - len(self.taken)

    def seat(self, guest: Guest) -> int:
        """Take the first free number."""
        number = next(one for one in range(1, self.size + 1) if one not in self.taken)
        self.taken.add(number)
        self.units[guest.unit] += 1
        return number


def fill(
    groups: Sequence[Group], guests: Sequence[Guest], manner: Manner, *, by_rows: bool
) -> dict[int, tuple[int, int]]:
    """Return group and number by person; who finds no room is left out.

    `by_rows` fills from the front, row after row; groups of equal rank fill evenly.
    """
    found: dict[int, tuple[int, int]] = {}
    for cluster in _clusters(guests):
        whole = _choose(groups, cluster, manner, by_rows=by_rows, room=len(cluster))
        for guest in cluster:
            group = whole or _choose(groups, [guest], manner, by_rows=by_rows, room=1)
            if group is not None:
                found[guest.id] = (group.id, group.seat(guest))
    return found


def _clusters(guests: Sequence[Guest]) -> list[list[Guest]]:
    """Return those who stay together, in the order in which they are seated."""
    parties: dict[tuple[int, int], list[Guest]] = defaultdict(list)
    for guest in guests:
        parties[(1, guest.party) if guest.party is not None else (0, guest.id)].append(guest)
    clusters = [sorted(party, key=_order) for party in parties.values()]
    return sorted(
        clusters, key=lambda one: (not any(guest.goes_first for guest in one), _order(one[0]))
    )


def _order(guest: Guest) -> tuple[str, str, int]:
    return guest.unit, guest.order, guest.id


def _choose(
    groups: Sequence[Group], cluster: Sequence[Guest], manner: Manner, *, by_rows: bool, room: int
) -> Group | None:
    """Return where these go; groups are in the order of the plan, the front first."""
    fitting = [(place, group) for place, group in enumerate(groups) if group.room >= room]
    if not fitting:
        return None
    unit = cluster[0].unit
    goes_first = any(guest.goes_first for guest in cluster)

    def rank(one: tuple[int, Group]) -> tuple[int, ...]:
        place, group = one
        if goes_first:
            return (place,)
        if manner is Manner.MIXED:
            return (group.units.get(unit, 0), len(group.taken) * 1000 // group.size, place)
        if by_rows:
            return (place,)
        return (-int(unit in group.units), -group.room, place)

    return min(fitting, key=rank)[1]
