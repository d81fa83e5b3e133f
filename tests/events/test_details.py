"""What may be written about an event, when it is copied to, and how an agenda is read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.errors import InvalidInputError
from portal.events import agenda
from portal.events.details import Details, check
from portal.events.models import EventKind
from portal.events.services import next_occurrence
from portal.people.models import Organisation
from portal.web import merging

# What a clock on a wall in China shows.
WALL_CLOCK = st.datetimes(
    datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2090-01-01")
)
START = datetime(2026, 12, 3, 6, tzinfo=UTC)


def details(**changed: Any) -> Details:
    written: dict[str, Any] = {
        "title": "党课",
        "kind": EventKind.LESSON,
        "starts_at": START,
        "ends_at": START + timedelta(hours=2),
        "host": Organisation(name="汕头路社区党委"),
    }
    return Details(**{**written, **changed})


@pytest.mark.parametrize(
    "allowed",
    [
        {},
        {"title": "字" * 120},
        {"title": "𬱖" * 120},
        {"title": "🎉<script>alert(1)</script>"},
        {"capacity": 1},
        {"signup_closes_at": START + timedelta(hours=2)},
        {"signup_opens_at": START - timedelta(days=2), "signup_closes_at": START},
        {"ends_at": START + timedelta(days=31)},
    ],
)
def test_is_allowed(allowed: dict[str, object]) -> None:
    check(details(**allowed))


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "字" * 121}, "title"),
        ({"place": "字" * 121}, "place"),
        ({"lecturer": "字" * 61}, "lecturer"),
        ({"summary": "字" * 5001}, "summary"),
        ({"ends_at": START}, "ends_at"),
        ({"ends_at": START - timedelta(minutes=1)}, "ends_at"),
        ({"ends_at": START + timedelta(days=31, minutes=1)}, "ends_at"),
        ({"starts_at": START.replace(year=1026)}, "starts_at"),
        ({"starts_at": START.replace(year=2226)}, "starts_at"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": -5}, "capacity"),
        ({"capacity": 10**9}, "capacity"),
        ({"signup_closes_at": START + timedelta(hours=3)}, "signup_closes_at"),
        ({"signup_closes_at": START.replace(year=1026)}, "signup_closes_at"),
        ({"signup_opens_at": START}, "signup_opens_at"),
        (
            {
                "signup_opens_at": START - timedelta(days=1),
                "signup_closes_at": START - timedelta(days=2),
            },
            "signup_opens_at",
        ),
    ],
)
def test_is_refused_beside_its_field(broken: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check(details(**broken))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("start", "today", "next_start"),
    [
        # the second Thursday follows the second Thursday
        ("2026-10-08 14:30", "2026-10-09", "2026-11-12 14:30"),
        ("2026-10-08 14:30", "2026-10-01", "2026-11-12 14:30"),
        # long ago: the first one still to come
        ("2025-03-13 09:00", "2026-11-20", "2026-12-10 09:00"),
        # the fifth Friday becomes the last one of a month that has four
        ("2026-10-30 19:00", "2026-10-31", "2026-11-27 19:00"),
        ("2026-12-31 09:00", "2026-12-31", "2027-01-28 09:00"),
    ],
)
def test_a_copy_takes_the_same_weekday_of_the_next_month(
    start: str, today: str, next_start: str
) -> None:
    found = next_occurrence(
        clock.from_local(datetime.fromisoformat(start)),
        clock.from_local(datetime.fromisoformat(today)),
    )
    assert f"{clock.local(found):%Y-%m-%d %H:%M}" == next_start


@given(
    start=WALL_CLOCK,
    today=WALL_CLOCK,
)
def test_a_copy_is_always_in_the_future_on_the_same_weekday_and_hour(
    start: datetime, today: datetime
) -> None:
    starts_at, moment = clock.from_local(start), clock.from_local(today)
    found = next_occurrence(starts_at, moment)
    assert found > max(starts_at, moment)
    assert found - max(starts_at, moment) <= timedelta(days=62)
    assert clock.local(found).weekday() == start.weekday()
    assert clock.local(found).time().replace(microsecond=0) == start.time().replace(microsecond=0)


@pytest.mark.parametrize(
    ("line", "time", "text"),
    [
        ("9:00 集合签到", "9:00", "集合签到"),
        ("09:05 集合", "9:05", "集合"),
        ("9：30-10：15 讲授", "9:30–10:15", "讲授"),
        ("9:30至10:15，讲授", "9:30–10:15", "讲授"),
        ("23:59散会", "23:59", "散会"),
        ("自由交流", "", "自由交流"),
        ("24:00 不是时间", "", "24:00 不是时间"),
        ("9:00", "", "9:00"),
        ("<script>", "", "<script>"),
    ],
)
def test_an_agenda_line_has_a_time_at_its_head_or_none(line: str, time: str, text: str) -> None:
    assert agenda.items(f"\n  {line}\r\n\n") == [agenda.Item(time, text)]


@given(st.dictionaries(st.sampled_from(["title", "place", "note"]), st.text(max_size=20)))
def test_a_form_sees_exactly_what_changed_meanwhile(now: dict[str, str]) -> None:
    carried = merging.seen(dict.fromkeys(now, "甲"))
    assert merging.changed_since(carried, now) == {k for k, v in now.items() if v != "甲"}


def test_a_form_that_carries_nonsense_saw_nothing() -> None:
    assert merging.changed_since("a b= =c title", {"title": "甲"}) == set()
