"""Files that prove a lesson made up: read by whom they concern, and the roll stays as it was."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.database import db
from portal.leaves.models import MakeUp
from portal.materials.models import Material, StoredFile
from portal.people.models import Role
from tests import factories
from tests.attendance.conftest import HOUR, NINE
from tests.leaves.conftest import Gathering
from tests.materials import samples
from tests.page import Browser, Page

At = Callable[[datetime], None]


def recorded(browser: Browser, event_id: int, *people: int, **more: Any) -> Page:
    form = browser.get(f"/events/{event_id}/leaves/make-ups").form("/leaves/make-ups")
    typed: dict[str, Any] = {
        "method": "self_study",
        "made_on": "2026-11-27",
        "person": list(people),
    }
    return browser.submit(form, **typed, **more)


def made_by(person_id: int) -> MakeUp:
    db.session.rollback()
    return db.session.scalars(select(MakeUp).where(MakeUp.person_id == person_id)).one()


def file(what: bytes, name: str) -> dict[str, Any]:
    return {"file": (io.BytesIO(what), name)}


@pytest.fixture
def missed(gathering: Gathering, at: At):
    """A lesson of the community that nobody of its two branches has come to."""
    event = gathering.lesson(gathering.branch_one, gathering.branch_two)
    at(NINE + HOUR)
    gathering.confirm(event)
    at(NINE + 72 * HOUR)
    return event


def test_one_file_proves_it_for_all_and_each_branch_reads_its_own(
    gathering: Gathering, app: Flask, missed, any_database: str
) -> None:
    of_one, of_two = gathering.a, factories.person("二支部党员", gathering.branch_two)
    reads_two = factories.person("二支部书记", gathering.branch_two)
    factories.account(reads_two, "branch2")
    factories.grant(reads_two, Role.BRANCH_SECRETARY, gathering.branch_two)
    factories.commit()
    event = gathering.lesson(gathering.branch_one, gathering.branch_two)
    gathering.confirm(event)
    before = gathering.statuses(event)
    secretary = Browser(app).sign_in("secretary")
    page = recorded(
        secretary, event.id, of_one.id, of_two.id, **file(samples.pdf(), "学习笔记.pdf")
    )
    assert page.status == 200, page.errors()
    assert gathering.statuses(event) == before
    assert len(db.session.scalars(select(StoredFile)).all()) == 1
    first, second = made_by(of_one.id).material_id, made_by(of_two.id).material_id
    readers = {
        "secretary": (200, 200),
        "a": (200, 404),
        "b": (404, 404),
        "branch": (200, 404),
        "branch2": (404, 200),
        "auditor": (403, 403),
    }
    for who, wanted in readers.items():
        browser = Browser(app).sign_in(who)
        assert (
            browser.get(f"/materials/{first}").status,
            browser.get(f"/materials/{second}").status,
        ) == wanted, who
    panel = Browser(app).sign_in("a").get(f"/events/{event.id}")
    assert panel.by("href", f"/materials/{first}")
    shown = secretary.get(f"/materials/{first}")
    assert f"{of_one.name}：{event.title}" in shown.text


def test_a_proof_may_follow_later_and_be_changed(gathering: Gathering, app: Flask, missed) -> None:
    secretary = Browser(app).sign_in("secretary")
    page = recorded(secretary, missed.id, gathering.a.id)
    assert "补交凭据" in page.text
    before = gathering.statuses(missed)
    here = f"/events/{missed.id}/leaves/make-ups/{made_by(gathering.a.id).id}"
    for name, what in (("笔记.png", samples.picture()), ("笔记.pdf", samples.pdf())):
        page = secretary.submit(secretary.get(here).form(here), **file(what, name))
        assert page.status == 200, page.errors()
        assert name in page.text
    assert gathering.statuses(missed) == before
    assert {one.filename for one in db.session.scalars(select(Material))} == {
        "笔记.png",
        "笔记.pdf",
    }
    acts = Browser(app).sign_in("auditor").get("/admin/audit").text
    assert acts.count("补交补课凭据") >= 2


def test_a_file_that_is_none_is_refused_beside_the_field_and_nothing_is_lost(
    gathering: Gathering, app: Flask, missed
) -> None:
    secretary = Browser(app).sign_in("secretary")
    page = recorded(
        secretary,
        missed.id,
        gathering.a.id,
        provider="支部委员送学",
        **file(b"<html><script>1</script></html>", "笔记.html"),
    )
    assert page.status == 422
    assert page.errors()["file"]
    assert page.form("/leaves/make-ups").fields["provider"] == "支部委员送学"
    ticked = page.by("value", str(gathering.a.id))
    assert [box.get("checked") for box in ticked if box.get("name") == "person"] == [""]
    assert db.session.query(MakeUp).count() == 0
    recorded(secretary, missed.id, gathering.a.id)
    here = f"/events/{missed.id}/leaves/make-ups/{made_by(gathering.a.id).id}"
    page = secretary.submit(secretary.get(here).form(here))
    assert (page.status, page.errors()["file"]) == (422, "请先选择文件。")


def test_who_does_not_host_the_event_sends_no_proof(
    gathering: Gathering, app: Flask, missed
) -> None:
    recorded(Browser(app).sign_in("secretary"), missed.id, gathering.a.id)
    here = f"/events/{missed.id}/leaves/make-ups/{made_by(gathering.a.id).id}"
    for who in ("a", "secretary2"):
        browser = Browser(app).sign_in(who)
        assert browser.get(here).status == 403
        assert browser.post(here, file(samples.pdf(), "笔记.pdf")).status == 403
    assert db.session.query(Material).count() == 0
