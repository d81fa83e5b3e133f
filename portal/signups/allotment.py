"""Who gets the free places, in which order, and why: one rule for every path. Pure.

The queue is gone through once, from its head:

- Whoever fits gets a place: within the capacity, within the most that the unit may take, and
  not on a place that is kept for others.
- While floors hold, each unit has so many places kept for it; its people take these first.
- Whoever does not fit alone is passed over and stays where he stands.
- People signed up together get places together. While groups are waited for, nobody behind
  one that does not fit takes what it lacks: places at large, or places of its unit. Who only
  takes what is kept for another unit passes, since that is not lost to the group. A group
  that would not even fit into the empty hall is waited for by nobody.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Unit:
    """A unit with a quota: the most places, those kept for it, those its people have."""

    id: int
    name: str
    most: int | None = None
    floor: int = 0
    taken: int = 0


@dataclass(frozen=True)
class Waiter:
    """Somebody in the queue; `unit` is the one with a quota that the person belongs to."""

    id: int
    unit: int | None = None
    party: int | None = None
    is_preferred: bool = False


@dataclass(frozen=True)
class Room:
    """What there is: capacity (None: no limit), places taken or offered, and units.

    `floors_until` and `groups_until` say until when places are kept and groups are waited
    for, as people read it; empty when that is over.
    """

    capacity: int | None
    taken: int = 0
    units: Sequence[Unit] = ()
    floors_until: str = ""
    groups_until: str = ""


@dataclass(frozen=True)
class Place:
    """A place that somebody gets: from which position, with how many, and which if a unit's."""

    position: int
    is_preferred: bool = False
    together: int = 1
    which: str = ""

    @property
    def why(self) -> str:
        """Why it goes to whoever has waited for it."""
        order = "经主办方优先安排" if self.is_preferred else "按报名先后"
        return f"{order}递补，原候补第 {self.position} 位{self.besides}"

    @property
    def besides(self) -> str:
        """With whom one comes and which place it is, as the end of a sentence; often empty."""
        together = f"，{self.together} 人一起参加" if self.together > 1 else ""
        return f"{together}{self.which and f'，{self.which}'}"


@dataclass(frozen=True)
class Allotment:
    """Who gets a place, in that order; why each of the others waits."""

    places: Mapping[int, Place]
    waits: Mapping[int, str]


def allot(room: Room, queue: Sequence[Waiter]) -> Allotment:
    """Go through the queue from its head and say who gets a place now, and why."""
    hall = _Hall(room)
    places: dict[int, Place] = {}
    waits: dict[int, str] = {}
    waited_for = _WaitedFor()
    for position, party in _parties(queue):
        why = waited_for.holds_back(hall, party) or hall.refusal(party)
        if why:
            waits |= dict.fromkeys((waiter.id for waiter in party), why)
            if len(party) > 1 and room.groups_until and hall.could_ever_hold(party):
                waited_for.wait_for(hall, party)
            continue
        for number, waiter in enumerate(party):
            which = hall.take(waiter)
            places[waiter.id] = Place(position + number, waiter.is_preferred, len(party), which)
    return Allotment(places, waits)


def could_ever_fit(room: Room, party: Sequence[Waiter]) -> bool:
    """Return whether these people could come together if nobody had a place yet."""
    return _Hall(replace(room, floors_until="")).could_ever_hold(party)


def _parties(queue: Sequence[Waiter]) -> Iterator[tuple[int, list[Waiter]]]:
    """Yield who goes together, where the first of them stands, each with that position."""
    together: dict[int, list[Waiter]] = {}
    for waiter in queue:
        if waiter.party is not None:
            together.setdefault(waiter.party, []).append(waiter)
    position = 1
    for waiter in queue:
        if waiter.party is None:
            party = [waiter]
        elif together[waiter.party][0] is waiter:
            party = together[waiter.party]
        else:
            continue
        yield position, party
        position += len(party)


class _Hall:
    """The room while it fills up."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.units = {unit.id: unit for unit in room.units}
        self.taken = room.taken
        self.taken_by = {unit.id: unit.taken for unit in room.units}

    def kept(self, unit: int) -> int:
        """Return how many places are still kept for the unit."""
        if not self.room.floors_until or self.room.capacity is None:
            return 0
        return max(0, self.units[unit].floor - self.taken_by[unit])

    @property
    def free(self) -> int:
        """Return how many places nobody has; only asked where there is a limit."""
        return max(0, (self.room.capacity or 0) - self.taken)

    @property
    def at_large(self) -> int:
        """Return how many of the free places are kept for nobody."""
        return max(0, self.free - sum(self.kept(unit) for unit in self.units))

    def needs_at_large(self, party: Sequence[Waiter]) -> int:
        """Return how many places the party takes beyond those kept for its units."""
        return sum(
            number if unit is None else max(0, number - self.kept(unit))
            for unit, number in _numbers(party).items()
        )

    def short_units(self, party: Sequence[Waiter]) -> list[Unit]:
        """Return the units of which too many would have a place."""
        short = []
        for unit_id, number in _numbers(party).items():
            unit = self.units[unit_id] if unit_id is not None else None
            most = unit.most if unit is not None else None
            if unit is not None and most is not None and self.taken_by[unit.id] + number > most:
                short.append(unit)
        return short

    def refusal(self, party: Sequence[Waiter]) -> str:
        """Return why the party does not fit now, empty if it does."""
        together = f"{len(party)} 人一起参加，" if len(party) > 1 else ""
        for unit in self.short_units(party):
            most = unit.most or 0
            left = max(0, most - self.taken_by[unit.id])
            if not left:
                return f"{unit.name}最多 {most} 人，名额已用完"
            return f"{together}{unit.name}只剩 {left} 个名额"
        capacity = self.room.capacity
        if capacity is None:
            return ""
        if not self.free:
            return f"名额已满（{self.taken}/{capacity}）"
        if len(party) > self.free:
            return f"{together}现在只空 {self.free} 个名额"
        if self.needs_at_large(party) > self.at_large:
            names = "、".join(unit.name for unit in self.room.units if self.kept(unit.id))
            until = self.room.floors_until
            return f"{together}空着的 {self.free} 个名额有一部分到{until}前为{names}保留"
        return ""

    def could_ever_hold(self, party: Sequence[Waiter]) -> bool:
        """Return whether the party would fit if nobody had a place."""
        empty = _Hall(self.room)
        empty.taken, empty.taken_by = 0, dict.fromkeys(self.units, 0)
        return not empty.refusal(party)

    def take(self, waiter: Waiter) -> str:
        """Take a place for the waiter, and say which if it is a unit's."""
        self.taken += 1
        if waiter.unit is None:
            return ""
        unit, is_kept = self.units[waiter.unit], self.kept(waiter.unit) > 0
        self.taken_by[unit.id] += 1
        number = self.taken_by[unit.id]
        if is_kept:
            return f"用{unit.name}的保留名额（第 {number}/{unit.floor} 个）"
        return f"占{unit.name}第 {number}/{unit.most} 个名额" if unit.most is not None else ""


@dataclass
class _WaitedFor:
    """What groups that do not fit yet wait for, and who therefore stays behind them."""

    # Why nobody else takes a place at large, and the units of the groups that lack one.
    at_large: str = ""
    units: set[int] = field(default_factory=set)
    # Why nobody else of a unit takes a place of its quota.
    of_unit: dict[int, str] = field(default_factory=dict)

    def wait_for(self, hall: _Hall, party: Sequence[Waiter]) -> None:
        """Let those behind wait for the party."""
        until = hall.room.groups_until
        short = hall.short_units(party)
        for unit in short:
            self.of_unit.setdefault(
                unit.id,
                f"前面有 {len(party)} 人一起参加，正等{unit.name}的名额，到{until}前不越过他们",
            )
        if short:
            return
        why = f"前面有 {len(party)} 人一起参加，正等 {len(party)} 个名额，到{until}前不越过他们"
        self.at_large = self.at_large or why
        self.units |= {waiter.unit for waiter in party if waiter.unit is not None}

    def holds_back(self, hall: _Hall, party: Sequence[Waiter]) -> str:
        """Return why the party stays behind a group, empty if it does not."""
        for unit in _numbers(party):
            if unit in self.of_unit:
                return self.of_unit[unit]
        if not self.at_large:
            return ""
        shares = any(waiter.unit in self.units for waiter in party)
        return self.at_large if shares or hall.needs_at_large(party) else ""


def _numbers(party: Sequence[Waiter]) -> Counter[int | None]:
    """Return how many of the party belong to each unit."""
    return Counter(waiter.unit for waiter in party)
