"""A lesson is given again and again: each giving is an event, written by the lesson."""

from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.database import db
from portal.events import agenda, agenda_rows
from portal.events.models import Event, EventKind, EventState
from portal.lessons.models import Lesson, LessonState
from portal.sites.models import Route
from tests import factories
from tests.factories import Street
from tests.page import Browser


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


def route(street: Street) -> Route:
    sites = [
        factories.site(street.shantou, street.secretary, name=name) for name in ("小区", "零点")
    ]
    made = factories.route(street.shantou, street.secretary, sites, name="一条街")
    made.stops[0].minutes = 40
    return made


def a_lesson(street: Street, **values: object) -> Lesson:
    made = factories.lesson(
        street.shantou,
        street.secretary,
        **{
            "title": "走读一条街",
            "minutes": 90,
            "takeaway": "认识一条街",
            "questions": "谁来管\n怎么管",
            "lecturer_post": "书记",
            **values,
        },
    )
    factories.commit()
    return made


def only_event() -> Event:
    return db.session.scalars(db.select(Event)).one()


def test_a_lesson_becomes_a_draft_with_everything_filled_in(
    browser: Browser, street: Street, way: str
) -> None:
    lesson = a_lesson(street, route_id=route(street).id)
    page = browser.sign_in("secretary").get(f"/lessons/{lesson.id}")
    assert "全程约 80 分钟" in page.text
    page = browser.submit(page.form(f"/events/from-lesson/{lesson.id}"), htmx=way == "htmx")
    assert page.status == 200
    event = only_event()
    assert event.state is EventState.DRAFT
    assert event.kind is EventKind.LESSON
    assert event.lesson_id == lesson.id
    assert event.host_id == street.shantou.id
    assert event.title == "走读一条街"
    assert event.lecturer == "书记测试甲（书记）"
    assert event.summary == "认识一条街"
    assert event.ends_at - event.starts_at == timedelta(minutes=90)
    assert event.starts_at > clock.now() + timedelta(days=6)
    assert event.place == "小区"
    assert event.site_id is not None
    told = agenda.timed(agenda_rows.rows(event.id), event.starts_at)
    assert [(item.time, item.text) for item in told] == [
        ("9:00–9:40", "小区"),
        ("9:40–9:50", "步行到下一站"),
        ("9:50–10:20", "零点"),
        ("10:20", "研讨：谁来管"),
        ("", "研讨：怎么管"),
    ]
    # One field to change, and it is out.
    form = page.form("/edit")
    assert form.fields["title"] == "走读一条街"
    page = browser.submit(form, then="publish")
    assert page.status == 200
    assert only_event().state is EventState.PUBLISHED
    assert "这堂课" in page.text
    reader = Browser(browser.app).sign_in("a")
    assert reader.get(f"/events/{event.id}").links()["走读一条街"] == f"/lessons/{lesson.id}"
    assert f"/events/{event.id}" in reader.get(f"/lessons/{lesson.id}").links().values()


def test_pressing_twice_makes_one_draft(browser: Browser, street: Street) -> None:
    lesson = a_lesson(street)
    browser.sign_in("secretary")
    browser.post(f"/events/from-lesson/{lesson.id}")
    browser.post(f"/events/from-lesson/{lesson.id}")
    only_event()


def test_another_community_gives_the_lesson_as_its_own_event(
    browser: Browser, street: Street
) -> None:
    lesson = a_lesson(street)
    assert browser.sign_in("secretary2").post(f"/events/from-lesson/{lesson.id}").status == 200
    assert only_event().host_id == street.haikou.id


@pytest.mark.parametrize("state", [LessonState.DRAFT, LessonState.ARCHIVED])
def test_only_what_is_published_is_given(
    browser: Browser, street: Street, state: LessonState
) -> None:
    lesson = a_lesson(street, state=state)
    assert browser.sign_in("secretary").post(f"/events/from-lesson/{lesson.id}").status == 409
    assert "安排一次" not in browser.get(f"/lessons/{lesson.id}").text


def test_readers_do_not_give_lessons(browser: Browser, street: Street) -> None:
    lesson = a_lesson(street)
    assert browser.sign_in("a").post(f"/events/from-lesson/{lesson.id}").status == 403
    assert "安排一次" not in browser.get(f"/lessons/{lesson.id}").text


def test_a_copied_giving_still_gives_the_lesson(browser: Browser, street: Street) -> None:
    lesson = a_lesson(street)
    browser.sign_in("secretary").post(f"/events/from-lesson/{lesson.id}")
    browser.post(f"/events/{only_event().id}/copy")
    lessons = db.session.scalars(db.select(Event.lesson_id)).all()
    assert lessons == [lesson.id, lesson.id]


def test_the_page_lists_past_givings_and_hides_drafts_from_readers(
    browser: Browser, street: Street
) -> None:
    lesson = a_lesson(street)
    now = clock.now()
    for days, state in ((-30, EventState.RECORDED), (5, EventState.DRAFT), (6, None)):
        factories.event(
            street.shantou,
            street.secretary,
            lesson_id=lesson.id,
            starts_at=now + timedelta(days=days),
            state=state or EventState.PUBLISHED,
        )
    factories.commit()
    page = browser.sign_in("a").get(f"/lessons/{lesson.id}")
    assert "讲过 1 次" in page.text
    assert "草稿" not in page.text
    assert "草稿" in Browser(browser.app).sign_in("secretary").get(f"/lessons/{lesson.id}").text
