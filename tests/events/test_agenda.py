"""The agenda as rows: times worked out, rows added, moved and taken out, nothing half kept."""

import itertools
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.database import db
from portal.errors import InvalidInputError
from portal.events import agenda, agenda_rows, list_queries, queries, services
from portal.events.agenda import AgendaRow
from portal.events.filters import Filters
from portal.events.models import Event, EventState
from tests import factories
from tests.factories import Street
from tests.page import Browser, Form, Page, text_of

NINE = clock.from_local(datetime(2027, 3, 5, 9, 0))  # noqa: DTZ001


@pytest.fixture
def event(app: Flask) -> Event:
    street = Street()
    made = factories.event(street.shantou, street.secretary, starts_at=NINE)
    factories.commit()
    return made


def path(event: Event) -> str:
    return f"/events/{event.id}/agenda"


def form_of(page: Page) -> Form:
    return page.form("/agenda")


def titles(page: Page) -> list[str]:
    fields = form_of(page).fields
    return [fields[f"title-{place}"] for place in range(int(fields["rows"]))]


ROWS: dict[str, Any] = {
    "rows": "2",
    "title-0": "签到",
    "minutes-0": "30",
    "title-1": "讲课",
    "speaker-1": "测试主讲",
    "minutes-1": "90",
}


def test_times_follow_from_the_minutes() -> None:
    rows = [
        AgendaRow("签到", "", 30),
        AgendaRow("讲课", "甲", 45),
        AgendaRow("自由"),
        AgendaRow("完"),
    ]
    assert [item.time for item in agenda.timed(rows, NINE)] == [
        "9:00–9:30",
        "9:30–10:15",
        "10:15",
        "",
    ]


@given(minutes=st.lists(st.integers(1, 600), max_size=12))
def test_every_row_begins_when_the_one_before_it_ends(minutes: list[int]) -> None:
    rows = [AgendaRow("x", "", number) for number in minutes]
    items = agenda.timed(rows, datetime(2028, 2, 29, 15, 59, tzinfo=UTC))
    spans = [item.time.split("–") for item in items]
    assert all(before[1] == after[0] for before, after in itertools.pairwise(spans))
    assert agenda.minutes_of(rows) == sum(minutes)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("9:00 签到\n9:30 讲课\n11:00 散会", [("签到", 30), ("讲课", 90), ("散会", None)]),
        ("9：00-9：20 签到\n自由交流", [("签到", 20), ("自由交流", None)]),
        ("10:00 甲\n9:00 乙", [("甲", None), ("乙", None)]),
        ("", []),
    ],
)
def test_free_lines_become_rows(text: str, rows: list[tuple[str, int | None]]) -> None:
    assert [(row.title, row.minutes) for row in agenda.rows_of(text)] == rows


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (AgendaRow(""), "title-0"),
        (AgendaRow("字" * 121), "title-0"),
        (AgendaRow("题", "字" * 61), "speaker-0"),
        (AgendaRow("题", "", 0), "minutes-0"),
        (AgendaRow("题", "", 1441), "minutes-0"),
    ],
)
def test_what_breaks_a_rule_is_named(row: AgendaRow, field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        agenda.check([row])
    assert refused.value.field == field
    with pytest.raises(InvalidInputError, match="最多 40 项"):
        agenda.check([AgendaRow("x")] * 41)


def test_rows_are_kept_and_shown_with_times_and_speakers(browser: Browser, event: Event) -> None:
    form = form_of(browser.sign_in("secretary").get(path(event)))
    page = browser.submit(form, **ROWS)
    assert "议程已保存" in page.text
    assert [text_of(time) for time in page.by("class", "agenda-time")] == [
        "9:00–9:30",
        "9:30–11:00",
    ]
    assert "讲课 测试主讲" in page.text
    found = list_queries.page_of_list(factories_reader(event), Filters(q="测试主讲"), 1).rows
    assert [row.id for row in found] == [event.id]


def factories_reader(event: Event):
    from tests.access.world import _with_grants

    return _with_grants(queries.event(event.id).created_by)


def test_rows_are_added_moved_and_taken_out_without_being_kept(
    browser: Browser, event: Event, way: str
) -> None:
    browser.sign_in("secretary")
    htmx = way == "htmx"
    page = browser.submit(form_of(browser.get(path(event))), **ROWS, then="add", htmx=htmx)
    assert page.whole is not htmx
    assert titles(page) == ["签到", "讲课", ""]
    page = browser.submit(form_of(page), **{"title-2": "散会"}, then="up-2", htmx=htmx)
    assert titles(page) == ["签到", "散会", "讲课"]
    page = browser.submit(form_of(page), then="down-0", htmx=htmx)
    assert titles(page) == ["散会", "签到", "讲课"]
    page = browser.submit(form_of(page), then="remove-0", htmx=htmx)
    assert titles(page) == ["签到", "讲课"]
    for nonsense in ("up-0", "down-1", "remove-9", "remove-x", "up", "burn"):
        page = browser.submit(form_of(page), then=nonsense, htmx=htmx)
        assert titles(page) == ["签到", "讲课"]
    assert agenda_rows.rows(event.id) == []
    browser.submit(form_of(page), then="save")
    assert [row.title for row in agenda_rows.rows(event.id)] == ["签到", "讲课"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title-1": ""}, "title-1"),
        ({"title-0": "字" * 121}, "title-0"),
        ({"minutes-0": "半小时"}, "minutes-0"),
        ({"minutes-0": "-5"}, "minutes-0"),
        ({"minutes-1": "99999"}, "minutes-1"),
    ],
)
def test_a_wrong_row_is_refused_with_what_was_typed(
    browser: Browser, event: Event, wrong: dict[str, str], field: str
) -> None:
    form = form_of(browser.sign_in("secretary").get(path(event)))
    page = browser.submit(form, **{**ROWS, **wrong})
    assert page.status == 422
    assert page.errors()[field]
    assert page.alert
    assert form_of(page).fields["speaker-1"] == "测试主讲"
    if field.startswith("minutes"):
        assert form_of(page).fields[field] == wrong[field]
    assert agenda_rows.rows(event.id) == []


def test_whoever_is_second_is_told_and_keeps_what_was_typed(browser: Browser, event: Event) -> None:
    mine = form_of(browser.sign_in("secretary").get(path(event)))
    theirs = Browser(browser.app).sign_in("office")
    theirs.submit(form_of(theirs.get(path(event))), **{**ROWS, "title-0": "他们的"})
    page = browser.submit(mine, **ROWS)
    assert page.status == 409
    assert "别人也改了" in page.alert
    assert titles(page) == ["签到", "讲课"]
    browser.submit(form_of(page))
    assert agenda_rows.rows(event.id)[0].title == "签到"


def test_free_lines_are_offered_as_rows_and_not_kept_twice(browser: Browser, event: Event) -> None:
    event.agenda = "9:00 集合\n9:20 参观"
    page = browser.sign_in("secretary").get(path(event))
    assert titles(page) == ["集合", "参观"]
    assert "已把原来的文字议程拆成一行一项" in page.text
    page = browser.submit(form_of(page))
    assert [text_of(time) for time in page.by("class", "agenda-time")] == ["9:00–9:20", "9:20"]
    assert db.session.get_one(Event, event.id).agenda == ""


def test_free_lines_stay_as_they_are_where_there_are_no_rows(
    browser: Browser, event: Event
) -> None:
    event.agenda = "9:00 集合\n自由交流"
    page = browser.sign_in("a").get(f"/events/{event.id}")
    assert [text_of(text) for text in page.by("class", "agenda-text")] == ["集合", "自由交流"]


def test_more_minutes_than_the_event_has_are_pointed_out(browser: Browser, event: Event) -> None:
    form = form_of(browser.sign_in("secretary").get(path(event)))
    page = browser.submit(form, **{**ROWS, "minutes-1": "120"}, then="add")
    assert "各项一共 150 分钟，比活动时间（120 分钟）长" in page.text


def test_all_rows_may_be_taken_out_and_a_copy_has_its_own(browser: Browser, event: Event) -> None:
    browser.sign_in("secretary")
    browser.submit(form_of(browser.get(path(event))), **ROWS)
    street_event = queries.event(event.id)
    made = services.copy(event=street_event, actor=street_event.created_by)
    db.session.commit()
    page = browser.submit(form_of(browser.get(path(event))), rows="0", then="save")
    assert not page.by("class", "agenda-time")
    assert agenda_rows.rows(event.id) == []
    assert [row.title for row in agenda_rows.rows(made.id)] == ["签到", "讲课"]


def test_a_settled_event_has_no_agenda_to_write(browser: Browser, event: Event) -> None:
    event.state = EventState.RECORDED
    page = browser.sign_in("secretary").get(f"/events/{event.id}")
    assert "议程" not in page.links()
    assert browser.get(path(event)).status == 409
