"""Who leaves no longer acts there: duties end with the relation, the account with the last."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.audit.models import AuditEntry
from portal.database import db, write_transaction
from portal.people.imports import services as imports
from portal.people.models import Account, EndReason, Participation, Person, Role, RoleGrant
from portal.people.services import relations
from tests.factories import Street, commit, grant
from tests.page import PASSWORD, Browser, Page
from tests.people.imports.sheets import BRANCH_TWO, workbook
from tests.people.worlds import again


@pytest.fixture
def street(app: Flask, any_database: str) -> Street:
    return Street()


def send(browser: Browser, path: str, **typed: Any) -> Page:
    return browser.submit(browser.get(path).form(path), **typed)


def end_relation(
    browser: Browser,
    person: Person,
    reason: EndReason = EndReason.MOVED_OUT,
    day: date | None = None,
    number: int = 0,
) -> Page:
    membership = again(person).memberships[number]
    path = f"/people/{person.id}/memberships/{membership.id}/end"
    return send(browser, path, reason=reason.value, day=(day or clock.today()).isoformat())


def signs_in(app: Flask, username: str) -> bool:
    page = Browser(app).post("/login", {"username": username, "password": PASSWORD})
    return not page.find_all("input", name="password")


def last_days(person: Person) -> list[date | None]:
    db.session.rollback()
    wanted = select(RoleGrant.valid_to).where(RoleGrant.person_id == person.id)
    return list(db.session.scalars(wanted.order_by(RoleGrant.id)))


def acts_about(*actions: str) -> list[dict[str, Any]]:
    db.session.rollback()
    wanted = select(AuditEntry.details).where(AuditEntry.action.in_(actions))
    return [json.loads(text) for text in db.session.scalars(wanted.order_by(AuditEntry.id))]


YESTERDAY = timedelta(days=1)


def test_who_moved_out_acts_for_the_branch_no_more_and_the_account_ends(
    street: Street, app: Flask
) -> None:
    theirs = Browser(app).sign_in("branch")
    assert theirs.get("/events/new").status == 200
    page = end_relation(Browser(app).sign_in("secretary"), street.branch)
    assert page.status == 200
    assert "同时结束了授权：党支部书记（汕头路社区第一党支部）" in page.text
    assert theirs.client.get("/events/new").status_code == 302, "the session is over"
    assert not signs_in(app, "branch")
    assert last_days(street.branch) == [clock.today() - YESTERDAY]
    ended = acts_about("role.withdrawn", "account.expiry_set")
    assert [act["reason"] for act in ended] == ["离开所在组织"] * 2


def test_a_day_ahead_ends_duties_and_account_on_that_day(street: Street, app: Flask) -> None:
    day = clock.today() + timedelta(days=10)
    end_relation(Browser(app).sign_in("secretary"), street.branch, day=day)
    assert last_days(street.branch) == [day - YESTERDAY]
    assert Browser(app).sign_in("branch").get("/events/new").status == 200
    noon = clock.from_local(datetime.combine(day, time(12)))
    with time_machine.travel(noon - timedelta(days=1), tick=False):
        assert Browser(app).sign_in("branch").get("/events/new").status == 200
    with time_machine.travel(noon, tick=False):
        assert not signs_in(app, "branch")


def test_a_departure_noted_late_does_not_unmake_what_was_done(street: Street, app: Flask) -> None:
    long_ago = clock.today() - timedelta(days=30)
    end_relation(Browser(app).sign_in("secretary"), street.branch, day=long_ago)
    assert again(street.branch).memberships[0].valid_to == long_ago - YESTERDAY
    assert last_days(street.branch) == [clock.today() - YESTERDAY]


def test_a_transfer_ends_the_duties_over_the_former_branch_and_nothing_else(
    street: Street, app: Flask
) -> None:
    grant(street.branch, Role.RECORDER, street.branch_two)
    grant(street.branch, Role.RECORDER, street.shantou)
    commit()
    path = f"/people/{street.branch.id}/transfer"
    page = send(Browser(app).sign_in("secretary"), path, organisation=street.branch_two.id)
    assert "同时结束了授权：党支部书记（汕头路社区第一党支部）。" in page.text
    assert last_days(street.branch) == [clock.today() - YESTERDAY, None, None]
    page = Browser(app).sign_in("branch").get("/events/new")
    assert page.status == 200
    assert f'value="{street.branch_one.id}"' in page.html, "still recorder of the community"


def test_who_goes_to_another_community_is_secretary_of_the_former_one_no_more(
    street: Street, app: Flask
) -> None:
    path = f"/people/{street.secretary.id}/transfer"
    send(Browser(app).sign_in("office"), path, organisation=street.branch_far.id)
    assert last_days(street.secretary) == [clock.today() - YESTERDAY]
    theirs = Browser(app).sign_in("secretary")
    assert theirs.get("/events/new").status == 403
    assert theirs.get("/events/").status == 200, "a participant like everybody"


def test_duties_where_somebody_never_belonged_stay_until_everything_is_left(
    street: Street, app: Flask
) -> None:
    grant(street.a, Role.OFFICER, street.haikou)
    commit()
    office = Browser(app).sign_in("office")
    send(office, f"/people/{street.a.id}/transfer", organisation=street.branch_two.id)
    assert last_days(street.a) == [None]
    assert signs_in(app, "a")
    end_relation(office, street.a, number=1)
    assert last_days(street.a) == [clock.today() - YESTERDAY]
    assert not signs_in(app, "a")


def test_the_end_of_one_relation_leaves_the_account_to_who_has_another(
    street: Street, app: Flask
) -> None:
    with write_transaction():
        relations.join(
            person=again(street.d),
            organisation=street.branch_one,
            participation=Participation.FLOATING,
            since=date(2024, 1, 1),
            actor=street.office,
        )
        grant(street.d, Role.RECORDER, street.branch_one)
    end_relation(Browser(app).sign_in("secretary"), street.d, EndReason.FINISHED, number=1)
    assert last_days(street.d) == [clock.today() - YESTERDAY]
    assert signs_in(app, "d")


def test_death_ends_everything(street: Street, app: Flask) -> None:
    with write_transaction():
        relations.join(
            person=again(street.a),
            organisation=street.branch_far,
            participation=Participation.DOUBLE_REPORT,
            since=date(2024, 1, 1),
            actor=street.office,
        )
    end_relation(Browser(app).sign_in("branch"), street.a, EndReason.DECEASED)
    relations_now = again(street.a).memberships
    assert [one.end_reason for one in relations_now] == [EndReason.DECEASED] * 2
    assert [one.valid_to for one in relations_now] == [clock.today() - YESTERDAY] * 2
    assert not signs_in(app, "a")


def test_nobody_ends_a_duty_that_stands_above(street: Street, app: Flask) -> None:
    page = end_relation(Browser(app).sign_in("branch"), street.office)
    assert page.status == 403
    assert "街道组织办（珠海路街道党工委）的授权" in page.alert
    assert again(street.office).memberships[0].valid_to is None
    assert last_days(street.office) == [None]
    assert signs_in(app, "office")


def test_one_of_the_three_administrators_stays_in_office(street: Street, app: Flask) -> None:
    grant(street.a, Role.AUDITOR)
    commit()
    assert end_relation(Browser(app).sign_in("branch"), street.a).status == 200
    assert last_days(street.a) == [None]
    assert signs_in(app, "a")


def test_an_account_that_ends_earlier_ends_then(street: Street, app: Flask) -> None:
    day = clock.today() + timedelta(days=3)
    find = select(Account).where(Account.person_id == street.a.id)
    db.session.scalars(find).one().expires_on = day
    commit()
    end_relation(Browser(app).sign_in("branch"), street.a, day=clock.today() + timedelta(days=60))
    assert db.session.scalars(find).one().expires_on == day


def test_a_roster_that_moves_somebody_ends_the_duties_too(street: Street, app: Flask) -> None:
    table = workbook(
        ("姓名", "所在党支部", "手机号"), (street.branch.name, BRANCH_TWO, street.branch.phone)
    )
    with write_transaction():
        plan = imports.import_people(
            imports.read_people(table),
            file=imports.file_facts("花名册.xlsx", table),
            actor=street.office,
        )
    assert plan.counts.changed == 1
    assert last_days(street.branch) == [clock.today() - YESTERDAY]
    assert acts_about("role.withdrawn")[0]["role"] == "党支部书记"
    assert Browser(app).sign_in("branch").get("/events/new").status == 403
