"""A room is never taken twice: the database says so, whoever writes to it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.database import db, write_transaction
from portal.sites.models import Room, Site
from portal.sites.uses import queries, services
from portal.sites.uses.errors import RoomTakenError
from portal.sites.uses.models import RoomUse, UseKind, UseSource
from portal.sites.uses.services import Wanted
from tests.bookings import worlds
from tests.factories import Street


@pytest.fixture
def site(app: Flask, any_database: str) -> Site:
    street = Street()
    made = worlds.site(street.shantou, street.keeper)
    db.session.commit()
    return queries.site_with_hours(made.id)


def wanted(
    room: Room, starts_at: datetime, *, minutes: int = 60, label: str = "海口路社区", **more: object
) -> Wanted:
    values = {
        "site_id": room.site_id,
        "room": room,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=minutes),
        "kind": UseKind.VISIT,
        "label": label,
        **more,
    }
    return Wanted(**values)  # type: ignore[arg-type]


def take(source_id: int, want: Wanted, source: UseSource = UseSource.BOOKING) -> None:
    with write_transaction():
        services.take(source=source, source_id=source_id, wanted=want)


def row(room: Room, starts_at: datetime, source_id: int, **more: object) -> RoomUse:
    values = {
        "site_id": room.site_id,
        "room_id": room.id,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=1),
        "source": UseSource.EVENT,
        "source_id": source_id,
        "kind": UseKind.LESSON,
        "label": "党课",
        "is_open": True,
        **more,
    }
    return RoomUse(**values)


NINE = worlds.at(worlds.coming_day(), 9)
OVERLAPS = [(-30, 60), (30, 60), (0, 60), (10, 20), (-30, 200), (59, 1)]


@pytest.mark.parametrize(("shift", "minutes"), OVERLAPS)
def test_an_overlap_is_refused_with_what_is_there(site: Site, shift: int, minutes: int) -> None:
    room = site.rooms[0]
    take(1, wanted(room, NINE))
    second = wanted(room, NINE + timedelta(minutes=shift), minutes=minutes)
    with pytest.raises(RoomTakenError) as refused, write_transaction():
        services.take(source=UseSource.BOOKING, source_id=2, wanted=second)
    assert "红色书屋" in refused.value.message
    assert "海口路社区" in refused.value.message
    assert [use.source_id for use in refused.value.uses] == [1]
    assert db.session.scalars(select(RoomUse.source_id)).all() == [1]


def test_one_after_the_other_and_side_by_side_are_fine(site: Site) -> None:
    first, second = site.rooms
    take(1, wanted(first, NINE))
    take(2, wanted(first, NINE + timedelta(hours=1)))
    take(3, wanted(first, NINE - timedelta(hours=1)))
    take(4, wanted(second, NINE))
    assert len(db.session.scalars(select(RoomUse.id)).all()) == 4


def test_the_database_refuses_even_who_writes_past_the_services(site: Site) -> None:
    room, other = site.rooms
    with write_transaction():
        db.session.add(row(room, NINE, 1))
        db.session.add(row(other, NINE, 2))
    for statement in (
        lambda: db.session.add(row(room, NINE + timedelta(minutes=59), 3)),
        lambda: db.session.execute(
            update(RoomUse).where(RoomUse.source_id == 2).values(room_id=room.id)
        ),
    ):
        with pytest.raises(IntegrityError), write_transaction():
            statement()
    uses = db.session.execute(select(RoomUse.source_id, RoomUse.room_id)).all()
    assert sorted(map(tuple, uses)) == [(1, room.id), (2, other.id)]


def test_moving_into_a_taken_room_leaves_everything_as_it_was(site: Site) -> None:
    room, other = site.rooms
    take(1, wanted(room, NINE))
    take(2, wanted(other, NINE))
    with pytest.raises(RoomTakenError), write_transaction():
        services.take(source=UseSource.BOOKING, source_id=2, wanted=wanted(room, NINE))
    mine = queries.use_of(UseSource.BOOKING, 2)
    assert mine is not None
    assert mine.room_id == other.id


def test_a_refusal_leaves_the_transaction_fit_to_try_the_next_room(site: Site) -> None:
    room, other = site.rooms
    take(1, wanted(room, NINE))
    with write_transaction():
        with pytest.raises(RoomTakenError):
            services.take(source=UseSource.BOOKING, source_id=2, wanted=wanted(room, NINE))
        services.take(source=UseSource.BOOKING, source_id=2, wanted=wanted(other, NINE))
    mine = queries.use_of(UseSource.BOOKING, 2)
    assert mine is not None
    assert mine.room_id == other.id


def test_two_uses_change_places_only_over_a_third(site: Site) -> None:
    room, other = site.rooms
    take(1, wanted(room, NINE))
    take(2, wanted(other, NINE))
    with write_transaction():
        services.free(source=UseSource.BOOKING, source_id=1)
        services.take(source=UseSource.BOOKING, source_id=2, wanted=wanted(room, NINE))
        services.take(source=UseSource.BOOKING, source_id=1, wanted=wanted(other, NINE))
    uses = db.session.scalars(select(RoomUse)).all()
    assert {use.source_id: use.room_id for use in uses} == {1: other.id, 2: room.id}


def test_what_was_asked_for_and_not_answered_gives_way(site: Site) -> None:
    room = site.rooms[0]
    until = clock.now() + timedelta(days=3)
    take(1, wanted(room, NINE, held_until=until))
    with pytest.raises(RoomTakenError), write_transaction():
        services.take(source=UseSource.BOOKING, source_id=2, wanted=wanted(room, NINE))
    day_start = NINE - timedelta(hours=9)
    with time_machine.travel(until + timedelta(seconds=1), tick=False):
        later = day_start + timedelta(days=1)
        assert not queries.rules_and_uses(site.id, day_start, later)[1]
        assert room.id in [
            free.id for free in queries.free_rooms(site.id, NINE, NINE + timedelta(hours=1))
        ]
        take(2, wanted(room, NINE))
    assert db.session.scalars(select(RoomUse.source_id)).all() == [2]


def test_what_has_no_room_is_in_nobodys_way(site: Site) -> None:
    room = site.rooms[0]
    nowhere = replace(wanted(room, NINE), room=None)
    for source_id, want in ((1, nowhere), (2, nowhere), (3, wanted(room, NINE))):
        take(source_id, want)
    assert len(db.session.scalars(select(RoomUse.id)).all()) == 3


def test_free_rooms_are_those_that_hold_the_people_and_nobody_has(site: Site) -> None:
    room, other = site.rooms
    end = NINE + timedelta(hours=1)
    assert [free.name for free in queries.free_rooms(site.id, NINE, end, people=20)] == ["红色书屋"]
    take(1, wanted(room, NINE))
    assert [free.name for free in queries.free_rooms(site.id, NINE, end)] == [other.name]
    own = (UseSource.BOOKING, 1)
    assert len(queries.free_rooms(site.id, NINE, end, but=own)) == 2


def test_what_is_not_open_is_told_only_as_taken(site: Site) -> None:
    room = site.rooms[0]
    take(1, wanted(room, NINE, label="内部研讨", is_open=False, kind=UseKind.SEMINAR))
    with pytest.raises(RoomTakenError) as refused, write_transaction():
        services.take(source=UseSource.BOOKING, source_id=2, wanted=wanted(room, NINE))
    assert "内部研讨" not in refused.value.message
    assert "其他研讨" in refused.value.message
