"""Reminders by the clock: the day before, and of a roll left open; once, and never at night."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select

from portal.database import db
from portal.events.models import Event, EventState
from portal.messages.models import Message, MessageKind, Silence
from portal.people.models import Person, RoleGrant
from portal.signups.models import SignupStatus
from tests import factories
from tests.attendance.conftest import HOUR, MINUTE, NINE, Gathering
from tests.chores import work_at
from tests.page import Browser

DAY = timedelta(days=1)
EIGHT_BEFORE = NINE - DAY - HOUR


@pytest.fixture
def gathering(app: Flask, any_database: str) -> Gathering:
    return Gathering()


def subjects(*people: Person) -> list[list[str]]:
    """What each of these people was told."""
    return [
        list(
            db.session.scalars(
                select(Message.subject).where(Message.person_id == person.id).order_by(Message.id)
            )
        )
        for person in people
    ]


def put(gathering: Gathering, event: Event, person: Person, status: SignupStatus) -> None:
    gathering.sign_up(event, person).status = status
    factories.commit()


def test_who_is_expected_is_reminded_the_day_before_at_eight_and_once(
    app: Flask, gathering: Gathering
) -> None:
    lesson = gathering.lesson(title="主题党课")
    gathering.sign_up(lesson, gathering.d)
    put(gathering, lesson, gathering.c, SignupStatus.WAITLISTED)
    put(gathering, lesson, gathering.secretary2, SignupStatus.DECLINED)
    gathering.cancel(gathering.sign_up(lesson, gathering.b), NINE - 2 * DAY)
    db.session.add(Silence(person_id=gathering.recorder.id, kind=MessageKind.REMINDER))
    with time_machine.travel(NINE - 2 * DAY, tick=False):
        gathering.mark(lesson, gathering.keeper, "leave_public")
    gathering.lesson(title="还没发布", state=EventState.DRAFT)
    gathering.lesson(title="已经取消", state=EventState.CANCELLED)
    gathering.lesson(title="后天的", starts_at=NINE + DAY)
    work_at(app, EIGHT_BEFORE - DAY)  # two days before
    assert subjects(gathering.a) == [[]]
    for moment in (EIGHT_BEFORE - MINUTE, EIGHT_BEFORE, EIGHT_BEFORE + HOUR):
        work_at(app, moment)
        is_due = moment >= EIGHT_BEFORE
        assert subjects(gathering.a) == [["即将开始：主题党课"] if is_due else []]
    others = (gathering.b, gathering.c, gathering.secretary2, gathering.recorder, gathering.keeper)
    assert subjects(*others) == [[]] * 5
    with time_machine.travel(EIGHT_BEFORE + 2 * HOUR):
        browser = Browser(app).sign_in("d")
        page = browser.get(browser.get("/inbox/").links()["未读：即将开始：主题党课"])
        assert "11月25日（周三）9:00–11:00，党群服务中心" in page.text
        assert page.links()["去看看"] == f"/events/{lesson.id}"
    # Who takes a seat later is reminded on the day itself, the others are not again.
    gathering.sign_up(lesson, gathering.office, at=NINE - 5 * HOUR)
    work_at(app, NINE - HOUR)
    assert subjects(gathering.a)[0].count("即将开始：主题党课") == 1
    assert subjects(gathering.office)[0].count("即将开始：主题党课") == 1


def test_nobody_is_woken_and_what_was_posted_at_night_is_told_at_eight(
    app: Flask, gathering: Gathering
) -> None:
    """A worker that begins in the quiet hours waits as well."""
    gathering.lesson(title="清晨值守", starts_at=NINE - 2 * HOUR)
    gathering.lesson(title="上午党课", starts_at=NINE)
    for hours in (12, 11, 6, 2):  # 21:00, 22:00, 3:00, 7:00
        work_at(app, NINE - hours * HOUR)
    work_at(app, NINE - HOUR - MINUTE)
    assert subjects(gathering.a) == [[]]
    work_at(app, NINE - HOUR)
    assert subjects(gathering.a) == [["即将开始：上午党课"]], "not of what has begun"


def test_what_begins_before_the_morning_is_told_the_evening_before(
    app: Flask, gathering: Gathering
) -> None:
    work_at(app, EIGHT_BEFORE)
    gathering.lesson(title="清晨值守", starts_at=NINE - 2 * HOUR)
    early = gathering.lesson(title="八点集合", starts_at=NINE - HOUR)
    gathering.lesson(title="上午党课", starts_at=NINE)
    gathering.lesson(title="后天清晨", starts_at=NINE - 2 * HOUR + DAY)
    evening = EIGHT_BEFORE + 12 * HOUR
    for moment in (EIGHT_BEFORE + HOUR, evening - 16 * MINUTE):
        work_at(app, moment)
    assert subjects(gathering.a) == [[]], "the call has told them already"
    work_at(app, evening)
    told = ["即将开始：清晨值守", "即将开始：八点集合"]
    assert subjects(gathering.a) == [told]
    gathering.sign_up(early, gathering.d)
    work_at(app, evening + 30 * MINUTE)
    assert subjects(gathering.a, gathering.d) == [told, ["即将开始：八点集合"]]
    gathering.lesson(title="半夜才发", starts_at=NINE - 3 * HOUR)
    for hours in (1, 3, 11):  # 21:00, 23:00, 7:00
        work_at(app, evening + hours * HOUR)
    assert subjects(gathering.a) == [told]
    work_at(app, EIGHT_BEFORE + DAY)
    assert subjects(gathering.a) == [[*told, "即将开始：上午党课", "即将开始：后天清晨"]]


def test_nothing_to_remind_of_is_one_cheap_question_each(
    app: Flask, gathering: Gathering, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    work_at(app, EIGHT_BEFORE)
    before = queries_of(lambda: work_at(app, EIGHT_BEFORE + DAY))
    gathering.lesson(starts_at=NINE + 9 * DAY)
    assert queries_of(lambda: work_at(app, EIGHT_BEFORE + 2 * DAY)) == before


def test_who_runs_the_event_is_told_next_morning_that_its_roll_is_open(
    app: Flask, gathering: Gathering
) -> None:
    left_open = gathering.lesson(title="没有确认的", host=gathering.branch_one)
    confirmed = gathering.lesson(title="确认了的")
    gathering.lesson(title="取消了的", state=EventState.CANCELLED)
    gathering.lesson(title="很久以前的", starts_at=NINE - 30 * DAY)
    with time_machine.travel(NINE + HOUR, tick=False):
        gathering.confirm(confirmed)
    work_at(app, NINE + 10 * HOUR)  # the same evening
    assert "名册还没有确认：没有确认的" not in subjects(gathering.branch)[0]
    for hours in (23, 24 + 23, 24 * 3 + 23):
        work_at(app, NINE + hours * HOUR)
    for person in (gathering.branch, gathering.recorder):
        assert [one for one in subjects(person)[0] if one.startswith("名册")] == [
            "名册还没有确认：没有确认的"
        ]
    above = (gathering.a, gathering.secretary, gathering.office)
    assert not [one for told in subjects(*above) for one in told if one.startswith("名册")]
    with time_machine.travel(NINE + DAY, tick=False):
        browser = Browser(app).sign_in("branch")
        page = browser.get(browser.get("/inbox/").links()["未读：名册还没有确认：没有确认的"])
        assert page.links()["去看看"] == f"/events/{left_open.id}/attendance"
        assert "没有确认的" in browser.get(page.links()["去看看"]).text


def test_where_nobody_runs_events_of_the_host_the_next_above_is_told(
    app: Flask, gathering: Gathering
) -> None:
    gathering.lesson(title="支部学习", host=gathering.branch_one)
    mine = RoleGrant.person_id.in_([gathering.branch.id, gathering.recorder.id])
    db.session.execute(delete(RoleGrant).where(mine))
    work_at(app, NINE + 23 * HOUR)
    told = subjects(gathering.secretary, gathering.branch, gathering.office)
    of_rolls = [[one for one in each if one.startswith("名册")] for each in told]
    assert of_rolls == [["名册还没有确认：支部学习"], [], []]
