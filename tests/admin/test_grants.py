"""The security administrator's pages: who may do what where; three powers, three persons."""

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.audit.models import AuditEntry
from portal.database import db, write_transaction
from portal.errors import PortalError
from portal.people.models import Account, Person, Role, RoleGrant
from portal.people.models.account import ADMINISTRATORS
from portal.people.services import grants
from tests.factories import Street, account, commit, grant, person
from tests.page import Browser, Page


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


@pytest.fixture
def admin(browser: Browser, street: Street) -> Browser:
    return browser.sign_in("secadmin")


def path_of(username: str) -> str:
    db.session.rollback()
    number = db.session.scalars(select(Account.id).where(Account.username == username)).one()
    return f"/admin/grants/{number}"


def give(admin: Browser, username: str, role: Role, over: object = None, **days: Any) -> Page:
    form = admin.get(path_of(username)).form(path_of(username))
    organisation = str(getattr(over, "id", ""))
    return admin.submit(form, role=role.value, organisation=organisation, **days)


def test_a_granted_role_holds_at_once_without_signing_in_again(
    admin: Browser, street: Street
) -> None:
    member = Browser(admin.app).sign_in("a")
    assert member.get("/events/new").status == 403
    page = give(admin, "a", Role.RECORDER, street.branch_one)
    assert "立即生效" in page.text
    assert member.get("/events/new").status == 200
    number = db.session.scalars(select(RoleGrant.id).order_by(RoleGrant.id.desc())).first()
    page = admin.submit(admin.get(path_of("a")).form(f"/{number}/withdraw"))
    assert "已撤销" in page.text
    assert member.get("/events/new").status == 403
    assert "已结束的角色" in page.text
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action.startswith("role.")).order_by(AuditEntry.id)
    ).all()
    assert [entry.action for entry in entries] == ["role.granted", "role.withdrawn"]
    assert {entry.actor_name for entry in entries} == {"安全测试甲"}
    assert "记录人" in entries[0].details


def test_a_grant_for_later_holds_from_its_day_to_its_last(admin: Browser, street: Street) -> None:
    today = clock.today()
    page = give(
        admin,
        "a",
        Role.RECORDER,
        street.branch_one,
        valid_from=str(today + timedelta(days=1)),
        valid_to=str(today + timedelta(days=2)),
    )
    assert "到开始日生效" in page.text
    assert "未开始" in page.text
    assert Browser(admin.app).sign_in("a").get("/events/new").status == 403


def test_a_waiting_account_is_confirmed_by_a_grant_or_as_a_participant(
    admin: Browser, street: Street
) -> None:
    account(person("新人测试甲", street.branch_one), "first", confirmed_at=None)
    account(person("新人测试乙", street.branch_one), "second", confirmed_at=None)
    commit()
    page = admin.get("/admin/grants", state="waiting")
    assert {"新人测试甲", "新人测试乙"} <= set(page.links())
    assert "书记测试甲" not in page.links()
    give(admin, "first", Role.RECORDER, street.branch_one)
    path = path_of("second")
    page = admin.submit(admin.get(path).form(f"{path}/confirm"))
    assert "已确认" in page.text
    assert admin.post(f"{path}/confirm").status == 409
    for username in ("first", "second"):
        assert Browser(admin.app).sign_in(username).get("/me").h1 != "等待授权"


@pytest.mark.parametrize(
    ("role", "over", "field", "words"),
    [
        (Role.RECORDER, None, "organisation", "请选择授权的组织范围"),
        (Role.AUDITOR, "street", "organisation", "不属于某个组织"),
        (Role.BRANCH_SECRETARY, "shantou", "organisation", "党支部一级"),
        (Role.COMMUNITY_SECRETARY, "branch_one", "organisation", "社区党委一级"),
        (Role.OFFICE, "shantou", "organisation", "街道党工委一级"),
    ],
)
def test_a_role_has_its_level_of_the_tree(
    admin: Browser, street: Street, role: Role, over: str | None, field: str, words: str
) -> None:
    page = give(admin, "a", role, getattr(street, over) if over else None)
    assert page.status == 422
    assert words in page.errors()[field]


def test_days_are_in_order_and_nothing_is_granted_twice(admin: Browser, street: Street) -> None:
    today = clock.today()
    for days, words in (
        ({"valid_from": str(today + timedelta(days=3)), "valid_to": str(today)}, "早于开始日"),
        ({"valid_to": str(today - timedelta(days=1))}, "早于今天"),
    ):
        page = give(admin, "a", Role.RECORDER, street.branch_one, **days)
        assert words in page.errors()["valid_to"]
    assert give(admin, "recorder", Role.RECORDER, street.branch_one).status == 422
    assert give(admin, "recorder", Role.RECORDER, street.branch_two).status == 200


def test_nobody_grants_or_withdraws_for_themself(admin: Browser, street: Street) -> None:
    path = path_of("secadmin")
    assert "不能给自己授权" in admin.get(path).text
    number = db.session.scalars(
        select(RoleGrant.id).where(RoleGrant.person_id == street.secadmin.id)
    ).one()
    for way_in, data in (
        (path, {"role": "recorder", "organisation": str(street.street.id)}),
        (f"{path}/{number}/withdraw", {}),
        (f"{path}/confirm", {}),
    ):
        page = admin.post(way_in, data)
        assert page.status == 403
        assert "不能给自己授权" in page.alert


# ---- never two powers on one person: by the service, whatever the page offers


@pytest.mark.parametrize(("held", "wanted"), list(permutations(sorted(ADMINISTRATORS), 2)))
def test_never_two_of_the_three_on_one_person(
    app: Flask, street: Street, held: Role, wanted: Role
) -> None:
    who = person("双职测试")
    account(who, "double")
    grant(who, held)
    assert "三员必须由不同的人担任" in refusal(who, wanted, street)


@pytest.mark.parametrize("held", sorted(ADMINISTRATORS))
def test_no_business_role_beside_an_administrators(
    app: Flask, street: Street, held: Role, any_database: str
) -> None:
    who, other = person("双职测试甲"), person("双职测试乙")
    account(who, "one")
    account(other, "two")
    grant(who, held)
    grant(other, Role.RECORDER, street.branch_one)
    assert "不能承担业务角色" in refusal(who, Role.RECORDER, street)
    assert "请先撤销业务角色" in refusal(other, held, street)


def test_a_role_for_later_counts_and_one_that_is_over_does_not(app: Flask, street: Street) -> None:
    today = clock.today()
    later, over = person("以后测试"), person("从前测试")
    account(later, "later")
    account(over, "over")
    grant(later, Role.AUDITOR, valid_from=today + timedelta(days=30))
    grant(over, Role.AUDITOR, valid_to=today - timedelta(days=1))
    assert "三员必须由不同的人担任" in refusal(later, Role.SECURITY_ADMINISTRATOR, street)
    assert refusal(over, Role.SECURITY_ADMINISTRATOR, street) == ""


def refusal(who: Person, role: Role, street: Street) -> str:
    person_id, actor_id, branch_id = who.id, street.secadmin.id, street.branch_one.id
    commit()
    with write_transaction():
        try:
            grants.grant_role(
                account=db.session.scalars(
                    select(Account).where(Account.person_id == person_id)
                ).one(),
                role=role,
                organisation=None
                if role in ADMINISTRATORS
                else db.session.get(type(street.branch_one), branch_id),
                valid_from=None,
                valid_to=None,
                actor=db.session.get_one(Person, actor_id),
            )
        except PortalError as error:
            return error.message
    return ""


def test_the_only_administrator_of_a_kind_stays_until_there_is_another(
    admin: Browser, street: Street
) -> None:
    path = path_of("auditor")
    page = admin.submit(next(f for f in admin.get(path).forms() if "withdraw" in f.action))
    assert page.status == 409
    assert "唯一的审计管理员" in page.alert
    account(person("接任测试"), "successor")
    commit()
    assert give(admin, "successor", Role.AUDITOR).status == 200
    page = admin.submit(next(f for f in admin.get(path).forms() if "withdraw" in f.action))
    assert "已撤销" in page.text
    assert page.status == 200


def test_a_grant_of_somebody_else_is_not_found_under_this_account(
    admin: Browser, street: Street
) -> None:
    number = db.session.scalars(
        select(RoleGrant.id).where(RoleGrant.person_id == street.branch.id)
    ).one()
    assert admin.post(f"{path_of('a')}/{number}/withdraw").status == 404
    assert admin.post(f"{path_of('branch')}/{number}/withdraw").status == 200
    assert admin.post(f"{path_of('branch')}/{number}/withdraw").status == 409


def test_the_security_administrator_makes_no_accounts(admin: Browser) -> None:
    assert admin.get("/admin/accounts").status == 403
    assert admin.get("/admin/accounts/new").status == 403
    assert admin.post("/admin/accounts/new").status == 403


def test_the_list_is_found_by_role_and_costs_the_same_for_many(
    admin: Browser, street: Street, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    page = admin.get("/admin/grants", role="community_secretary")
    assert {"书记测试甲", "书记测试乙"} <= set(page.links())
    assert "记录测试甲" not in page.links()
    few = queries_of(lambda: admin.get("/admin/grants", role="recorder"))
    for number in range(50):
        account(person(f"测试{number}", street.branch_one), f"tester{number}")
    commit()
    assert few == queries_of(lambda: admin.get("/admin/grants")) <= 8
    assert "没有找到" in admin.get("/admin/grants", q="没有这个人").text
