"""What the measured pages show: a sub-district with 2,000 people, a year of events.

Everything is written through the models in bulk, so the world is made in seconds; sessions
are made directly, because 400 argon2 sign-ins are not what is measured.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from flask import Flask, g, session
from flask_migrate import upgrade
from flask_wtf.csrf import generate_csrf
from sqlalchemy import insert, select

from bench import doors, places
from portal import clock, create_app
from portal.attendance import codes
from portal.attendance import services as attendance
from portal.cli import MIGRATIONS
from portal.database import db, write_transaction
from portal.events import queries as events
from portal.events.models import Audience, Event, EventDueOrganisation, EventKind, EventState
from portal.people.models import (
    Account,
    LoginSession,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    PersonKey,
    Role,
    RoleGrant,
)
from portal.people.queries import token_hash

PEOPLE = 2000
BRANCHES = 40
EVENTS = 600
ACCOUNTS = 400
SIGNUP_EVENTS = 30
TICK_EVENTS = 6
CODE_EVENTS = 10
BOOKINGS = 4000
# So long a projected code stands in a run: all check-ins of a part carry the same one.
CODE_SECONDS = 1800


@dataclass(frozen=True)
class Visitor:
    """A signed-in browser: its cookie header and the CSRF token that its forms carry."""

    person_id: int
    cookie: str
    csrf_token: str


@dataclass(frozen=True)
class World:
    """Ids and visitors that the requests are made of."""

    participants: list[Visitor]
    hosts: list[Visitor]
    listed: list[int]
    signup: list[int]
    rolls: list[int]
    codes: list[str]
    people: list[int]
    places: places.Places
    doors: list[doors.Door]


def build(database_url: str) -> World:
    """Migrate the database and fill it."""
    with prepared(database_url) as app:
        with write_transaction():
            world = _fill(app)
        return replace(world, codes=_open_rolls(world, app))


@contextmanager
def prepared(database_url: str) -> Iterator[Flask]:
    """A migrated, empty portal to fill; tidied up for the server that comes after."""
    app = create_app(
        PORTAL_ENV="test",
        PORTAL_DATABASE_URL=database_url,
        PORTAL_CODE_SECONDS=CODE_SECONDS,
    )
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
        db.session.remove()
        yield app
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        db.session.remove()
        db.engine.dispose()


def _fill(app: Flask) -> World:
    street, branches = make_tree()
    people = make_people(branches)
    host = db.session.get_one(Person, people[0])
    listed = make_events(street, host, EVENTS, Audience.OPEN, first_day=1)
    signup = listed[:SIGNUP_EVENTS]
    number = TICK_EVENTS + CODE_EVENTS + doors.EVENTS
    rolls = make_events(street, host, number, Audience.DUE, first_day=0)
    db.session.execute(
        insert(EventDueOrganisation),
        [{"event_id": event_id, "organisation_id": street.id} for event_id in rolls],
    )
    visitors = make_visitors(app, people[:ACCOUNTS])
    db.session.execute(
        insert(RoleGrant),
        [
            {"person_id": person_id, "role": Role.OFFICE, "organisation_id": street.id}
            for person_id in people[:10]
        ],
    )
    there = places.fill(street, host, slots=BOOKINGS)
    at_doors = doors.open_doors(rolls[TICK_EVENTS + CODE_EVENTS :], host)
    return World(visitors[10:], visitors[:10], listed, signup, rolls, [], people, there, at_doors)


def _open_rolls(world: World, app: Flask) -> list[str]:
    """Open and freeze every roll; return the code of each that people sign in to themselves."""
    found = []
    for event_id in world.rolls:
        with write_transaction():
            event = events.event(event_id)
            roll = attendance.open_roll(event=event, actor=None)
            code = codes.new_code(
                roll.code_secret,
                event_id,
                clock.now(),
                seconds=app.config["PORTAL_CODE_SECONDS"],
            )
        found.append(code)
    return found[TICK_EVENTS : TICK_EVENTS + CODE_EVENTS]


def make_tree() -> tuple[Organisation, list[Organisation]]:
    street = Organisation(
        code="B",
        name="珠海路街道党工委",
        short_name="珠海路街道",
        path="/B/",
        kind=OrganisationKind.SUB_DISTRICT,
    )
    db.session.add(street)
    db.session.flush()
    branches = [
        Organisation(
            code=f"B-{number:02d}",
            name=f"第{number}党支部",
            short_name=f"第{number}党支部",
            path=f"/B/B-{number:02d}/",
            kind=OrganisationKind.BRANCH,
            parent_id=street.id,
        )
        for number in range(1, BRANCHES + 1)
    ]
    db.session.add_all(branches)
    db.session.flush()
    return street, branches


def make_people(branches: list[Organisation]) -> list[int]:
    db.session.execute(
        insert(Person),
        [
            {
                "name": f"测试{number:04d}",
                "phone": f"199{number:08d}",
                "pinyin_key": f"ceshi{number:04d}",
                "stroke_key": f"{number:06d}",
            }
            for number in range(PEOPLE)
        ],
    )
    people = list(db.session.scalars(select(Person.id).order_by(Person.id)))
    db.session.execute(
        insert(Membership),
        [
            {"person_id": person_id, "organisation_id": branches[at % BRANCHES].id}
            for at, person_id in enumerate(people)
        ],
    )
    db.session.execute(
        insert(PersonKey),
        [
            {"person_id": person_id, "key": key}
            for at, person_id in enumerate(people)
            for key in (f"测试{at:04d}", f"ceshi{at:04d}", f"cs{at:04d}", f"{at:04d}"[-4:])
        ],
    )
    return people


def make_events(
    street: Organisation, host: Person, count: int, audience: Audience, *, first_day: int
) -> list[int]:
    now = clock.now()
    first = now + timedelta(days=first_day) if first_day else now - timedelta(minutes=5)
    rows = [
        {
            "title": f"社区治理主题党课第{number}讲",
            "kind": list(EventKind)[number % 8],
            "state": EventState.PUBLISHED,
            "starts_at": first + timedelta(hours=6 * number if first_day else 0),
            "ends_at": first + timedelta(hours=(6 * number if first_day else 0) + 2),
            "place": "党群服务中心三楼会议室",
            "host_id": street.id,
            "audience": audience,
            "summary": "围绕楼院治理、物业服务和为老服务，先听介绍，再到现场看，最后一起讨论。",
            "created_by_id": host.id,
            "created_at": now,
            "updated_at": now,
        }
        for number in range(1, count + 1)
    ]
    before = set(db.session.scalars(select(Event.id)))
    db.session.execute(insert(Event), rows)
    return [
        id_ for id_ in db.session.scalars(select(Event.id).order_by(Event.id)) if id_ not in before
    ]


def make_visitors(app: Flask, people: list[int]) -> list[Visitor]:
    now = clock.now()
    db.session.execute(
        insert(Account),
        [
            {
                "username": f"user{person_id}",
                "person_id": person_id,
                "password_hash": "none",
                "password_changed_at": now,
                "must_change_password": False,
                "confirmed_at": now,
                "created_at": now,
            }
            for person_id in people
        ],
    )
    accounts = dict(db.session.execute(select(Account.person_id, Account.id)).tuples().all())
    tokens = {person_id: secrets.token_urlsafe(32) for person_id in people}
    db.session.execute(
        insert(LoginSession),
        [
            {
                "account_id": accounts[person_id],
                "token_hash": token_hash(token),
                "created_at": now,
                # Ahead, so that no request of the run has to write that it was seen.
                "last_seen_at": now + timedelta(minutes=10),
                "address": "127.0.0.1",
            }
            for person_id, token in tokens.items()
        ],
    )
    return [_visitor(app, person_id, token) for person_id, token in tokens.items()]


def _visitor(app: Flask, person_id: int, token: str) -> Visitor:
    with app.test_request_context():
        g.pop("csrf_token", None)  # of the visitor before: the application's context is one
        session["_user_id"] = token
        session["_fresh"] = True
        csrf_token = generate_csrf()
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(session))}"
    return Visitor(person_id, cookie, csrf_token)
