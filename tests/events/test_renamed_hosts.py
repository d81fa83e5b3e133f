"""A host bears another name: its events are found by that one, and by the former no more."""

import io

import pytest
from flask import Flask
from sqlalchemy import select

from portal.database import db
from portal.events import services
from portal.events.models import Event, EventState
from portal.people.models import Organisation
from tests import factories
from tests.factories import Street
from tests.page import Browser
from tests.people.imports.sheets import ORGANISATION_HEADER, workbook

OLD, NEW = "海滨", "观澜"


@pytest.fixture
def event(app: Flask, any_database: str) -> Event:
    street = Street()
    street.branch_one.name = f"{OLD}党支部"
    street.branch_one.short_name = OLD
    made = factories.event(street.branch_one, street.branch, title="情景党课", place="活动室")
    draft = factories.event(
        street.branch_one, street.branch, title="还没写好", state=EventState.DRAFT
    )
    other = factories.event(street.branch_two, street.secretary, title="别的党课")
    for one, host in (
        (made, street.branch_one),
        (draft, street.branch_one),
        (other, street.branch_two),
    ):
        one.host = host
        services.index(one)
    factories.commit()
    return made


def titles(browser: Browser, typed: str) -> set[str]:
    page = browser.get("/events/", q=typed)
    known = ("情景党课", "还没写好", "别的党课")
    return {title for title in known if title in page.text}


def expect_found_by_the_new_name(browser: Browser) -> None:
    assert titles(browser, NEW) == {"情景党课", "还没写好"}
    assert titles(browser, "guanlan") == {"情景党课", "还没写好"}
    assert titles(browser, OLD) == set()
    assert titles(browser, "情景") == {"情景党课"}
    assert titles(browser, "第二党支部") == {"别的党课"}
    assert NEW in browser.get("/events/", q="情景").text, "rows say the name that is borne now"


def test_a_host_renamed_on_its_page(event: Event, browser: Browser) -> None:
    browser.sign_in("office")
    assert titles(browser, OLD) == {"情景党课", "还没写好"}
    path = f"/organisations/{event.host_id}/edit"
    form = browser.get(path).form(path)
    assert browser.submit(form, name=f"{NEW}党支部", short_name=NEW).status == 200
    expect_found_by_the_new_name(browser)


def test_a_new_short_name_alone(event: Event, browser: Browser) -> None:
    browser.sign_in("office")
    path = f"/organisations/{event.host_id}/edit"
    form = browser.get(path).form(path)
    assert browser.submit(form, short_name=NEW).status == 200
    assert titles(browser, NEW) == {"情景党课", "还没写好"}
    assert titles(browser, OLD) == {"情景党课", "还没写好"}, "the whole name is as it was"


def test_a_host_renamed_by_an_import(event: Event, browser: Browser) -> None:
    browser.sign_in("sysadmin")
    form = browser.get("/organisations/import").form("/organisations/import")
    code = db.session.scalar(select(Organisation.code).where(Organisation.id == event.host_id))
    table = workbook(
        (*ORGANISATION_HEADER, "组织简称"), (code, f"{NEW}党支部", "branch", "ZHL-01", NEW)
    )
    data = {**form.fields, "file": (io.BytesIO(table), "组织.xlsx")}
    preview = browser.client.post(form.action, data=data).headers["Location"]
    report = browser.submit(browser.get(preview).form(preview))
    assert report.h1 == "导入组织：结果"
    expect_found_by_the_new_name(Browser(browser.app).sign_in("office"))
