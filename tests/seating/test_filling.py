"""How a plan is filled: nobody twice, nobody over, parties and units as asked, always the same."""

import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.seating.filling import Group, Guest, Manner, fill

GUESTS = st.lists(
    st.tuples(st.sampled_from("甲乙丙"), st.one_of(st.none(), st.integers(1, 4)), st.booleans()),
    max_size=40,
)
SIZES = st.lists(st.integers(1, 12), min_size=1, max_size=6)


def groups(*sizes: int) -> list[Group]:
    return [Group(number, size) for number, size in enumerate(sizes, 1)]


def people(unit: str, *numbers: int, party: int | None = None, first: bool = False) -> list[Guest]:
    return [Guest(one, unit, f"{one:03}", party, first) for one in numbers]


@settings(max_examples=200, deadline=None)
@given(
    wanted=GUESTS,
    sizes=SIZES,
    manner=st.sampled_from(Manner),
    by_rows=st.booleans(),
    seed=st.randoms(),
)
def test_nobody_is_seated_twice_and_no_group_is_overfull(
    wanted: list[tuple[str, int | None, bool]],
    sizes: list[int],
    manner: Manner,
    by_rows: bool,
    seed: random.Random,
) -> None:
    guests = [
        Guest(number, unit, f"{number:03}", party, first)
        for number, (unit, party, first) in enumerate(wanted, 1)
    ]
    found = fill(groups(*sizes), guests, manner, by_rows=by_rows)
    assert len(found) == min(len(guests), sum(sizes)), "room is used up before anybody is left out"
    assert len(set(found.values())) == len(found)
    assert all(1 <= number <= sizes[group - 1] for group, number in found.values())
    seed.shuffle(guests)
    again = fill(groups(*sizes), guests, manner, by_rows=by_rows)
    assert again == found, "the order in which people are read decides nothing"


def test_units_keep_together_or_are_mixed() -> None:
    guests = people("甲", *range(1, 6)) + people("乙", *range(6, 11))
    together = fill(groups(5, 5), guests, Manner.TOGETHER, by_rows=False)
    assert len({group for one, (group, _) in together.items() if one <= 5}) == 1
    mixed = fill(groups(5, 5), guests, Manner.MIXED, by_rows=False)
    assert sorted(Counter(group for one, (group, _) in mixed.items() if one <= 5).values()) == [
        2,
        3,
    ]


def test_who_signed_up_together_stays_together_where_there_is_room() -> None:
    guests = people("甲", 1, 2, 3, 4) + people("乙", 5, 6, 7, party=9)
    for manner in Manner:
        for by_rows in (True, False):
            found = fill(groups(5, 4), guests, manner, by_rows=by_rows)
            assert len({found[one][0] for one in (5, 6, 7)}) == 1, (manner, by_rows)


def test_a_party_too_large_for_any_group_is_still_seated() -> None:
    found = fill(groups(2, 2), people("甲", 1, 2, 3, party=1), Manner.TOGETHER, by_rows=True)
    assert len(found) == 3


def test_those_for_whom_the_way_is_long_sit_in_the_first_row() -> None:
    guests = people("甲", 1, 2, 3, 4) + people("乙", 5, 6, first=True)
    for manner in Manner:
        found = fill(groups(2, 4), guests, manner, by_rows=True)
        assert {found[5][0], found[6][0]} == {1}


def test_seats_that_are_taken_stay_as_they_are() -> None:
    rows = groups(3)
    rows[0].taken.update({1, 3})
    assert fill(rows, people("甲", 1, 2), Manner.TOGETHER, by_rows=True) == {1: (1, 2)}
