"""Posting, changing, copying an event through the front door."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.audit.models import AuditEntry
from portal.database import db
from portal.errors import InvalidInputError
from portal.events import hooks, services
from portal.events.models import (
    Audience,
    Event,
    EventDueOrganisation,
    EventInvitation,
    EventKind,
    EventState,
)
from portal.people.models import Person
from tests import factories
from tests.factories import Street
from tests.page import Browser, Page


def typed(days: float, hour: int = 9) -> str:
    """A moment as the form's input has it."""
    day = clock.local(clock.now() + timedelta(days=days))
    return f"{day:%Y-%m-%d}T{hour:02d}:00"


def few(**more: Any) -> dict[str, Any]:
    """The four fields that cannot be left out."""
    return {
        "title": "十二月主题党课",
        "kind": "lesson",
        "starts_at": typed(5),
        "ends_at": typed(5, 11),
        **more,
    }


def only_event() -> Event:
    return db.session.scalars(db.select(Event)).one()


def test_four_fields_suffice_and_make_a_draft(browser: Browser, way: str) -> None:
    street = Street()
    page = browser.sign_in("secretary").post("/events/new", few(), htmx=way == "htmx")
    assert page.status == 200
    assert page.h1 == "十二月主题党课"
    assert "草稿" in page.text
    event = only_event()
    assert event.state is EventState.DRAFT
    assert event.kind is EventKind.LESSON
    assert event.audience is Audience.OPEN
    assert event.capacity is None
    assert event.host_id == street.shantou.id
    assert event.created_by_id == street.secretary.id
    assert f"{clock.local(event.starts_at):%H:%M}" == "09:00"
    page.form(f"/events/{event.id}/publish")


def test_the_draft_says_publish_and_publishing_shows_it_to_all(browser: Browser, way: str) -> None:
    Street()
    page = browser.sign_in("secretary").post("/events/new", few())
    page = browser.submit(page.form("/publish"), htmx=way == "htmx")
    assert page.status == 200
    assert "已发布" in page.text
    assert only_event().state is EventState.PUBLISHED
    assert "十二月主题党课" in Browser(browser.app).sign_in("d").get("/events/").text


def test_saved_and_published_in_one_go(browser: Browser) -> None:
    Street()
    form = browser.sign_in("secretary").get("/events/new").form("/events/new")
    browser.submit(form, **few(then="publish"))
    event = only_event()
    assert event.state is EventState.PUBLISHED
    assert event.published_at is not None


def test_the_form_opened_from_a_day_has_that_day(browser: Browser) -> None:
    Street()
    form = browser.sign_in("secretary").get("/events/new?date=2027-03-04").form("/events/new")
    assert form.fields["starts_at"] == "2027-03-04T09:00"
    assert form.fields["ends_at"] == "2027-03-04T11:00"


def test_every_field_is_kept(browser: Browser) -> None:
    street = Street()
    page = browser.sign_in("secretary").post(
        "/events/new",
        few(
            title="王䶮和𬱖建国·阿依古丽 🎉 <script>alert(1)</script>",
            kind="site_visit",
            place="鲁商首府小区",
            lecturer="测试主讲",
            host=str(street.branch_two.id),
            audience="due",
            due=[str(street.branch_one.id), str(street.branch_two.id)],
            capacity="40",
            signup_opens_at=typed(1),
            signup_closes_at=typed(4),
            contact="办公室 0532-0000 0000",
            summary="第一段\r\n\r\n第二段 <b>不是标记</b>",
            agenda="9:00 集合\r\n9:30 讲解",
            note="带徽章",
        ),
    )
    assert page.status == 200
    assert page.h1 == "王䶮和𬱖建国·阿依古丽 🎉 <script>alert(1)</script>"
    assert "第二段 <b>不是标记</b>" in page.text
    assert "9:30" in page.text
    event = only_event()
    assert event.host_id == street.branch_two.id
    assert event.summary == "第一段\n\n第二段 <b>不是标记</b>"
    assert event.capacity == 40
    with browser.app.app_context():
        from portal.events.queries import event as whole

        due = {row.organisation_id for row in whole(event.id).due_organisations}
    assert due == {street.branch_one.id, street.branch_two.id}


def test_due_without_a_tick_expects_everybody_of_the_host(browser: Browser) -> None:
    Street()
    browser.sign_in("branch").post("/events/new", few(audience="due", then="publish"))
    assert "十二月主题党课" in Browser(browser.app).sign_in("a").get("/events/").text
    assert "十二月主题党课" not in Browser(browser.app).sign_in("c").get("/events/").text


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"title": ""}, "title", "标题"),
        ({"title": "   "}, "title", "标题"),
        ({"title": "字" * 10_000}, "title", "现在有 10000 个"),
        ({"kind": "party"}, "kind", "选"),
        ({"kind": ""}, "kind", "类型"),
        ({"starts_at": ""}, "starts_at", "开始时间"),
        ({"starts_at": "明天"}, "starts_at", "日期和时间"),
        ({"starts_at": "0001-01-01T00:00"}, "starts_at", "日期和时间"),
        ({"starts_at": "9999-12-31T23:59"}, "starts_at", "年份"),
        ({"ends_at": typed(5, 8)}, "ends_at", "晚于开始"),
        ({"ends_at": typed(5, 9)}, "ends_at", "晚于开始"),
        ({"capacity": "0"}, "capacity", "人数上限"),
        ({"capacity": "-3"}, "capacity", "人数上限"),
        ({"capacity": "很多"}, "capacity", ""),
        ({"capacity": "9" * 40}, "capacity", "人数上限"),
        ({"signup_closes_at": typed(6)}, "signup_closes_at", "报名截止"),
        ({"signup_opens_at": typed(6)}, "signup_opens_at", "报名开始"),
        ({"audience": "everyone"}, "audience", ""),
        ({"host": "99999"}, "host", ""),
        ({"host": "一号"}, "host", ""),
        ({"summary": "字" * 5001}, "summary", "简介最多"),
        ({"place": "字" * 121}, "place", "地点最多"),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_all_that_was_typed_stays(
    browser: Browser, wrong: dict[str, str], field: str, words: str
) -> None:
    Street()
    filled = {**few(place="党群服务中心", summary="简介在这里", then="publish"), **wrong}
    page = browser.sign_in("secretary").post("/events/new", filled)
    assert page.status == 422
    assert page.alert
    assert words in page.errors()[field]
    again = page.form("/events/new").fields
    for name in ("title", "place", "summary"):
        assert again[name] == str(filled[name]).strip()
    assert db.session.query(Event).count() == 0


def test_another_community_cannot_be_named_as_host_or_expected(browser: Browser) -> None:
    street = Street()
    browser.sign_in("secretary")
    page = browser.post("/events/new", few(host=str(street.haikou.id)))
    assert page.status == 422
    page = browser.post("/events/new", few(audience="due", due=[str(street.branch_far.id)]))
    assert page.status == 422
    assert db.session.query(Event).count() == 0


@pytest.mark.parametrize("name", ["a", "keeper", "officer", "visitor", "auditor"])
def test_others_do_not_post(browser: Browser, name: str) -> None:
    Street()
    browser.sign_in(name)
    assert browser.get("/events/new").status == 403
    assert browser.post("/events/new", few()).status == 403
    assert browser.get("/events/").links().get("发布活动") is None


def test_what_has_begun_is_published_with_a_word_about_it(browser: Browser) -> None:
    Street()
    past = few(starts_at=typed(-1), ends_at=typed(-1, 11), then="publish")
    page = browser.sign_in("secretary").post("/events/new", past)
    assert "补录" in page.text
    assert only_event().state is EventState.PUBLISHED


# ---- editing


def posted(street: Street, **values: Any) -> Event:
    """An event made the way the room makes it, so that it is found by search as well."""
    event = factories.event(street.shantou, street.secretary, **values)
    factories.commit()
    return event


def test_an_edit_changes_what_was_typed_and_is_noted(browser: Browser, way: str) -> None:
    event = posted(Street(), note="带徽章")
    form = browser.sign_in("secretary").get(f"/events/{event.id}/edit").form("/edit")
    page = browser.submit(form, htmx=way == "htmx", title="新的标题", capacity="30")
    assert page.status == 200
    assert page.h1 == "新的标题"
    kept = only_event()
    assert (kept.title, kept.capacity, kept.note) == ("新的标题", 30, "带徽章")
    assert kept.version == 2
    entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.action == "event.edit")).one()
    assert "新的标题" in entry.details
    assert '"fields": ["capacity", "title"]' in entry.details


def test_saving_without_a_change_changes_nothing(browser: Browser) -> None:
    event = posted(Street(), summary="甲\n乙", signup_closes_at=clock.now() + timedelta(days=1))
    form = browser.sign_in("secretary").get(f"/events/{event.id}/edit").form("/edit")
    # The input shows minutes; the seconds that the event keeps are not a change by the reader.
    browser.submit(form)
    assert only_event().version == 1
    assert only_event().summary == "甲\n乙"


def test_a_new_time_of_a_published_event_tells_the_old_one(browser: Browser) -> None:
    event = posted(Street())
    form = browser.sign_in("secretary").get(f"/events/{event.id}/edit").form("/edit")
    page = browser.submit(form, starts_at=typed(9), ends_at=typed(9, 11))
    assert "原定" in page.text
    assert "现在是" in page.text


def test_who_is_due_is_changed_by_ticks(browser: Browser) -> None:
    street = Street()
    branches = [str(street.branch_one.id), str(street.branch_two.id)]
    event = posted(street, audience=Audience.DUE)
    db.session.add(EventDueOrganisation(event_id=event.id, organisation_id=int(branches[0])))
    path = f"/events/{event.id}/edit"
    form = browser.sign_in("secretary").get(path).form("/edit")
    assert form.fields["due"] == branches[0]
    browser.submit(form, due=branches[1])
    due = db.select(EventDueOrganisation.organisation_id)
    assert [str(each) for each in db.session.scalars(due)] == [branches[1]]
    assert only_event().version == 2
    browser.submit(browser.get(path).form("/edit"), audience="open")
    assert list(db.session.scalars(due)) == []


def test_a_settled_event_is_not_edited(browser: Browser) -> None:
    event = posted(Street(), state=EventState.RECORDED)
    page = browser.sign_in("secretary").get(f"/events/{event.id}/edit")
    assert page.status == 409
    assert "不能修改" in page.alert


def test_an_edit_may_leave_out_all_but_four_fields(browser: Browser) -> None:
    event = posted(
        Street(), note="带徽章", capacity=20, signup_closes_at=clock.now() + timedelta(days=2)
    )
    browser.sign_in("secretary").post(f"/events/{event.id}/edit", few())
    kept = only_event()
    assert (kept.title, kept.note, kept.capacity) == ("十二月主题党课", "带徽章", 20)
    assert kept.signup_closes_at is not None


def two_editors(app: Flask, event: Event) -> tuple[Browser, Page, Browser, Page]:
    one, two = Browser(app).sign_in("secretary"), Browser(app).sign_in("office")
    path = f"/events/{event.id}/edit"
    return one, one.get(path), two, two.get(path)


def test_the_second_editor_is_told_what_changed_and_nothing_is_lost(
    app: Flask, any_database: str, way: str
) -> None:
    event = posted(Street(), place="一楼", note="旧的提示")
    one, page_one, two, page_two = two_editors(app, event)
    one.submit(page_one.form("/edit"), title="先改的标题", place="二楼")
    page = two.submit(
        page_two.form("/edit"), htmx=way == "htmx", title="后改的标题", note="新的提示"
    )
    assert page.status == 409
    rows = [_cells(row) for row in page.find_all("tr")[1:]]
    assert ["标题", "先改的标题", "后改的标题", "您填的内容"] in rows
    assert ["地点", "二楼", "一楼", "现在的内容（您没有改过这一项）"] in rows
    assert len(rows) == 2
    assert only_event().title == "先改的标题"
    form = page.form("/edit")
    assert form.fields["title"] == "后改的标题"
    assert form.fields["place"] == "二楼"
    assert form.fields["note"] == "新的提示"
    assert two.submit(form).status == 200
    kept = only_event()
    assert (kept.title, kept.place, kept.note) == ("后改的标题", "二楼", "新的提示")


def _cells(row: Any) -> list[str]:
    return ["".join(cell.itertext()).strip() for cell in row if cell.tag == "td"]


def test_two_who_wrote_the_same_do_not_disagree(app: Flask) -> None:
    event = posted(Street())
    one, page_one, two, page_two = two_editors(app, event)
    one.submit(page_one.form("/edit"), title="同样的标题")
    assert two.submit(page_two.form("/edit"), title="同样的标题", note="提示").status == 200
    assert only_event().note == "提示"


def test_what_others_did_besides_writing_is_no_conflict(app: Flask) -> None:
    event = posted(Street(), state=EventState.DRAFT)
    one, _, two, page_two = two_editors(app, event)
    one.post(f"/events/{event.id}/publish")
    assert two.submit(page_two.form("/edit"), title="改过的标题").status == 200
    kept = only_event()
    assert kept.title == "改过的标题"
    assert kept.state is EventState.PUBLISHED


def test_a_stale_form_without_memory_shows_every_difference(app: Flask) -> None:
    event = posted(Street())
    one, page_one, two, page_two = two_editors(app, event)
    one.submit(page_one.form("/edit"), title="先改的标题")
    page = two.submit(page_two.form("/edit"), title="后改的标题", seen="")
    assert page.status == 409
    assert "先改的标题" in page.alert


# ---- the rooms above


class Recorder:
    """A room above that remembers what it was asked and told."""

    def __init__(self) -> None:
        self.checked: list[int | None] = []
        self.told: list[EventState] = []

    def check_change(self, event: Event, *, capacity: int | None) -> None:
        self.checked.append(capacity)
        if capacity == 1:
            raise InvalidInputError("已有 3 人报名，人数上限不能少于 3。", field="capacity")

    def event_changed(self, event: Event, *, actor: Person) -> None:
        self.told.append(event.state)


@pytest.fixture
def above(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(hooks, "listeners", [recorder])
    return recorder


def test_a_capacity_is_asked_above_and_refused_beside_its_field(
    browser: Browser, above: Recorder
) -> None:
    event = posted(Street(), capacity=40)
    path = f"/events/{event.id}/edit"
    form = browser.sign_in("secretary").get(path).form("/edit")
    page = browser.submit(form, capacity="1", title="新标题")
    assert page.status == 422
    assert "已有 3 人报名" in page.errors()["capacity"]
    assert page.form("/edit").fields["title"] == "新标题"
    assert only_event().capacity == 40
    assert above.told == []
    browser.submit(browser.get(path).form("/edit"), capacity="")
    assert above.checked == [1, None]
    assert above.told == [EventState.PUBLISHED]


def test_every_move_is_told_above(browser: Browser, above: Recorder) -> None:
    event = posted(Street(), state=EventState.DRAFT)
    browser.sign_in("secretary")
    browser.post(f"/events/{event.id}/publish")
    browser.post(f"/events/{event.id}/postpone", {"reason": "场地维修"})
    browser.post(f"/events/{event.id}/cancel", {"reason": "不办了"})
    assert above.told == [EventState.PUBLISHED, EventState.POSTPONED, EventState.CANCELLED]


# ---- copying


def test_copy_and_publish_takes_at_most_five_actions(browser: Browser) -> None:
    starts_at = clock.from_local(datetime.fromisoformat("2026-10-08 14:30"))
    event = posted(
        Street(),
        title="每月党课",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        signup_closes_at=starts_at - timedelta(days=1),
        state=EventState.RECORDED,
        capacity=40,
        lecturer="上次的主讲",
        note="带徽章",
        state_reason="旧的原因",
    )
    show = browser.sign_in("secretary").get(f"/events/{event.id}")
    actions = 1
    page = browser.submit(show.form("/copy"))
    form = page.form("/edit")
    assert form.fields["title"] == "每月党课"
    assert form.fields["starts_at"].endswith("T14:30")
    actions += 1  # the lecturer is typed
    actions += 1  # published
    page = browser.submit(form, lecturer="这次的主讲", then="publish")
    assert actions <= 5
    assert page.status == 200
    made = db.session.scalars(db.select(Event).where(Event.id != event.id)).one()
    local = clock.local(made.starts_at)
    assert made.state is EventState.PUBLISHED
    assert made.copied_from_id == event.id
    assert made.starts_at > clock.now()
    assert local.weekday() == 3
    assert made.ends_at - made.starts_at == timedelta(hours=2)
    assert made.starts_at - made.signup_closes_at == timedelta(days=1)
    assert (made.capacity, made.note, made.lecturer) == (40, "带徽章", "这次的主讲")
    assert made.state_reason == ""
    assert made.created_by_id != 0


def test_the_deadline_of_a_draft_goes_along_with_its_start(browser: Browser) -> None:
    starts_at = clock.from_local(datetime.fromisoformat("2026-10-08 14:30"))
    event = posted(
        Street(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        signup_closes_at=starts_at - timedelta(hours=2),
        state=EventState.DRAFT,
    )
    show = browser.sign_in("secretary").get(f"/events/{event.id}/edit")
    form = show.form("/edit")
    page = browser.submit(
        form, starts_at="2026-10-06T09:00", ends_at="2026-10-06T11:00", then="save"
    )
    assert page.status == 200
    assert event.signup_closes_at is not None
    assert clock.local(event.signup_closes_at).isoformat()[:16] == "2026-10-06T07:00"

    form = browser.get(f"/events/{event.id}/edit").form("/edit")
    browser.submit(form, starts_at="2026-10-06T09:30", signup_closes_at="2026-10-06T09:00")
    assert clock.local(event.signup_closes_at).isoformat()[:16] == "2026-10-06T09:00"


def test_a_copy_invites_the_same_people(browser: Browser) -> None:
    street = Street()
    event = posted(street, audience=Audience.INVITED)
    db.session.add(
        EventInvitation(
            event_id=event.id,
            person_id=street.d.id,
            invited_by_id=street.secretary.id,
            invited_at=clock.now(),
        )
    )
    browser.sign_in("secretary").post(f"/events/{event.id}/copy")
    people = db.session.scalars(db.select(EventInvitation.person_id).order_by(EventInvitation.id))
    assert list(people) == [street.d.id, street.d.id]


def test_a_draft_is_thrown_away_for_good_and_its_copies_stay(browser: Browser) -> None:
    event = posted(Street(), state=EventState.DRAFT)
    browser.sign_in("secretary").post(f"/events/{event.id}/copy")
    path = f"/events/{event.id}"
    page = browser.submit(browser.get(path).form("/discard"))
    assert "已删除" in page.text
    assert only_event().copied_from_id is None
    assert browser.get(path).status == 404


def test_what_others_have_seen_is_not_thrown_away(browser: Browser) -> None:
    event = posted(Street())
    page = browser.sign_in("secretary").post(f"/events/{event.id}/discard")
    assert page.status == 409
    assert "已经发布，不能删除" in page.alert


def test_services_index_what_they_write(app: Flask, any_database: str) -> None:
    street = Street()
    from portal.events.details import Details
    from portal.events.queries import SEARCH_KIND
    from portal.search.queries import matching_ids

    secretary, host = street.secretary, street.shantou
    starts_at = clock.now() + timedelta(days=1)
    details = Details(
        title="海洋经济座谈",
        kind=EventKind.SEMINAR,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        host=host,
        lecturer="单田芳",
    )
    event = services.create(details=details, actor=secretary)
    for words in ("海洋", "hyjj", "shantou", "stf", "研讨"):
        found = list(db.session.scalars(matching_ids(SEARCH_KIND, words)))
        assert found == [event.id], words
    services.discard(event=event, actor=secretary)
    assert list(db.session.scalars(matching_ids(SEARCH_KIND, "海洋"))) == []
