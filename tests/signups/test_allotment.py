"""The allotment of places, by its written rule: properties and the cases that people ask about."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.signups.allotment import Allotment, Room, Unit, Waiter, allot

UNITS = (1, 2, 3)


@st.composite
def rooms(draw: st.DrawFn) -> Room:
    units = []
    for number in UNITS[: draw(st.integers(0, len(UNITS)))]:
        floor = draw(st.integers(0, 3))
        most = draw(st.none() | st.integers(floor, floor + 4))
        taken = draw(st.integers(0, 5 if most is None else most))
        units.append(Unit(number, f"单位{number}", most, floor, taken))
    taken = sum(unit.taken for unit in units) + draw(st.integers(0, 4))
    return Room(
        capacity=draw(st.none() | st.integers(max(1, taken), taken + 6)),
        taken=taken,
        units=tuple(units),
        floors_until=draw(st.sampled_from(["", "周五 18:00"])),
        groups_until=draw(st.sampled_from(["", "周四 18:00"])),
    )


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Room, list[Waiter]]:
    room = draw(rooms())
    units = st.sampled_from([None, *(unit.id for unit in room.units)])
    parties = st.sampled_from([None, None, None, 7, 8])
    queue = [
        Waiter(number, draw(units), draw(parties), draw(st.booleans()))
        for number in range(1, draw(st.integers(0, 10)) + 1)
    ]
    return room, queue


def filled(room: Room, queue: list[Waiter], given_to: Allotment) -> Room:
    """The room after the allotment."""
    new = Counter(waiter.unit for waiter in queue if waiter.id in given_to.places)
    units = tuple(replace(unit, taken=unit.taken + new[unit.id]) for unit in room.units)
    return replace(room, taken=room.taken + new.total(), units=units)


def kept_for_others(room: Room, unit: int | None = None) -> int:
    if not room.floors_until or room.capacity is None:
        return 0
    return sum(max(0, each.floor - each.taken) for each in room.units if each.id != unit)


@given(scenes())
def test_never_over_capacity_or_quota(scene: tuple[Room, list[Waiter]]) -> None:
    room, queue = scene
    after = filled(room, queue, allot(room, queue))
    assert room.capacity is None or after.taken <= room.capacity
    for unit in after.units:
        assert unit.most is None or unit.taken <= unit.most


@given(scenes())
def test_places_kept_for_a_unit_go_to_nobody_else(scene: tuple[Room, list[Waiter]]) -> None:
    room, queue = scene
    after = filled(room, queue, allot(room, queue))
    if room.capacity is None or not room.floors_until:
        return
    kept_before = kept_for_others(room)
    kept_now = kept_for_others(after)
    if room.capacity - room.taken >= kept_before:
        assert room.capacity - after.taken >= kept_now
    else:  # what is free is less than what was promised: nobody at large gets a place
        by_unit = {unit.id: unit for unit in room.units}
        for waiter in queue:
            if waiter.id in allot(room, queue).places:
                assert waiter.unit is not None
                assert by_unit[waiter.unit].floor > by_unit[waiter.unit].taken


@given(scenes())
def test_everybody_is_told_one_thing_and_the_same_every_time(
    scene: tuple[Room, list[Waiter]],
) -> None:
    room, queue = scene
    found = allot(room, queue)
    assert found == allot(room, queue)
    assert list(found.places) == list(allot(room, queue).places)
    assert set(found.places).isdisjoint(found.waits)
    assert set(found.places) | set(found.waits) == {waiter.id for waiter in queue}
    assert all(place.why for place in found.places.values())
    assert all(found.waits.values())


@given(scenes())
def test_a_group_gets_places_together_or_waits_together(scene: tuple[Room, list[Waiter]]) -> None:
    room, queue = scene
    found = allot(room, queue)
    for party in {waiter.party for waiter in queue} - {None}:
        assert len({waiter.id in found.places for waiter in queue if waiter.party == party}) == 1


@given(scenes())
def test_nobody_is_left_out_who_would_fit_with_nobody_before(
    scene: tuple[Room, list[Waiter]],
) -> None:
    """What is left would not do for those who wait, unless a group before them is waited for."""
    room, queue = scene
    found = allot(room, queue)
    after = filled(room, queue, found)
    waiting = [waiter for waiter in queue if waiter.id in found.waits]
    if waiting:
        head = [waiting[0]]
        if waiting[0].party is not None:
            head = [waiter for waiter in waiting if waiter.party == waiting[0].party]
        assert not allot(after, head).places, "the first who waits does not fit any more"
    if not room.groups_until:
        for waiter in waiting:
            if waiter.party is None:
                assert not allot(after, [waiter]).places


@given(scenes())
def test_done_again_it_gives_nothing_more(scene: tuple[Room, list[Waiter]]) -> None:
    room, queue = scene
    found = allot(room, queue)
    waiting = [waiter for waiter in queue if waiter.id in found.waits]
    assert not allot(filled(room, queue, found), waiting).places


@given(scenes())
def test_alone_of_one_kind_nobody_is_overtaken(scene: tuple[Room, list[Waiter]]) -> None:
    """Of two who stand alone and belong to the same unit, the first is never the second."""
    room, queue = scene
    found = allot(room, queue)
    for unit in {waiter.unit for waiter in queue}:
        alike = [waiter for waiter in queue if waiter.unit == unit and waiter.party is None]
        has_place = [waiter.id in found.places for waiter in alike]
        assert has_place == sorted(has_place, reverse=True)


@given(scenes())
def test_while_a_group_is_waited_for_nobody_behind_takes_a_place_at_large(
    scene: tuple[Room, list[Waiter]],
) -> None:
    room, queue = scene
    room = replace(
        room,
        groups_until="周四 18:00",
        units=tuple(replace(unit, most=None, floor=0) for unit in room.units),
    )
    found = allot(room, queue)
    for party in {waiter.party for waiter in queue} - {None}:
        members = [waiter for waiter in queue if waiter.party == party]
        fits_ever = room.capacity is None or len(members) <= room.capacity
        if len(members) > 1 and members[0].id in found.waits and fits_ever:
            before = queue[: queue.index(members[0])]
            ahead = {waiter.party for waiter in before} - {None}
            behind = [w for w in queue if w not in before and w.party not in ahead]
            assert not [waiter for waiter in behind if waiter.id in found.places]


def people(*units: int | None, party: int | None = None, first: int = 1) -> list[Waiter]:
    return [Waiter(number, unit, party) for number, unit in enumerate(units, first)]


@pytest.mark.parametrize(
    ("room", "queue", "placed"),
    [
        (Room(3, 1), people(None, None, None), [1, 2]),
        (Room(None, 9), people(None, None), [1, 2]),
        # The quota of a unit passes over its people, and nobody else.
        (Room(9, 2, [Unit(1, "甲", 2, taken=2)]), people(1, None, 1), [2]),
        # Two places are kept for 乙: two of the three free ones are not for the first comers.
        (Room(5, 2, [Unit(2, "乙", floor=2)], "周五"), people(None, None, 2, 2, 2), [1, 3, 4]),
        (Room(5, 2, [Unit(2, "乙", floor=2)], ""), people(None, None, 2, 2, 2), [1, 2, 3]),
        # A group is waited for until the hour; afterwards those who fit go on.
        (Room(4, 2, groups_until="周四"), [*people(*[None] * 3, party=7), Waiter(4)], []),
        (Room(4, 2), [*people(*[None] * 3, party=7), Waiter(4)], [4]),
        # Nobody waits for a group that is larger than the hall.
        (Room(2, 1, groups_until="周四"), [*people(*[None] * 3, party=7), Waiter(4)], [4]),
        # A group short of its unit's places is waited for by that unit alone.
        (
            Room(9, 3, [Unit(1, "甲", 3, taken=2)], groups_until="周四"),
            [*people(1, 1, party=7), *people(1, None, first=3)],
            [4],
        ),
        # Who takes what is kept for another unit passes the group: it loses nothing.
        (
            Room(4, 2, [Unit(2, "乙", floor=1)], "周五", "周四"),
            [*people(None, None, party=7), *people(None, 2, first=3)],
            [4],
        ),
    ],
)
def test_who_gets_a_place(room: Room, queue: list[Waiter], placed: list[int]) -> None:
    assert list(allot(room, queue).places) == placed


def test_the_sentences_say_which_place_and_what_is_missing() -> None:
    room = Room(6, 3, [Unit(1, "甲社区", 2, taken=1), Unit(2, "乙社区", floor=1)], "周五 18:00")
    found = allot(room, people(1, 1, 2, None, None))
    assert {number: place.why for number, place in found.places.items()} == {
        1: "按报名先后递补，原候补第 1 位，占甲社区第 2/2 个名额",
        3: "按报名先后递补，原候补第 3 位，用乙社区的保留名额（第 1/1 个）",
        4: "按报名先后递补，原候补第 4 位",
    }
    assert found.waits == {2: "甲社区最多 2 人，名额已用完", 5: "名额已满（6/6）"}
    found = allot(Room(4, 2, [Unit(2, "乙社区", floor=2)], "周五 18:00"), [Waiter(1)])
    assert found.waits == {1: "空着的 2 个名额有一部分到周五 18:00前为乙社区保留"}
    found = allot(Room(4, 2, groups_until="周四"), [*people(*[None] * 3, party=7), Waiter(4)])
    assert found.waits[1] == "3 人一起参加，现在只空 2 个名额"
    assert found.waits[4] == "前面有 3 人一起参加，正等 3 个名额，到周四前不越过他们"
    first = allot(Room(1), [Waiter(1, is_preferred=True)])
    assert first.places[1].why == "经主办方优先安排递补，原候补第 1 位"
