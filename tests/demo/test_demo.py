"""`portal demo`: all or nothing, never in production, and life on every account's home."""

import sys
from collections.abc import Callable
from datetime import datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal import cli, clock
from portal.attendance import queries as attendance
from portal.attendance.models import AttendanceMark, Roll
from portal.audit import services as audit
from portal.bookings.models import Booking
from portal.database import db, write_transaction
from portal.demo import services
from portal.demo.accounts import ACCOUNTS, DemoAccount
from portal.events.models import Event, EventState
from portal.people.models import Account, Person
from portal.people.models.account import ADMINISTRATORS
from portal.signups.models import Signup, SignupMove, SignupStatus
from tests.page import Browser

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `portal demo`; return status, what it said, what it said on stderr."""

    def through_the_front_door(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["portal", "demo", *arguments])
        monkeypatch.setattr("portal.create_app", lambda: app)
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return through_the_front_door


def count(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def check_life() -> None:
    """What must be true of the demo whenever it was loaded."""
    db.session.rollback()
    now = clock.now()
    entries, fault = audit.verify()
    assert fault is None
    assert entries > 800
    states = set(db.session.scalars(select(Event.state)))
    assert states == set(EventState) - {EventState.ENDED, EventState.ARCHIVED}
    assert not db.session.scalars(select(AttendanceMark.id).where(AttendanceMark.at > now)).all()
    assert not db.session.scalars(select(Signup.id).where(Signup.created_at > now)).all()
    for event_id, confirmed_at in db.session.execute(select(Roll.event_id, Roll.confirmed_at)):
        numbers = attendance.numbers(event_id)
        assert numbers.due == numbers.present + numbers.leave + numbers.absent
        assert confirmed_at is None or numbers.expected == 0
    assert db.session.scalar(select(AttendanceMark.id).where(AttendanceMark.is_correction).limit(1))
    promoted = select(SignupMove.id).where(
        SignupMove.from_status == SignupStatus.WAITLISTED,
        SignupMove.to_status == SignupStatus.CONFIRMED,
    )
    assert db.session.scalar(promoted.limit(1))
    waiting = select(Signup.id).where(Signup.status == SignupStatus.WAITLISTED)
    assert len(db.session.scalars(waiting).all()) > 3
    longer = select(Booking.id).where(Booking.slots > 1, Booking.joins_id.is_(None))
    assert db.session.scalar(longer.limit(1))


def test_the_demo_fills_an_empty_portal_once(run: Run, app: Flask, any_database: str) -> None:
    # `make run` says --if-empty, an operator may say nothing: both fill what is empty.
    arguments = ("--if-empty",) if any_database == "postgresql" else ()
    status, out, err = run(*arguments)
    assert status == 0
    assert "装入演示数据" in err
    for account in ACCOUNTS:
        assert any(line.split()[0] == account.username for line in out.splitlines()[1:])
    check_life()
    people = count(Person)
    assert 240 <= people <= 400
    assert count(Account) == len(ACCOUNTS)

    status, out, err = run()
    assert status == 1
    assert "已经有数据" in err
    assert run("--if-empty") == (0, "", "")
    assert count(Person) == people


@pytest.mark.parametrize("arguments", [(), ("--if-empty",)])
def test_the_demo_refuses_in_production(run: Run, app: Flask, arguments: tuple[str, ...]) -> None:
    app.config["PORTAL_ENV"] = "production"
    status, out, err = run(*arguments)
    assert status == 1
    assert out == ""
    assert err.strip() == "生产环境不能装入演示数据。"
    assert count(Person) == 0


def test_nothing_is_left_of_a_demo_that_broke_off(app: Flask) -> None:
    done = iter(range(100))

    def break_off(_acts: int) -> None:
        if next(done) == 60:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), write_transaction():
        services.fill(break_off)
    assert count(Person) == count(Event) == 0
    assert audit.verify() == (0, None)


@pytest.mark.parametrize(
    "moment",
    [
        "2027-01-01T00:10:00+08:00",  # the first minutes of a year
        "2028-02-29T23:50:00+08:00",  # late on a leap day
    ],
)
def test_the_demo_can_be_loaded_at_awkward_moments(app: Flask, moment: str) -> None:
    with time_machine.travel(datetime.fromisoformat(moment), tick=False):
        with write_transaction():
            services.fill()
        check_life()


# ---- what each account sees: one demo for all of these tests


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.username)
def test_each_account_signs_in_to_a_home_full_of_life(
    demo_app: Flask, account: DemoAccount
) -> None:
    browser = Browser(demo_app).sign_in(account.username)
    page = browser.get("/")
    assert page.status == 200
    if account.role in ADMINISTRATORS:
        assert page.find_all("section")
        return
    assert "近期没有安排" not in page.text
    if account.username in {"office", "secretary", "secretary2", "branch"}:
        assert len(page.by("data-task")) >= 2
        assert "我负责的活动" in page.text
        assert "近期没有。" not in page.text
    else:
        assert "下一场" in page.text or "正在进行" in page.text
    assert browser.get("/me").status == 200


def test_the_running_event_is_half_ticked(demo_app: Flask) -> None:
    page = Browser(demo_app).sign_in("secretary").get("/")
    assert "点名" in page.links()
    assert "人未登记" in page.text


def test_members_have_not_signed_in_yet_where_they_are_now(demo_app: Flask) -> None:
    browser = Browser(demo_app).sign_in("member1")
    page = browser.get("/")
    assert "正在进行" in page.text
    assert page.links()["签到"] == "/c/"


def test_a_member_waits_in_a_queue_and_has_years_of_attendance(demo_app: Flask) -> None:
    browser = Browser(demo_app).sign_in("member1")
    assert "我的候补" in browser.get("/").text
    years = [one for one in browser.get("/me/attendance").links() if one.endswith(" 年")]
    assert len(years) >= 2
