"""Slots of a day: properties that hold for any hours, closures and uses, on any day."""

import itertools
from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.sites.models import Closure, OpeningHours, Room
from portal.sites.uses.load import load_of, monday_of
from portal.sites.uses.models import RoomUse, UseKind, VisitRules, default_rules
from portal.sites.uses.slots import Opening, nearest_free, slots

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
# Days at which calendars go wrong: ends of months, leap days, the turn of the year, and the days
# on which other countries set their clocks.
ODD_DAYS = st.sampled_from(
    [
        date(2024, 2, 28),
        date(2024, 2, 29),
        date(2028, 2, 29),
        date(2025, 2, 28),
        date(2026, 12, 31),
        date(2027, 1, 1),
        date(2026, 3, 29),
        date(2026, 10, 25),
        date(2026, 4, 30),
    ]
)
ANY_DAY = st.one_of(DAYS, ODD_DAYS)
MINUTES = st.integers(0, 1440)


def rules(**values: object) -> VisitRules:
    made = default_rules(1)
    for name, value in values.items():
        setattr(made, name, value)
    return made


def room(number: int, capacity: int = 20, **values: object) -> Room:
    made = Room(id=number, site_id=1, name=f"第{number}室", capacity=capacity, is_bookable=True)
    for name, value in values.items():
        setattr(made, name, value)
    return made


def hours(weekday: int, opens: int, closes: int) -> OpeningHours:
    return OpeningHours(site_id=1, weekday=weekday, opens_minute=opens, closes_minute=closes)


def use(room_id: int, starts_at: datetime, minutes: int, **values: object) -> RoomUse:
    return RoomUse(
        room_id=room_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        kind=values.pop("kind", UseKind.VISIT),
        slots=values.pop("slots", 1),
        **values,
    )


def local_midnight(day: date) -> datetime:
    return clock.from_local(datetime.combine(day, time.min))


@st.composite
def openings(draw: st.DrawFn) -> Opening:
    spans = draw(
        st.lists(
            st.tuples(st.integers(0, 6), MINUTES, MINUTES).filter(lambda span: span[1] < span[2]),
            max_size=14,
        )
    )
    length = draw(st.integers(15, 480))
    resting = draw(st.sets(st.integers(0, 6), max_size=3))
    return Opening(
        hours=[hours(*span) for span in spans],
        closures=[],
        rules=rules(slot_minutes=length, rest_weekdays="".join(map(str, sorted(resting)))),
    )


USES = st.lists(
    st.tuples(st.integers(1, 3), st.integers(-600, 2000), st.integers(1, 600)), max_size=8
)


@given(openings(), ANY_DAY, USES)
def test_a_slot_lies_in_the_hours_has_its_length_and_meets_no_use(
    opening: Opening, day: date, taken: list[tuple[int, int, int]]
) -> None:
    midnight = local_midnight(day)
    uses = [use(who, midnight + timedelta(minutes=start), long) for who, start, long in taken]
    rooms = [room(1), room(2), room(3)]
    found = slots(opening, day, rooms, uses)
    for slot in found:
        assert slot.ends_at - slot.starts_at == opening.rules.length_of(1)
        assert slot.day == day
        assert opening.is_open(slot.starts_at, slot.ends_at)
        for free in slot.rooms:
            assert not [
                one
                for one in uses
                if one.room_id == free.id
                and one.starts_at < slot.ends_at
                and slot.starts_at < one.ends_at
            ]
    for before, following in itertools.pairwise(found):
        assert before.ends_at <= following.starts_at, "slots follow each other"
    if day.weekday() in opening.rules.rest_days:
        assert found == [], "a rest day has none"


@given(openings(), ANY_DAY, USES, st.integers(2, 3))
def test_slots_in_a_row_are_slots_of_the_site_that_follow_without_a_gap(
    opening: Opening, day: date, taken: list[tuple[int, int, int]], count: int
) -> None:
    midnight = local_midnight(day)
    uses = [use(who, midnight + timedelta(minutes=start), long) for who, start, long in taken]
    rooms = [room(1), room(2), room(3)]
    single = {slot.starts_at: slot for slot in slots(opening, day, rooms, uses)}
    for slot in slots(opening, day, rooms, uses, count=count):
        assert slot.ends_at - slot.starts_at == opening.rules.length_of(count)
        parts = [single[slot.starts_at + opening.rules.length_of(n)] for n in range(count)]
        for free in slot.rooms:
            assert all(free in part.rooms for part in parts)


@given(openings(), ANY_DAY)
def test_no_time_is_left_in_which_another_slot_would_fit(opening: Opening, day: date) -> None:
    found = slots(opening, day, [room(1)], [])
    if not opening.receives_on(day):
        return
    length = opening.rules.slot_minutes
    assert len(found) == sum((span.closes - span.opens) // length for span in opening.spans(day))


@given(ANY_DAY)
def test_a_closed_site_has_no_slots_a_closed_room_only_those_of_the_others(day: date) -> None:
    whole = Closure(site_id=1, starts_on=day, ends_on=day, weekday=None, room_id=None)
    own = [hours(weekday, 540, 1020) for weekday in range(7)]
    rooms = [room(1), room(2)]
    assert slots(Opening(own, [whole], rules()), day, rooms, []) == []
    one = Closure(site_id=1, starts_on=day, ends_on=None, weekday=day.weekday(), room_id=1)
    found = slots(Opening(own, [one], rules()), day, rooms, [])
    assert found
    assert {free.id for slot in found for free in slot.rooms} == {2}


def test_only_rooms_that_hold_the_people_and_may_be_booked() -> None:
    day = date(2026, 11, 30)
    own = [hours(0, 540, 720)]
    rooms = [room(1, capacity=10), room(2, capacity=30), room(3, capacity=99, is_bookable=False)]
    found = slots(Opening(own, [], rules()), day, rooms, [], people=20)
    assert [[free.id for free in slot.rooms] for slot in found] == [[2], [2]]


def test_slots_that_have_begun_are_left_out() -> None:
    day = date(2026, 11, 30)
    own = [hours(0, 540, 720)]
    found = slots(
        Opening(own, [], rules()),
        day,
        [room(1)],
        [],
        after=local_midnight(day) + timedelta(hours=9),
    )
    assert [slot.start for slot in found] == ["10:30"]


@given(st.lists(st.integers(0, 10_000), min_size=1, unique=True), st.integers(0, 10_000))
def test_the_nearest_free_slots_are_offered_in_order_of_time(starts: list[int], asked: int) -> None:
    midnight = local_midnight(date(2026, 11, 30))
    opening = Opening([hours(0, 540, 720)], [], rules())
    blank = slots(opening, date(2026, 11, 30), [room(1)], [])[0]
    moments = [midnight + timedelta(minutes=start) for start in starts]
    made = [type(blank)(moment, moment + timedelta(hours=1), blank.rooms) for moment in moments]
    wanted = midnight + timedelta(minutes=asked)
    offered = nearest_free(made, wanted)
    assert len(offered) == min(3, len(made))
    assert [slot.starts_at for slot in offered] == sorted(slot.starts_at for slot in offered)
    farthest = max(abs(slot.starts_at - wanted) for slot in offered)
    others = [slot for slot in made if slot not in offered]
    assert all(abs(slot.starts_at - wanted) >= farthest for slot in others)


@given(ANY_DAY, st.lists(st.integers(-20_000, 20_000), max_size=12))
def test_the_load_of_a_week_counts_the_slots_of_what_begins_in_it(
    day: date, starts: list[int]
) -> None:
    monday = monday_of(day)
    uses = [
        use(1, local_midnight(monday) + timedelta(minutes=start), 60, people=3, slots=1 + start % 3)
        for start in starts
    ]
    load = load_of(day, uses, rules(weekly_visits=2))
    inside = [start for start in starts if 0 <= start < 7 * 1440]
    assert load.visits == sum(1 + start % 3 for start in inside)
    assert load.people == 3 * len(inside)
    assert load.is_full == (load.visits >= 2)
    assert load.monday.weekday() == 0
