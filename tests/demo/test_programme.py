"""The demo's plans: the same every time, and possible at every hour of every day."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import portal
from portal import clock
from portal.demo import organisations, people
from portal.demo.accounts import ACCOUNTS
from portal.demo.programme import Calendar, Fate, programme
from portal.events.models import Audience, EventKind
from portal.people.naming import name_fault, written_name
from tests.people.imports.sheets import shared_file

moments = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001
    max_value=datetime(2031, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
CONTRACT = {
    *("office", "secretary", "secretary2", "branch", "keeper", "officer", "visitor"),
    *(f"member{number}" for number in range(1, 21)),
    *("sysadmin", "secadmin", "auditor"),
}


def names() -> list[str]:
    """Everybody's name, members and guests."""
    return [one.name for one in people.members()] + [one.name for one in people.GUESTS.values()]


@given(moments)
def test_every_plan_is_possible_whenever_the_demo_is_loaded(now: datetime) -> None:
    for plan in programme(Calendar(now)):
        assert plan.starts_at < plan.ends_at
        assert plan.published_at < plan.starts_at
        closes = plan.signup_closes_at
        opens = plan.signup_opens_at or plan.published_at
        assert opens < (closes or plan.starts_at)
        assert plan.ends_at - plan.starts_at <= timedelta(hours=8)


@given(moments)
def test_an_agenda_tells_times_of_its_event(now: datetime) -> None:
    gather = timedelta(minutes=30)
    for plan in programme(Calendar(now)):
        start, end = clock.local(plan.starts_at), clock.local(plan.ends_at)
        allowed = set()
        minute = start - gather
        while minute <= end:
            allowed.add(f"{minute:%H:%M}")
            minute += timedelta(minutes=1)
        told = {line[:5] for line in plan.timed_agenda.splitlines() if line[:2].isdigit()}
        assert told <= allowed, (plan.title, told)
        assert "+" not in plan.timed_agenda


@given(moments)
def test_something_runs_now_and_something_follows_today_or_at_once(now: datetime) -> None:
    plans = programme(Calendar(now))
    running = [plan for plan in plans if plan.starts_at <= now < plan.ends_at]
    assert any(timedelta(minutes=30) <= now - plan.starts_at for plan in running)
    assert any(timedelta() < plan.starts_at - now <= timedelta(hours=20) for plan in plans)
    assert sum(plan.ends_at < now for plan in plans) >= 40
    assert sum(plan.starts_at > now for plan in plans) >= 20


def test_there_is_something_of_everything() -> None:
    plans = programme(Calendar(clock.now()))
    assert {plan.kind for plan in plans} == set(EventKind)
    assert {plan.audience for plan in plans} == set(Audience)
    assert {plan.fate for plan in plans} == set(Fate)
    titles = " ".join(plan.title for plan in plans)
    for title in ("党建引领主题系列党课", "人口普查信息录入体验党课", "经济发展峰会效应党课"):
        assert title in titles


def test_people_are_the_same_every_time_and_have_possible_names() -> None:
    roster = people.members()
    assert roster == people.members()
    assert 240 <= len(roster) + len(people.GUESTS) <= 400
    for name in names():
        assert name_fault(name) is None
        assert written_name(name).name == name


def test_names_that_are_hard_to_keep_are_among_them() -> None:
    for hard in ("䶮", "㛃", "𬱖", "·"):
        assert any(hard in name for name in names())
    assert any(names().count(name) > 1 for name in names())


def test_nobody_of_the_report_is_among_them() -> None:
    report = shared_file("seed-news-report.txt").read_text(encoding="utf-8")
    assert not [name for name in names() if len(name) > 2 and name in report]


def test_the_accounts_are_those_of_the_contract() -> None:
    assert {account.username for account in ACCOUNTS} == CONTRACT
    assert len(ACCOUNTS) == len(CONTRACT)
    branch_of = {member.key: member.branch for member in people.members() if member.key}
    for number in range(1, 21):
        community = organisations.SHANTOU if number <= 10 else organisations.HAIKOU
        assert branch_of[f"member{number}"].startswith(community)


def test_the_demo_alone_stops_the_clock() -> None:
    package = Path(portal.__file__).parent
    users = {
        path.relative_to(package).parts[0]
        for path in package.rglob("*.py")
        if "stopped_at" in path.read_text(encoding="utf-8")
    }
    assert users == {"clock.py", "demo"}
