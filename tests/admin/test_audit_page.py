"""The auditor's page: everything that was done, nothing of what it was about."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit import services as audit
from portal.audit.models import AuditEntry
from portal.database import db, write_transaction
from portal.people.models import Person
from tests import factories
from tests.audit.test_chain import without_triggers
from tests.factories import Street
from tests.page import Browser, Page


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


@pytest.fixture
def auditor(browser: Browser, street: Street) -> Browser:
    return browser.sign_in_by_form("auditor")


def numbers(page: Page) -> list[str]:
    cells = page.by("data-label", "编号")
    return ["".join(cell.itertext()) for cell in cells]


def write(street: Street, count: int, **details: object) -> None:
    person_id = street.secretary.id
    with write_transaction():
        actor = db.session.get_one(Person, person_id)
        for number in range(count):
            audit.record("event.edit", "Event", actor=actor, number=number, **details)


def test_failures_at_the_door_are_seen(auditor: Browser) -> None:
    stranger = Browser(auditor.app)
    stranger.client.environ_base["REMOTE_ADDR"] = "10.9.9.9"
    stranger.post("/login", {"username": "a", "password": "wrong"})
    page = auditor.get("/admin/audit", action="account.sign_in_refused")
    assert "登录失败" in page.text
    assert "10.9.9.9" in page.text
    assert "密码不正确" in page.text


def test_entries_are_found_by_who_what_and_when(auditor: Browser, street: Street) -> None:
    write(street, 3)
    assert len(numbers(auditor.get("/admin/audit", who="书记测试甲"))) == 3
    assert len(numbers(auditor.get("/admin/audit", who="secretary"))) == 3
    assert len(numbers(auditor.get("/admin/audit", who="审计测试甲"))) == 1
    assert len(numbers(auditor.get("/admin/audit", who="查无此人"))) == 0
    assert len(numbers(auditor.get("/admin/audit", who="系统"))) == 0
    assert len(numbers(auditor.get("/admin/audit", action="event.edit"))) == 3
    assert len(numbers(auditor.get("/admin/audit", object="Event"))) == 3
    assert len(numbers(auditor.get("/admin/audit", object="Event", number="7"))) == 0
    assert len(numbers(auditor.get("/admin/audit", since="2020-01-01"))) == 4
    assert len(numbers(auditor.get("/admin/audit", until="2020-01-01"))) == 0
    page = auditor.get("/admin/audit", since="nonsense", until="9999-12-31", who="x" * 900)
    assert page.status == 200


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "0001-01-01", "until": "9999-12-31"},
        {"since": "2026-02-30", "until": "明天"},
        {"before": "9" * 30},
        {"before": "-1"},
        {"before": "2147483648"},
        {"who": "书记\x00测试甲", "action": "\x00", "object": "\x00", "number": "\x00"},
    ],
)
def test_nonsense_in_the_address_is_no_filter(
    auditor: Browser, street: Street, any_database: str, asked: dict[str, Any]
) -> None:
    write(street, 3)
    assert numbers(auditor.get("/admin/audit", **asked))
    answer = auditor.client.get("/admin/audit.csv", query_string=asked, buffered=True)
    assert len(answer.data.splitlines()) > 3


def test_what_changed_of_an_event_is_told_in_words_and_chinas_time(
    auditor: Browser, street: Street
) -> None:
    event = factories.event(street.shantou, street.secretary, place="一楼")
    factories.commit()
    host = Browser(auditor.app).sign_in_by_form("secretary")
    form = host.get(f"/events/{event.id}/edit").form("/edit")
    host.submit(
        form, place="二楼", capacity="30", starts_at="2027-03-01T09:00", ends_at="2027-03-01T11:00"
    )
    told = auditor.get("/admin/audit", action="event.edit").text
    assert "改动的项目：人数上限、结束时间、地点、开始时间" in told
    assert "地点：一楼 → 二楼" in told
    assert "人数上限：无 → 30" in told
    assert "→ 2027-03-01 09:00" in told


def test_pages_go_along_the_numbers_and_stay_put_while_entries_come_in(
    auditor: Browser, street: Street
) -> None:
    write(street, 120)
    first = auditor.get("/admin/audit", action="event.edit")
    assert len(numbers(first)) == 50
    older = first.links()["更早的"]
    before = numbers(auditor.get(older))
    write(street, 5)
    assert numbers(auditor.get(older)) == before
    last = auditor.get(auditor.get(older).links()["更早的"])
    assert len(numbers(last)) == 20
    assert "更早的" not in last.links()
    assert "action=event.edit" in last.links()["回到最新"]
    assert not auditor.get(older, htmx=True).whole


def test_the_page_costs_the_same_for_one_and_for_fifty(
    auditor: Browser, street: Street, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    few = queries_of(lambda: auditor.get("/admin/audit"))
    write(street, 60)
    assert few == queries_of(lambda: auditor.get("/admin/audit")) <= 8


def test_the_chain_is_walked_on_demand_and_the_result_is_kept(
    auditor: Browser, street: Street
) -> None:
    write(street, 3)
    assert "还没有核对过" in auditor.get("/admin/audit").text
    page = auditor.submit(auditor.get("/admin/audit").form("/admin/audit/verify"))
    assert "审计记录链完整，共核对 4 条" in page.text
    assert "由审计测试甲核对" in auditor.get("/admin/audit").text
    without_triggers("UPDATE audit_entry SET details = '{}' WHERE id = 2")
    page = auditor.submit(auditor.get("/admin/audit").form("/admin/audit/verify"))
    assert "第 2 条记录与原样不符" in page.alert


def test_the_export_has_the_same_filters_a_bom_and_no_formula(
    auditor: Browser, street: Street
) -> None:
    write(street, 2, title='=HYPERLINK("http://x")')
    with write_transaction():
        audit.record("event.edit", "=cmd", actor=None)
    answer = auditor.client.get(
        "/admin/audit.csv", query_string={"action": "event.edit"}, buffered=True
    )
    assert answer.status_code == 200
    assert answer.data.startswith("\ufeff编号".encode())
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert len(rows) == 1 + 3 + 1
    assert rows[1][2:4] == ["书记测试甲", "修改活动"]
    assert rows[3][4] == "'=cmd"
    assert rows[-1][0].startswith("导出人：审计测试甲")
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.action, last.actor_name) == ("audit.exported", "审计测试甲")
    assert "event.edit" in last.details


def test_the_auditor_sees_nothing_else(auditor: Browser, street: Street) -> None:
    for path in (
        "/events/",
        "/people/",
        "/organisations/",
        "/admin/accounts",
        "/admin/grants",
        f"/people/{street.a.id}",
    ):
        assert auditor.get(path).status in {403, 404}, path
