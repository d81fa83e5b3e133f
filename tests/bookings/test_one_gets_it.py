"""A hundred ask for the same slot at the same moment: exactly one gets it.

A live server with several processes and threads. The negative control takes the database's
own guard away (constraint, triggers): unless the room is then taken twice, the test would prove
nothing.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import func, select, text

from portal.audit import services as audit
from portal.bookings.models import Booking
from portal.database import db
from portal.sites.uses.models import RoomUse
from tests.bookings import worlds
from tests.factories import Street, account, commit, person
from tests.live import Cookie, Live, cookies_of, serving

CROWD = 100
SMALL_CROWD = 24
TRIGGERS = ("room_use_no_overlap_insert", "room_use_no_overlap_update")
CONSTRAINT = "ex_room_use_no_overlap"


@dataclass(frozen=True)
class Scene:
    site_id: int
    room_id: int
    cookies: list[Cookie]

    def fields(self, number: int) -> dict[str, str]:
        return worlds.typed(room=str(self.room_id), unit=f"第{number}家", party_size="10")


def scene(app: Flask, crowd: int) -> Scene:
    street = Street()
    site = worlds.site(street.shantou, street.keeper)
    worlds.rules(site)
    accounts = [
        account(person(f"人群测试{number}", street.branch_one), f"crowd{number}")
        for number in range(crowd)
    ]
    site_id, room_id = site.id, site.rooms[0].id
    commit()
    found = Scene(site_id, room_id, cookies_of(app, accounts))
    db.session.remove()
    return found


def all_at_once(live: Live, made: Scene) -> Counter[int]:
    """Ask from every browser at the same moment; every connection is open before the first."""
    start = threading.Barrier(len(made.cookies))
    statuses: list[int] = []

    def post(number: int, cookie: Cookie) -> None:
        connection = live.connect()
        try:
            body = urlencode({"csrf_token": cookie.csrf_token, **made.fields(number)})
            headers = {**cookie.headers, "Content-Type": "application/x-www-form-urlencoded"}
            start.wait(30)
            connection.request("POST", f"/sites/{made.site_id}/bookings/new", body, headers)
            response = connection.getresponse()
            response.read()
            statuses.append(response.status)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=post, args=[number, cookie])
        for number, cookie in enumerate(made.cookies)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return Counter(statuses)


def taken() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(RoomUse.source_id)))


def test_100_at_once_for_one_slot(app: Flask, any_database: str) -> None:
    made = scene(app, CROWD)
    with serving(app, PORTAL_WORKERS=2, PORTAL_THREADS=8) as live:
        statuses = all_at_once(live, made)
        assert statuses == {303: 1, 409: CROWD - 1}, live.said()
    assert len(taken()) == 1
    [booking] = db.session.scalars(select(Booking)).all()
    assert taken() == [booking.id], "who was told yes has the room, and nothing is half done"
    assert audit.verify()[1] is None, "the audit chain holds"


@contextmanager
def unguarded(any_database: str) -> Iterator[None]:
    """Take the database's guard away, and put it back as it was."""
    if any_database == "postgresql":
        definition = _run(
            f"SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = '{CONSTRAINT}'"
        )
        _run(f"ALTER TABLE room_use DROP CONSTRAINT {CONSTRAINT}")
        try:
            yield
        finally:
            _run("DELETE FROM room_use")
            _run(f"ALTER TABLE room_use ADD CONSTRAINT {CONSTRAINT} {definition}")
        return
    for trigger in TRIGGERS:
        _run(f"DROP TRIGGER {trigger}")
    yield


def _run(statement: str) -> object:
    db.session.rollback()  # what the test has read must not stand in the way
    with db.engine.begin() as connection:
        result = connection.execute(text(statement))
        return result.scalar() if result.returns_rows else None


def test_without_the_databases_guard_the_room_is_given_away_twice(
    app: Flask, any_database: str
) -> None:
    made = scene(app, SMALL_CROWD)
    with unguarded(any_database):
        with serving(app, PORTAL_WORKERS=1, PORTAL_THREADS=8) as live:
            statuses = all_at_once(live, made)
            assert statuses == {303: SMALL_CROWD}, live.said()
        assert len(taken()) > 1, "the test must notice when the guard is off"
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Booking)) == SMALL_CROWD
