"""An event in sessions: one sign-up, and each session a time, a place and a state of its own."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from portal import clock
from portal.attendance import services as attendance
from portal.attendance.models import AttendanceStatus
from portal.attendance.rules import Timing
from portal.database import db
from portal.events import queries
from portal.events.models import Event, EventState
from portal.events.sessions import rules
from portal.messages.models import Message
from portal.signups import services as signups
from portal.signups.errors import SignupRefusedError
from tests import factories
from tests.factories import Street
from tests.page import Browser, Page


class Training(Street):
    """A training of two days, as its host writes it."""

    def __init__(self, **values: Any) -> None:
        super().__init__()
        made = factories.event(self.shantou, self.secretary, title="骨干培训班", **values)
        factories.commit()
        self.id = made.id
        self.path = f"/events/{made.id}"

    @property
    def whole(self) -> Event:
        return queries.event(self.id)

    @property
    def sessions(self) -> list[Event]:
        wanted = select(Event).where(Event.part_of_id == self.id).order_by(Event.starts_at)
        return list(db.session.scalars(wanted))

    def add(self, browser: Browser, name: str, days: float, **typed: str) -> Page:
        form = browser.get(f"{self.path}/sessions").form(f"{self.path}/sessions")
        asked: dict[str, Any] = {"name": name, "starts_at": at(days, 9), "ends_at": at(days, 11)}
        return browser.submit(form, **{**asked, **typed})


def at(days: float, hour: int) -> str:
    day = clock.local(clock.now() + timedelta(days=days))
    return f"{day:%Y-%m-%d}T{hour:02d}:00"


@pytest.fixture
def training(app: Flask) -> Training:
    return Training(state=EventState.DRAFT)


@pytest.fixture
def secretary(training: Training, browser: Browser) -> Browser:
    return browser.sign_in("secretary")


@pytest.fixture
def posted(training: Training, secretary: Browser) -> Training:
    """Posted with two sessions, in four days and in six."""
    training.add(secretary, "第一场", 4)
    training.add(secretary, "第二场", 6, place="海口路会议室", lecturer="李老师")
    secretary.post(f"{training.path}/publish")
    return training


def sign_up(training: Training, person: Any) -> None:
    signups.sign_up(event=training.whole, person=person, actor=person)
    factories.commit()


def states(training: Training) -> list[str]:
    return [one.state.value for one in training.sessions]


def test_the_whole_lasts_from_its_first_session_to_its_last(
    training: Training, secretary: Browser, any_database: str
) -> None:
    training.add(secretary, "第二场", 6, place="海口路会议室")
    page = training.add(secretary, "第一场", 4)
    assert "已添加“第一场”" in page.text
    first, second = training.sessions
    assert (first.title, second.title) == ("骨干培训班·第一场", "骨干培训班·第二场")
    assert (first.place, second.place) == ("党群服务中心", "海口路会议室")
    whole = training.whole
    assert (whole.session_count, whole.starts_at, whole.ends_at) == (
        *(2, first.starts_at, second.ends_at),
    )
    form = secretary.get(f"{training.path}/sessions").form(f"/{second.id}/remove")
    secretary.submit(form)
    assert training.whole.ends_at == first.ends_at
    assert training.whole.session_count == 1


def test_wrong_input_is_told_beside_the_field_and_kept(
    training: Training, secretary: Browser
) -> None:
    page = training.add(secretary, "第一场", 4, ends_at=at(4, 8))
    assert page.status == 422
    assert "结束时间要晚于开始时间" in page.text
    assert training.sessions == []
    too_long = training.add(secretary, "名" * 41, 4)
    assert "名称最多 40 个字" in too_long.text


def test_sessions_are_posted_with_the_whole_and_people_are_called_once(
    posted: Training, secretary: Browser, app: Flask
) -> None:
    assert states(posted) == ["published", "published"]
    page = secretary.get(posted.path)
    assert "第一场" in page.text
    assert "海口路会议室 · 李老师" in page.text
    member = Browser(app).sign_in("a")
    assert "骨干培训班·第一场" in member.get("/events/").text
    # One signs up for the whole: the session says where.
    first = posted.sessions[0]
    there = member.get(f"/events/{first.id}")
    assert f'href="{posted.path}"' in there.html
    assert there.by("data-my-signup") == []
    refused = member.post(f"/events/{first.id}/signups")
    assert refused.status in {403, 409}
    assert "整个活动" in refused.text
    assert not [form for form in there.forms() if form.action and "signups" in form.action]


def test_a_host_signs_nobody_up_to_one_session_alone(posted: Training) -> None:
    first = queries.event(posted.sessions[0].id)
    with pytest.raises(SignupRefusedError, match="整个活动"):
        signups.sign_up_many(event=first, people=[posted.a], actor=posted.secretary)


def test_a_session_that_is_added_later_is_posted_by_itself_and_told(
    posted: Training, secretary: Browser, app: Flask
) -> None:
    sign_up(posted, posted.a)
    posted.add(secretary, "第三场", 8)
    third = posted.sessions[-1]
    assert third.state is EventState.DRAFT
    assert Browser(app).sign_in("a").get(f"/events/{third.id}").status == 404
    secretary.post(f"/events/{third.id}/publish")
    assert posted.sessions[-1].state is EventState.PUBLISHED
    assert subjects(posted) == ["新增一场：骨干培训班·第三场"]


def test_a_session_is_not_posted_before_the_whole(training: Training, secretary: Browser) -> None:
    training.add(secretary, "第一场", 4)
    refused = secretary.post(f"/events/{training.sessions[0].id}/publish")
    assert refused.status == 409
    assert "请先发布整个活动" in refused.alert


def subjects(training: Training) -> list[str]:
    db.session.rollback()
    wanted = select(Message.subject).where(Message.person_id == training.a.id).order_by(Message.id)
    return list(db.session.scalars(wanted))


def test_calling_off_the_whole_calls_off_its_sessions_and_tells_once(
    posted: Training, secretary: Browser, any_database: str
) -> None:
    sign_up(posted, posted.a)
    secretary.post(f"{posted.path}/cancel", {"reason": "场地维修"})
    assert posted.whole.state is EventState.CANCELLED
    assert states(posted) == ["cancelled", "cancelled"]
    assert len(subjects(posted)) == 1


def test_postponing_the_whole_moves_all_that_is_to_come_and_tells_once(
    posted: Training, secretary: Browser, any_database: str
) -> None:
    sign_up(posted, posted.a)
    before = [one.starts_at for one in posted.sessions]
    form = secretary.get(f"{posted.path}/postpone").form("/postpone")
    secretary.submit(form, reason="讲师出差", starts_at=at(11, 9))
    after = [one.starts_at for one in posted.sessions]
    assert [new - old for new, old in zip(after, before, strict=True)] == [timedelta(days=7)] * 2
    assert states(posted) == ["published", "published"]
    assert posted.whole.starts_at == after[0]
    assert len(subjects(posted)) == 1
    form = secretary.get(f"{posted.path}/postpone").form("/postpone")
    secretary.submit(form, reason="再定")
    assert (posted.whole.state, states(posted)) == (EventState.POSTPONED, ["postponed"] * 2)
    form = secretary.get(f"{posted.path}/postpone").form("/postpone")
    secretary.submit(form, reason="定了", starts_at=at(20, 9))
    assert (posted.whole.state, states(posted)) == (EventState.PUBLISHED, ["published"] * 2)


def test_one_session_is_moved_and_called_off_by_itself(
    posted: Training, secretary: Browser
) -> None:
    sign_up(posted, posted.a)
    second = posted.sessions[1]
    address = f"{posted.path}/sessions/{second.id}"
    assert secretary.get(f"/events/{second.id}/edit").form(address).fields["name"] == "第二场"
    form = secretary.get(address).form(address)
    secretary.submit(form, starts_at=at(7, 14), ends_at=at(7, 16))
    assert posted.whole.ends_at == posted.sessions[1].ends_at
    assert subjects(posted) == ["改时间：骨干培训班·第二场"]
    secretary.post(f"/events/{second.id}/cancel", {"reason": "讲师病了"})
    assert states(posted) == ["published", "cancelled"]
    assert posted.whole.state is EventState.PUBLISHED
    assert posted.whole.ends_at == posted.sessions[0].ends_at


def test_the_times_of_the_whole_are_those_of_its_sessions(
    posted: Training, secretary: Browser
) -> None:
    form = secretary.get(f"{posted.path}/edit").form("/edit")
    refused = secretary.submit(form, ends_at=at(9, 11))
    assert refused.status == 422
    assert "逐场修改" in refused.text
    secretary.submit(form, title="骨干轮训班")
    assert [one.title for one in posted.sessions] == ["骨干轮训班·第一场", "骨干轮训班·第二场"]


def test_the_calendar_file_has_each_session_and_the_sheets_show_them(
    posted: Training, secretary: Browser, app: Flask
) -> None:
    sign_up(posted, posted.a)
    member = Browser(app).sign_in("a")
    for address in (f"{posted.path}.ics", "/me/calendar.ics"):
        file = Calendar.from_ical(member.client.get(address).data)
        told = [str(one["summary"]) for one in file.walk("VEVENT")]
        assert told == ["骨干培训班·第一场", "骨干培训班·第二场"]
    for days in (4, 6):
        month = member.get(f"/events/month?date={at(days, 9)[:10]}")
        assert "骨干培训班·" in month.text
        assert f'href="{posted.path}"' not in month.html


def test_a_copy_has_the_same_sessions_moved_by_as_much(
    posted: Training, secretary: Browser
) -> None:
    secretary.post(f"{posted.path}/copy")
    copied = db.session.scalars(select(Event).where(Event.copied_from_id == posted.id)).one()
    found = list(
        db.session.scalars(
            select(Event).where(Event.part_of_id == copied.id).order_by(Event.starts_at)
        )
    )
    assert [one.session_name for one in found] == ["第一场", "第二场"]
    assert {one.state for one in found} == {EventState.DRAFT}
    shifts = {
        new.starts_at - old.starts_at for new, old in zip(found, posted.sessions, strict=True)
    }
    assert len(shifts) == 1
    assert copied.session_count == 2
    assert copied.starts_at == found[0].starts_at


def test_what_cannot_be_held_in_sessions(training: Training, secretary: Browser) -> None:
    training.add(secretary, "第一场", 4)
    first = training.sessions[0]
    assert secretary.post(f"/events/{first.id}/sessions", {"name": "甲"}).status == 409
    assert secretary.post(f"/events/{first.id}/copy").status == 409
    assert secretary.post(f"/events/{first.id}/discard").status == 409
    assert secretary.post(f"{training.path}/end").status == 409


def test_an_event_with_people_marked_on_its_roll_is_not_divided(
    app: Flask, browser: Browser
) -> None:
    training = Training(starts_at=clock.now() + timedelta(minutes=30))
    sign_up(training, training.a)
    attendance.mark(
        event=training.whole,
        person_id=training.a.id,
        status=AttendanceStatus.PRESENT,
        actor=training.secretary,
        timing=Timing(),
    )
    factories.commit()
    page = training.add(browser.sign_in("secretary"), "第一场", 4)
    assert page.status == 409
    assert "名册上已经有登记" in page.alert


def test_there_are_at_most_thirty(training: Training, secretary: Browser) -> None:
    training.add(secretary, "第一场", 4)
    whole = training.whole
    whole.session_count = rules.MOST_SESSIONS
    factories.commit()
    refused = secretary.post(f"{training.path}/sessions", {"name": "再来一场"})
    assert refused.status == 409
    assert "最多 30 场" in refused.alert


def test_the_span_of_sessions_leaves_out_what_was_called_off() -> None:
    def session(day: int, state: EventState) -> Event:
        start = datetime(2026, 11, day, 1, tzinfo=clock.now().tzinfo)
        return Event(starts_at=start, ends_at=start + timedelta(hours=2), state=state)

    held, off = session(10, EventState.PUBLISHED), session(20, EventState.CANCELLED)
    assert rules.span_of([held, off]) == (held.starts_at, held.ends_at)
    assert rules.span_of([off]) == (off.starts_at, off.ends_at)
    assert rules.span_of([]) is None
    assert not rules.are_settled([held, off])
    assert rules.are_settled([session(10, EventState.RECORDED), off])
    assert not rules.are_settled([off])


def test_a_draft_is_thrown_away_with_its_sessions(
    training: Training, secretary: Browser, any_database: str
) -> None:
    training.add(secretary, "第一场", 4)
    page = secretary.get(training.path)
    assert "1 场也一起删除" in page.text
    secretary.post(f"{training.path}/discard")
    assert db.session.scalars(select(Event)).all() == []
