"""One number that puts what is found in order."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.database import db
from portal.search import services
from portal.search.models import SearchEntry
from portal.search.places import HIGHEST_RANK, ID_MASK, KINDS, place, places, rank_of

ids = st.integers(1, ID_MASK)
ranks = st.integers(0, HIGHEST_RANK)
kinds = st.sampled_from(sorted(KINDS))


@given(kinds, ids, ranks)
def test_a_number_holds_kind_and_id(kind: str, object_id: int, rank: int) -> None:
    number = place(kind, object_id, rank)
    first, last = places(kind)
    assert first <= number <= last
    assert number & ID_MASK == object_id
    assert 0 < number < 2**63
    for other in set(KINDS) - {kind}:
        assert not places(other)[0] <= number <= places(other)[1]


@given(kinds, ids, ids, ranks, ranks)
def test_a_higher_rank_is_a_higher_number(
    kind: str, one: int, other: int, low: int, high: int
) -> None:
    if low < high:
        assert place(kind, one, low) < place(kind, other, high)


@given(st.datetimes(timezones=st.just(UTC)))
def test_later_is_never_a_lower_rank(moment: datetime) -> None:
    later = min(moment, datetime(9998, 1, 1, tzinfo=UTC)) + timedelta(hours=1)
    assert 0 <= rank_of(moment) <= HIGHEST_RANK
    assert rank_of(min(moment, later)) <= rank_of(max(moment, later))


def test_an_unknown_kind_has_no_place() -> None:
    with pytest.raises(KeyError):
        place("nonsense", 1)


def test_moving_a_thing_gives_it_another_number(app: Flask, any_database: str) -> None:
    start = datetime(2026, 12, 3, 6, 30, tzinfo=UTC)
    services.index("event", 7, titles=["党课"], at=start)
    before = db.session.scalars(db.select(SearchEntry.id)).one()
    services.index("event", 7, titles=["党课"], at=start + timedelta(days=3))
    after = db.session.scalars(db.select(SearchEntry.id)).one()
    assert after > before
    services.remove("event", 7)
    assert db.session.scalars(db.select(SearchEntry.id)).all() == []
