"""Exempt from organisation life: why, since when, until when, by whom; and what was before."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from portal.database import db
from portal.people import directory_queries
from portal.people.models import ExemptReason, Person
from portal.people.services import exemptions
from tests.chores import work_at
from tests.factories import Street, commit
from tests.page import Browser, text_of

MARCH = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = timedelta(days=1)


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


def member(street: Street) -> Person:
    db.session.rollback()
    return db.session.get_one(Person, street.a.id)


def test_it_ends_by_itself_and_stays_in_the_history(app: Flask, street: Street, way: str) -> None:
    with time_machine.travel(MARCH, tick=False):
        secretary = Browser(app).sign_in("branch")
        path = f"/people/{street.a.id}/exemption"
        form = secretary.get(path).form("/exemption")
        page = secretary.submit(
            form, htmx=way == "htmx", reason="immobile", since="2026-03-01", until="2026-02-01"
        )
        assert page.status == 422
        assert "早于今天" in page.errors()["until"]
        secretary.submit(
            form, htmx=way == "htmx", reason="immobile", since="2026-03-01", until="2026-05-31"
        )
        assert member(street).is_exempt
        page = secretary.get(f"/people/{street.a.id}")
        told = text_of(page.by("data-exemptions", "1")[0])
        assert "2026年3月1日" in told
        assert "到2026年5月31日" in told
        assert f"{street.branch.name} 登记" in told
        other = Browser(app).sign_in("recorder").get(f"/people/{street.a.id}")
        assert not other.by("data-exemptions"), "why is for those who keep the record"
    work_at(app, MARCH.replace(month=5, day=31, hour=12))
    assert member(street).is_exempt, "the last day is one of them"
    work_at(app, MARCH.replace(month=6, day=1, hour=1))
    assert not member(street).is_exempt
    with time_machine.travel(MARCH.replace(month=6), tick=False):
        page = Browser(app).sign_in("a").get(f"/people/{street.a.id}")
        assert "到期自动恢复" in text_of(page.by("data-exemptions", "1")[0])
        kept = Browser(app).sign_in("a").client.get("/me/data.json").get_json()
        assert kept["免予参加组织生活的经过"] == [
            {"原因": "行动不便", "自": "2026-03-01", "至": "2026-05-31"}
        ]


def test_what_is_taken_back_on_the_same_day_never_held(app: Flask, street: Street) -> None:
    with time_machine.travel(MARCH, tick=False) as traveller:
        who = member(street)
        exemptions.set_exemption(
            person=who, reason=ExemptReason.FRAIL, since=date(2026, 1, 1), actor=street.branch
        )
        exemptions.lift_exemption(person=who, actor=street.branch)
        commit()
        assert directory_queries.exemptions_of(who.id) == []
        exemptions.set_exemption(
            person=who, reason=ExemptReason.FRAIL, since=date(2026, 1, 1), actor=street.branch
        )
        traveller.shift(30 * DAY)
        exemptions.lift_exemption(person=who, actor=street.secretary)
        commit()
        (held,) = directory_queries.exemptions_of(who.id)
        assert (held.since, held.until) == (date(2026, 1, 1), date(2026, 3, 31))
        assert held.ended_by_id == street.secretary.id
