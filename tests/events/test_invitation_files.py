"""A list from a file: matched, asked about, unknown; nobody is invited before it is confirmed."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook

from portal.database import db
from portal.events.models import Audience, Event, EventInvitation, EventState
from portal.people.models import Person
from tests import factories
from tests.factories import Street
from tests.page import Browser, Page


@pytest.fixture
def event(app: Flask, any_database: str) -> Event:
    street = Street()
    factories.person("王䶮", street.branch_one, phone="13900000001")
    factories.person("张伟", street.branch_one, phone="13900000003")
    factories.person("张伟", street.branch_two, phone="13900000004")
    factories.person("李娜", street.branch_one, phone="13900000005")
    factories.person("李娜", street.branch_two, phone="13900000006")
    factories.person("远方人", street.branch_far, phone="13900000007")
    made = factories.event(street.shantou, street.secretary, audience=Audience.INVITED)
    factories.commit()
    return made


def invited(event: Event) -> set[str]:
    wanted = (
        db.select(Person.name, Person.phone)
        .join(EventInvitation, EventInvitation.person_id == Person.id)
        .where(EventInvitation.event_id == event.id)
    )
    return {f"{name}{phone[-1]}" for name, phone in db.session.execute(wanted)}


def sheet(*rows: tuple[Any, ...]) -> bytes:
    book = Workbook()
    page: Any = book.active
    for row in rows:
        page.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def sent(browser: Browser, event: Event, content: bytes, name: str = "名单.xlsx") -> Page:
    response = browser.client.post(
        f"/events/{event.id}/invitations/file",
        data={"csrf_token": browser.token(), "file": (BytesIO(content), name)},
    )
    return Page(response)


LIST = sheet(
    ("参加座谈会人员名单",),
    ("序号", "姓名", "所在党支部", "手机尾号"),
    (1, "王䶮", "汕头路社区第一党支部", None),
    (2, "张伟", None, "0004"),
    (3, "李娜", None, None),
    (4, "远方人", None, None),
    (5, "没有这人", "第九支部", None),
    (2, "张伟", None, "0004"),
)


def test_a_file_is_matched_and_nobody_is_invited_before_it_is_confirmed(
    browser: Browser, event: Event
) -> None:
    page = sent(browser.sign_in("secretary"), event, LIST)
    assert page.status == 200
    assert "对上了 2 人" in page.text
    assert "“李娜”是哪一位" in page.text
    assert "名册里没有找到 2 人" in page.text
    assert "第 6 行：远方人" in page.text
    assert invited(event) == set()
    form = page.form("/invitations/people")
    form.fields["person-1"] = page.find_all("input", name="person-1")[1].get("value")
    page = browser.submit(form)
    assert "已邀请 3 人" in page.text
    assert invited(event) == {"王䶮1", "张伟4", "李娜6"}


def test_the_same_file_again_changes_nothing(browser: Browser, event: Event) -> None:
    page = sent(browser.sign_in("secretary"), event, LIST)
    form = page.form("/invitations/people")
    form.fields["person-1"] = page.find_all("input", name="person-1")[0].get("value")
    browser.submit(form)
    page = sent(browser, event, LIST)
    assert "另有 3 人已经在邀请名单上" in page.text
    assert not page.find_all("input", name="person")
    assert "邀请选中的人" not in page.text
    assert invited(event) == {"王䶮1", "张伟4", "李娜5"}


@pytest.mark.parametrize(
    "content",
    [
        "姓名,单位\n王䶮,汕头路社区第一党支部\n".encode(),
        "\ufeff姓名\t电话\n王䶮\t13900000001\n".encode(),
        "姓名,单位\n王䶮,汕头路社区第一党支部\n".encode("gb18030"),
        "王䶮\n".encode(),
    ],
)
def test_tables_of_text_are_read_too(browser: Browser, event: Event, content: bytes) -> None:
    page = sent(browser.sign_in("secretary"), event, content, "名单.csv")
    assert "对上了 1 人" in page.text


@pytest.mark.parametrize("line", [("张伟", "9999", None), ("张伟", None, "汕头路社区")])
def test_what_contradicts_the_roster_or_leaves_two_is_asked(
    browser: Browser, event: Event, line: tuple[object, ...]
) -> None:
    page = sent(browser.sign_in("secretary"), event, sheet(("姓名", "尾号", "单位"), line))
    assert len(page.find_all("input", name="person-1")) == 3
    assert not page.find_all("input", name="person")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.csv"),
        (b"%PDF-1.4 x", "a.xlsx"),
        (b"PK\x03\x04broken", "a.xlsx"),
        (b"<html><script>alert(1)</script></html>", "a.csv"),
        (sheet(("姓名",)), "a.xlsx"),
        (sheet(("姓名",), *((f"人{number}",) for number in range(501))), "a.xlsx"),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(
    browser: Browser, event: Event, content: bytes, name: str
) -> None:
    page = sent(browser.sign_in("secretary"), event, content, name)
    assert page.status == 422
    assert page.errors()["file"]
    assert page.alert
    assert invited(event) == set()


def test_no_file_and_a_settled_event_are_refused(browser: Browser, event: Event) -> None:
    page = browser.sign_in("secretary").post(f"/events/{event.id}/invitations/file")
    assert page.status == 422
    assert "请选择" in page.errors()["file"]
    event.state = EventState.RECORDED
    assert sent(browser, event, LIST).status == 409
