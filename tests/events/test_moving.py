"""Publish, postpone, call off, end, record, archive: through the front door."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.audit.models import AuditEntry
from portal.database import db
from portal.errors import ConflictError
from portal.events import moves, queries
from portal.events.models import Event, EventState
from tests import factories
from tests.factories import Street
from tests.page import Browser


def posted(**values: Any) -> str:
    """The address of an event of 汕头路 as `values` say."""
    street = Street()
    event = factories.event(street.shantou, street.secretary, **values)
    factories.commit()
    return f"/events/{event.id}"


def kept() -> Event:
    return db.session.scalars(db.select(Event)).one()


def typed(days: float, hour: int = 9) -> str:
    day = clock.local(clock.now() + timedelta(days=days))
    return f"{day:%Y-%m-%d}T{hour:02d}:00"


def actions() -> list[str]:
    wanted = db.select(AuditEntry.action).where(AuditEntry.object_type == "Event")
    return list(db.session.scalars(wanted.order_by(AuditEntry.id)))


def test_an_event_is_postponed_to_a_time_to_be_fixed_and_then_fixed(
    browser: Browser, way: str
) -> None:
    path = posted()
    form = browser.sign_in("secretary").get(f"{path}/postpone").form("/postpone")
    page = browser.submit(form, htmx=way == "htmx", reason="场地维修，改期举行。")
    assert "新的时间待定" in page.text
    assert "场地维修" in page.text
    assert kept().state is EventState.POSTPONED
    form = browser.get(page.links()["定下新的时间"]).form("/postpone")
    page = browser.submit(form, reason="场地已修好。", starts_at=typed(9))
    event = kept()
    assert event.state is EventState.PUBLISHED
    assert event.ends_at - event.starts_at == timedelta(hours=2)
    assert "时间有变" in page.text
    assert "场地已修好" in page.text
    assert actions() == ["event.postpone", "event.postpone"]


def test_an_event_is_moved_at_once_and_sign_up_closes_as_long_before(browser: Browser) -> None:
    closes = clock.now() + timedelta(days=2)
    path = posted(signup_closes_at=closes)
    before = kept().starts_at - closes
    browser.sign_in("secretary").post(
        f"{path}/postpone", {"reason": "主讲人公务", "starts_at": typed(9), "ends_at": typed(9, 12)}
    )
    event = kept()
    assert event.state is EventState.PUBLISHED
    assert event.moved_from_at is not None
    assert event.signup_closes_at is not None
    assert event.starts_at - event.signup_closes_at == before


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "  "}, "reason"),
        ({"reason": "字" * 201}, "reason"),
        ({"starts_at": typed(-3)}, "starts_at"),
        ({"starts_at": typed(9), "ends_at": typed(8)}, "ends_at"),
        ({"starts_at": "下周三"}, "starts_at"),
    ],
)
def test_a_postponement_is_refused_with_what_was_typed(
    browser: Browser, wrong: dict[str, str], field: str
) -> None:
    path = posted()
    page = browser.sign_in("secretary").post(f"{path}/postpone", {"reason": "维修", **wrong})
    assert page.status == 422
    assert page.errors()[field]
    assert kept().state is EventState.PUBLISHED
    if "starts_at" in wrong:
        assert page.form("/postpone").fields["starts_at"] == wrong["starts_at"]


def test_the_same_time_is_no_new_time(browser: Browser) -> None:
    starts_at = (clock.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    path = posted(starts_at=starts_at)
    same = f"{clock.local(starts_at):%Y-%m-%dT%H:%M}"
    browser.sign_in("secretary")
    page = browser.post(f"{path}/postpone", {"reason": "维修", "starts_at": same})
    assert "与原来相同" in page.errors()["starts_at"]
    browser.post(f"{path}/postpone", {"reason": "维修"})
    # After all it is held when it was to be held: nothing has moved.
    page = browser.post(f"{path}/postpone", {"reason": "修好了", "starts_at": same})
    assert kept().state is EventState.PUBLISHED
    assert kept().moved_from_at is None
    assert "时间有变" not in page.text


def test_a_postponed_event_is_not_published_without_a_new_time(browser: Browser) -> None:
    path = posted()
    browser.sign_in("secretary").post(f"{path}/postpone", {"reason": "维修"})
    page = browser.post(f"{path}/publish")
    assert page.status == 409
    assert "还没有定下新的时间" in page.alert
    form = browser.get(f"{path}/edit").form("/edit")
    browser.submit(form, starts_at=typed(9), ends_at=typed(9, 11))
    assert browser.post(f"{path}/publish").status == 200
    assert kept().state is EventState.PUBLISHED


def test_an_event_is_called_off_with_its_reason(browser: Browser, way: str) -> None:
    path = posted()
    form = browser.sign_in("secretary").get(path).form("/cancel")
    page = browser.submit(form, htmx=way == "htmx", reason="天气原因。")
    assert page.status == 200
    assert "已取消" in page.text
    assert "天气原因" in Browser(browser.app).sign_in("d").get(path).text
    assert kept().state is EventState.CANCELLED
    assert browser.post(f"{path}/publish").status == 409
    assert browser.post(f"{path}/cancel", {"reason": "再一次"}).status == 409


def test_a_reason_left_empty_is_asked_for_and_one_not_sent_is_not(browser: Browser) -> None:
    path = posted()
    page = browser.sign_in("secretary").post(f"{path}/cancel", {"reason": " "})
    assert page.status == 422
    assert "原因" in page.errors()["reason"]
    assert kept().state is EventState.PUBLISHED
    assert browser.get(f"{path}/cancel").status == 200
    browser.post(f"{path}/cancel")
    assert kept().state is EventState.CANCELLED
    assert kept().state_reason == "主办方没有写明原因。"


def test_a_draft_is_not_called_off(browser: Browser) -> None:
    path = posted(state=EventState.DRAFT)
    page = browser.sign_in("secretary").post(f"{path}/cancel")
    assert page.status == 409
    assert "还是草稿，不能取消" in page.alert


def test_an_event_ends_only_after_it_has_begun(browser: Browser) -> None:
    path = posted()
    page = browser.sign_in("secretary").post(f"{path}/end")
    assert page.status == 409
    assert "还没有开始" in page.alert
    kept().starts_at = clock.now() - timedelta(minutes=5)
    page = browser.get(path)
    page = browser.submit(page.form("/end"))
    assert kept().state is EventState.ENDED
    assert "核对并确认" in page.text


def test_a_recorded_event_is_archived(browser: Browser) -> None:
    path = posted(state=EventState.RECORDED)
    page = browser.sign_in("secretary").get(path)
    page = browser.submit(page.form("/archive"))
    assert kept().state is EventState.ARCHIVED
    assert "已归档" in page.text
    assert browser.post(f"{path}/archive").status == 409


@pytest.mark.parametrize("state", [EventState.PUBLISHED, EventState.ENDED])
def test_a_confirmed_roll_settles_an_event_that_has_begun(app: Flask, state: EventState) -> None:
    street = Street()
    held = factories.event(
        street.shantou, street.secretary, starts_at=clock.now() - timedelta(hours=1), state=state
    )
    moves.record(event=queries.event(held.id), actor=street.secretary)
    assert held.state is EventState.RECORDED


def test_what_has_not_begun_or_is_a_draft_is_not_recorded(app: Flask) -> None:
    street = Street()
    coming = factories.event(street.shantou, street.secretary)
    draft = factories.event(
        street.shantou,
        street.secretary,
        state=EventState.DRAFT,
        starts_at=clock.now() - timedelta(hours=1),
    )
    for event in (coming, draft):
        with pytest.raises(ConflictError):
            moves.record(event=queries.event(event.id), actor=street.secretary)


@pytest.mark.parametrize("state", list(EventState))
def test_the_page_shows_every_state_to_host_and_reader(browser: Browser, state: EventState) -> None:
    path = posted(state=state, moved_from_at=clock.now() - timedelta(days=1))
    page = browser.sign_in("secretary").get(path)
    assert page.status == 200
    assert "下一步" in page.text
    main = [element for element in page.all() if "button-main" in (element.get("class") or "")]
    assert len(main) <= 1
    reader = Browser(browser.app).sign_in("d").get(path)
    assert reader.status == (404 if state is EventState.DRAFT else 200)
    assert "下一步" not in reader.text
