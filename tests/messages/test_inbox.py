"""The inbox: unread first, read by opening, switched off by kind; the mark on every page."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.database import brief_write, db
from portal.messages.models import Message, MessageKind, Silence
from tests import factories
from tests.factories import Street
from tests.page import Browser, Page


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


def mark(page: Page) -> str:
    """What the bell in the masthead says."""
    bells = page.find_all("a", class_="bell")
    return bells[0].get("aria-label") or "" if bells else "no bell"


def test_the_unread_come_first_and_opening_reads(browser: Browser, street: Street) -> None:
    factories.message(street.a, "先来的", body="地点改到二楼\n请相互转告", link="/events/")
    factories.message(street.a, "后来的")
    factories.message(street.b, "别人的")
    factories.commit()
    page = browser.sign_in("a").get("/inbox/")
    assert mark(page) == "消息，2 条未读"
    assert page.text.index("后来的") < page.text.index("先来的")
    assert "别人的" not in page.text
    page = browser.get(page.links()["未读：后来的"])
    assert page.h1 == "后来的"
    assert mark(page) == "消息，1 条未读"
    page = browser.get("/inbox/")
    assert page.text.index("先来的") < page.text.index("后来的")
    assert mark(page) == "消息，1 条未读"
    page = browser.get(page.links()["未读：先来的"])
    assert "请相互转告" in page.text
    assert page.links()["去看看"] == "/events/"
    assert mark(browser.get("/inbox/")) == "消息"
    first = db.session.scalars(select(Message.read_at).order_by(Message.id)).first()
    browser.get("/inbox/1")
    assert db.session.scalars(select(Message.read_at).order_by(Message.id)).first() == first


def test_a_link_that_leads_out_of_the_portal_is_not_followed(
    browser: Browser, street: Street
) -> None:
    made = factories.message(street.a, link="//example.org/x")
    page = browser.sign_in("a").get(f"/inbox/{made.id}")
    assert page.links()["去看看"] == "/"


def test_everything_is_read_at_once(browser: Browser, street: Street) -> None:
    for number in range(3):
        factories.message(street.a, f"消息{number}")
    page = browser.sign_in("a").get("/inbox/")
    page = browser.submit(page.form("/inbox/read"))
    assert "3 条消息已标为已读" in page.text
    assert mark(page) == "消息"
    assert not [form for form in page.forms() if form.action.endswith("/inbox/read")]
    assert "没有未读的消息" in browser.post("/inbox/read").text


def test_somebody_elses_message_is_not_found_and_stays_unread(
    browser: Browser, street: Street
) -> None:
    made = factories.message(street.b)
    assert browser.sign_in("a").get(f"/inbox/{made.id}").status == 404
    assert db.session.scalars(select(Message.read_at)).one() is None
    assert browser.get("/inbox/999").status == 404


def test_a_message_opens_though_the_database_is_busy(browser: Browser, street: Street) -> None:
    made = factories.message(street.a, "忙时打开")
    browser.sign_in("a").get("/inbox/")
    with brief_write():
        page = browser.get(f"/inbox/{made.id}")
    assert page.h1 == "忙时打开"
    assert mark(page) == "消息，1 条未读"
    assert db.session.scalars(select(Message.read_at)).one() is None


def test_the_list_is_narrowed_to_one_kind(browser: Browser, street: Street) -> None:
    factories.message(street.a, "改了时间")
    factories.message(street.a, "轮到您了", kind=MessageKind.PLACE)
    page = browser.sign_in("a").get("/inbox/", kind="place")
    assert "轮到您了" in page.text
    assert "改了时间" not in page.text
    assert "没有“参观和场地”消息" in browser.get("/inbox/", kind="booking").text
    assert "改了时间" in browser.get("/inbox/", kind="nonsense").text


def test_an_empty_inbox_says_what_will_be_here(browser: Browser, street: Street) -> None:
    page = browser.sign_in("a").get("/inbox/")
    assert "还没有消息" in page.text
    assert page.links()["看看有什么活动"] == "/events/"


def test_kinds_are_switched_off_and_on_again(browser: Browser, street: Street) -> None:
    form = browser.sign_in("a").get("/inbox/settings").form("/inbox/settings")
    assert set(form.fields["wanted"]) == {kind.value for kind in MessageKind}
    kept = [kind.value for kind in MessageKind if kind is not MessageKind.REMINDER]
    page = browser.submit(form, wanted=kept)
    assert "按您的选择发消息" in page.text
    assert db.session.scalars(select(Silence.kind)).all() == [MessageKind.REMINDER]
    form = browser.get("/inbox/settings").form("/inbox/settings")
    assert set(form.fields["wanted"]) == set(kept)
    browser.submit(form, wanted=kept)  # nothing new: nothing to note
    browser.submit(form, wanted=[kind.value for kind in MessageKind])
    assert db.session.scalars(select(Silence.kind)).all() == []
    acts = db.session.scalars(select(AuditEntry.details).where(AuditEntry.action.like("messages%")))
    assert len(acts.all()) == 2


def test_a_kind_that_there_is_not_is_refused(browser: Browser, street: Street) -> None:
    page = browser.sign_in("a").post("/inbox/settings", {"wanted": ["call", "everything"]})
    assert page.status == 422
    assert page.alert
    assert db.session.scalars(select(Silence.kind)).all() == []


def test_pages_of_the_inbox_cost_the_same_for_one_and_for_fifty(
    browser: Browser, street: Street, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    factories.message(street.a)
    browser.sign_in("a").get("/inbox/")
    few = queries_of(lambda: browser.get("/inbox/"))
    for number in range(60):
        factories.message(street.a, f"第{number}条")
    factories.commit()
    assert queries_of(lambda: browser.get("/inbox/")) == few <= 3
    page = browser.get("/inbox/")
    assert "下一页" in page.links()
    assert "第0条" in browser.get("/inbox/", page=2).text
    assert "回到第一页" in browser.get("/inbox/", page=9).links()


def test_the_mark_costs_no_statement_of_its_own(
    browser: Browser, street: Street, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    browser.sign_in("a").get("/me/password")
    without = queries_of(lambda: browser.get("/me/password"))
    for _ in range(120):
        factories.message(street.a)
    factories.commit()
    assert queries_of(lambda: browser.get("/me/password")) == without == 1
    page = browser.get("/me/password")
    assert mark(page) == "消息，120 条未读"
    assert "99+" in page.text


def test_the_mark_counts_the_readers_own_messages(app: Flask, any_database: str) -> None:
    street = Street()
    readers = [Browser(app).sign_in(name) for name in ("a", "b", "c")]
    factories.message(street.b)
    factories.message(street.c)
    factories.message(street.c)
    factories.commit()
    told = [mark(reader.get("/me")) for reader in readers]
    assert told == ["消息", "消息，1 条未读", "消息，2 条未读"]


def test_administrators_have_no_inbox(browser: Browser, street: Street) -> None:
    page = browser.sign_in("sysadmin").get("/")
    assert mark(page) == "no bell"
    assert browser.get("/inbox/").status == 403
