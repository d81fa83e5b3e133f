"""What was sent is not lost when the session ended, the page was too old, the database failed."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy.exc import OperationalError

from portal import clock
from portal.database import db
from portal.events.models import Event
from portal.people.models import LoginSession
from tests.factories import Street
from tests.page import Browser, Form, Page

HERE = "http://localhost"


@pytest.fixture
def writer(app: Flask) -> Browser:
    """A secretary whose browser says, as browsers do, which page a form was sent from."""
    Street()
    browser = Browser(app).sign_in("secretary")
    browser.client.environ_base["HTTP_ORIGIN"] = HERE
    return browser


def form_of(browser: Browser) -> Form:
    return browser.get("/events/new").form("/events/new")


def typed() -> dict[str, Any]:
    day = f"{clock.local(clock.now() + timedelta(days=5)):%Y-%m-%d}"
    return {
        "title": "王䶮<b>的</b>党课",
        "starts_at": f"{day}T09:00",
        "ends_at": f"{day}T11:00",
        "summary": "第一行\n第二行",
        "then": "save",
    }


def kept(page: Page) -> Form:
    form = page.form("/events/new")
    assert form.fields["title"] == "王䶮<b>的</b>党课"
    assert form.fields["summary"].replace("\r\n", "\n") == "第一行\n第二行"
    return form


def events() -> int:
    return db.session.query(Event).count()


def test_a_session_that_ended_meanwhile_loses_nothing(writer: Browser) -> None:
    form = form_of(writer)
    db.session.query(LoginSession).update({"ended_at": clock.now()})
    page = writer.submit(form, **typed())
    assert page.status == 401
    assert "登录已经结束" in page.alert
    again = kept(page)
    assert events() == 0
    writer.sign_in("secretary")
    page = writer.submit(again)  # signing in has changed the token
    assert page.status == 400
    page = writer.submit(kept(page))
    assert page.status == 200
    assert page.h1 == "王䶮<b>的</b>党课"
    assert events() == 1


def test_a_page_that_was_open_too_long_is_sent_again(writer: Browser) -> None:
    form = form_of(writer)
    writer.client.delete_cookie("session")
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=True):
        writer.sign_in("secretary")
        page = writer.submit(form, **typed())
        assert page.status == 400
        assert writer.submit(kept(page)).status == 200
    assert events() == 1


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_what_another_site_sends_gets_no_token(writer: Browser, origin: str) -> None:
    writer.client.environ_base["HTTP_ORIGIN"] = origin
    answer = writer.client.post("/events/new", data=typed())
    assert answer.status_code == 400
    page = Page(answer)
    assert [form.action for form in page.forms() if form.action == "/events/new"] == []


def test_passwords_are_not_given_back(app: Flask) -> None:
    browser = Browser(app)
    browser.client.environ_base["HTTP_ORIGIN"] = HERE
    answer = browser.client.post("/login", data={"username": "a", "password": "Geheim-2026"})
    assert answer.status_code == 400
    assert "Geheim-2026" not in answer.get_data(as_text=True)


def test_a_database_that_fails_loses_nothing(
    writer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = form_of(writer)

    def fail(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    with monkeypatch.context() as patch:
        patch.setattr(db.session, "flush", fail)
        page = writer.submit(form, **typed())
    assert page.status == 503
    assert writer.submit(kept(page)).status == 200
    assert events() == 1
