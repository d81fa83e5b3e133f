"""The last seat goes to exactly one person, however many ask at once.

A live server with several processes and threads, 200 people who post at the same moment. The
negative control switches the guard off: unless that oversells, the test would prove nothing.
"""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import func, select

from portal.audit import services as audit
from portal.audit.models import AuditEntry
from portal.database import db
from portal.people.models import Membership, Organisation
from portal.signups import queries
from portal.signups.models import Signup, SignupMove, SignupQuota, SignupStatus
from portal.signups.question_models import QuestionKind, SignupChoice, SignupQuestion
from tests.factories import Street, account, commit, event, person
from tests.live import Cookie, Live, cookies_of, serving

CROWD = 200
SMALL_CROWD = 24


# Of these many of one unit at most, of the whole event.
QUOTA, CAPACITY = 10, 15


@dataclass(frozen=True)
class Scene:
    event_id: int
    roomy_id: int
    cookies: list[Cookie]


def scene(app: Flask, crowd: int) -> Scene:
    """An event with one seat, one with room, and so many people signed in at their browsers."""
    street = Street()
    wanted = event(street.shantou, street.secretary, capacity=1)
    roomy = event(street.shantou, street.secretary)
    accounts = [
        account(person(f"人群测试{number}", street.branch_one), f"crowd{number}")
        for number in range(crowd)
    ]
    commit()
    found = Scene(wanted.id, roomy.id, cookies_of(app, accounts))
    db.session.remove()
    return found


def all_at_once(
    live: Live, path: str, cookies: list[Cookie], typed: Mapping[str, object] | None = None
) -> Counter[int]:
    """Post from every browser at the same moment; return how many got which status.

    Every connection is open before the first request is sent.
    """
    start = threading.Barrier(len(cookies))
    statuses: list[int] = []

    def post(cookie: Cookie) -> None:
        connection = live.connect()
        try:
            body = urlencode({"csrf_token": cookie.csrf_token, **(typed or {})})
            headers = {**cookie.headers, "Content-Type": "application/x-www-form-urlencoded"}
            start.wait(30)
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            response.read()
            statuses.append(response.status)
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=[cookie]) for cookie in cookies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    return Counter(statuses)


def test_200_at_once_for_the_last_seat(app: Flask, any_database: str) -> None:
    made = scene(app, CROWD)
    with serving(app, PORTAL_WORKERS=2, PORTAL_THREADS=8) as live:
        statuses = all_at_once(live, f"/events/{made.event_id}/signups", made.cookies)
        assert statuses == {303: CROWD}, live.said()
        # One person pressing twelve times is on the list once, and is told so eleven times.
        hurried = all_at_once(live, f"/events/{made.roomy_id}/signups", made.cookies[:1] * 12)
        assert hurried == {303: 1, 409: 11}, live.said()
    assert queries.counts([made.roomy_id])[made.roomy_id].confirmed == 1
    signups = db.session.scalars(
        select(Signup).where(Signup.event_id == made.event_id).order_by(Signup.id)
    ).all()
    assert Counter(signup.status for signup in signups) == {
        SignupStatus.CONFIRMED: 1,
        SignupStatus.WAITLISTED: CROWD - 1,
    }
    assert signups[0].status is SignupStatus.CONFIRMED, "who came first has the seat"
    arrivals = [signup.created_at for signup in signups]
    assert arrivals == sorted(arrivals), "the queue is the order of arrival"
    places = queries.positions(signups)
    assert [places[signup.id] for signup in signups[1:]] == list(range(1, CROWD))
    moves = select(func.count()).where(SignupMove.event_id == made.event_id)
    assert db.session.scalar(moves) == CROWD, "each has one line in the log"
    acts = select(func.count()).where(AuditEntry.action == "signup.create")
    assert db.session.scalar(acts) == CROWD + 1
    assert audit.verify()[1] is None, "the audit chain holds"


def test_without_the_guard_the_seat_is_given_away_twice(app: Flask, any_database: str) -> None:
    made = scene(app, SMALL_CROWD)
    with serving(app, PORTAL_WORKERS=1, PORTAL_THREADS=8, PORTAL_TEST_UNGUARDED=1) as live:
        statuses = all_at_once(live, f"/events/{made.event_id}/signups", made.cookies)
        assert statuses == {303: SMALL_CROWD}, live.said()
    counts = queries.counts([made.event_id])[made.event_id]
    assert counts.confirmed > 1, "the test must notice when the guard is off"
    assert counts.confirmed + counts.waitlisted == SMALL_CROWD


def scene_of_units(app: Flask, units: list[int], *, quota: int, capacity: int) -> Scene:
    """An event on which one unit has a quota: so many of the crowd are of it, so many not."""
    street = Street()
    wanted = event(street.street, street.office, capacity=capacity)
    db.session.add(SignupQuota(event_id=wanted.id, organisation_id=street.shantou.id, most=quota))
    branches = [street.branch_one] * units[0] + [street.branch_far] * units[1]
    accounts = [
        account(person(f"单位测试{number}", branch), f"unit{number}")
        for number, branch in enumerate(branches)
    ]
    commit()
    found = Scene(wanted.id, wanted.id, cookies_of(app, accounts))
    db.session.remove()
    return found


def test_200_at_once_for_the_places_of_a_unit(app: Flask, any_database: str) -> None:
    made = scene_of_units(app, [150, CROWD - 150], quota=QUOTA, capacity=CAPACITY)
    with serving(app, PORTAL_WORKERS=2, PORTAL_THREADS=8) as live:
        statuses = all_at_once(live, f"/events/{made.event_id}/signups", made.cookies)
        assert statuses == {303: CROWD}, live.said()
    counts = queries.counts([made.event_id])[made.event_id]
    assert (counts.confirmed, counts.waitlisted) == (CAPACITY, CROWD - CAPACITY)
    (unit,) = queries.unit_numbers(made.event_id)
    assert unit.taken <= QUOTA
    # Nobody of the same unit was overtaken, and no place was left that somebody could have had.
    rows = db.session.execute(
        select(Signup.status, Organisation.path)
        .join(Membership, Membership.person_id == Signup.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Signup.event_id == made.event_id)
        .order_by(Signup.id)
    ).all()
    for path in {row.path for row in rows}:
        has_place = [row.status is SignupStatus.CONFIRMED for row in rows if row.path == path]
        assert has_place == sorted(has_place, reverse=True)
    assert audit.verify()[1] is None


def test_without_the_guard_a_unit_gets_more_than_its_quota(app: Flask, any_database: str) -> None:
    made = scene_of_units(app, [SMALL_CROWD, 0], quota=1, capacity=SMALL_CROWD)
    with serving(app, PORTAL_WORKERS=1, PORTAL_THREADS=8, PORTAL_TEST_UNGUARDED=1) as live:
        statuses = all_at_once(live, f"/events/{made.event_id}/signups", made.cookies)
        assert statuses == {303: SMALL_CROWD}, live.said()
    (unit,) = queries.unit_numbers(made.event_id)
    assert unit.taken > 1, "the test must notice when the guard is off"


def scene_of_lunch(app: Flask, crowd: int) -> tuple[Scene, dict[str, int]]:
    """An event with room for all that asks for lunch, of which one kind is there once."""
    street = Street()
    wanted = event(street.shantou, street.secretary)
    question = SignupQuestion(
        event_id=wanted.id, position=0, label="午餐", kind=QuestionKind.CHOICE, is_required=True
    )
    db.session.add(question)
    db.session.flush()
    last = SignupChoice(question_id=question.id, position=0, label="面条", most=1)
    other = SignupChoice(question_id=question.id, position=1, label="米饭")
    db.session.add_all([last, other])
    accounts = [
        account(person(f"午餐测试{number}", street.branch_one), f"lunch{number}")
        for number in range(crowd)
    ]
    commit()
    found = Scene(wanted.id, wanted.id, cookies_of(app, accounts))
    typed = {f"q-{question.id}": last.id}
    db.session.remove()
    return found, typed


def chosen(event_id: int) -> int:
    """How many of those on the list have the choice that is there once."""
    (question,) = queries.questions_of(event_id)
    return question.choices[0].taken


def test_200_at_once_for_the_last_of_a_choice(app: Flask, any_database: str) -> None:
    made, typed = scene_of_lunch(app, CROWD)
    with serving(app, PORTAL_WORKERS=2, PORTAL_THREADS=8) as live:
        path = f"/events/{made.event_id}/signups"
        statuses = all_at_once(live, path, made.cookies, typed)
    # All others are told that it is gone, and nobody is signed up without lunch.
    assert statuses == {303: 1, 422: CROWD - 1}, live.said()
    assert chosen(made.event_id) == 1
    assert queries.counts([made.event_id])[made.event_id].confirmed == 1
    assert audit.verify()[1] is None


def test_without_the_guard_a_choice_is_given_away_twice(app: Flask, any_database: str) -> None:
    made, typed = scene_of_lunch(app, SMALL_CROWD)
    with serving(app, PORTAL_WORKERS=1, PORTAL_THREADS=8, PORTAL_TEST_UNGUARDED=1) as live:
        path = f"/events/{made.event_id}/signups"
        statuses = all_at_once(live, path, made.cookies, typed)
    assert set(statuses) <= {303, 422}, live.said()
    assert chosen(made.event_id) > 1, "the test must notice when the guard is off"
