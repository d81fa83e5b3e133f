"""The system administrator's pages, and what this one cannot do alone."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.audit.models import AuditEntry
from portal.database import db
from portal.people.models import Account, LoginFailure, LoginSession, Person
from tests.factories import Street, account, commit, person
from tests.page import PASSWORD, Browser, Page

NEW = "Blue-River-2049"


@pytest.fixture
def street(app: object) -> Street:
    return Street()


@pytest.fixture
def admin(browser: Browser, street: Street) -> Browser:
    return browser.sign_in_by_form("sysadmin")


def account_of(username: str) -> Account:
    db.session.rollback()
    return db.session.scalars(select(Account).where(Account.username == username)).one()


def path_of(username: str) -> str:
    return f"/admin/accounts/{account_of(username).id}"


def shown_password(page: Page) -> str:
    found = re.search(r'class="one-time">([^<]+)<', page.html)
    assert found, page.text
    return found[1]


def acts() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_an_account_is_opened_for_somebody_of_the_roster(admin: Browser, street: Street) -> None:
    newcomer = person("新人测试", street.branch_two)
    commit()
    page = admin.get("/admin/accounts/new", q="新人测试")
    page = admin.get(page.links()["开立新人测试的账号"])
    page = admin.submit(page.forms()[-1], username="Newcomer")
    assert page.h1 == "账号已开立"
    password = shown_password(page)
    opened = account_of("newcomer")
    assert (opened.person_id, opened.must_change_password) == (newcomer.id, True)
    assert password not in opened.password_hash
    assert password not in admin.get(f"/admin/accounts/{opened.id}").html
    other = Browser(admin.app)
    page = other.post("/login", {"username": "newcomer", "password": password})
    assert page.h1 == "修改密码"
    page = other.submit(page.form("/me/password"), current=password, new=NEW, again=NEW)
    assert page.h1 == "等待授权"
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "account.created")
    ).one()
    assert entry.actor_name == "系统测试甲"
    assert password not in entry.details


def test_an_account_is_opened_for_somebody_new(admin: Browser, street: Street) -> None:
    form = admin.get("/admin/accounts/new-person").form("/admin/accounts/new-person")
    page = admin.submit(
        form,
        name="新处长",
        phone="13900001111",
        username="chief",
        organisation=str(street.street.id),
        expires_on="2099-01-01",
    )
    assert page.h1 == "账号已开立"
    opened = account_of("chief")
    assert str(opened.expires_on) == "2099-01-01"
    assert opened.confirmed_at is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "请填写"),
        ("ab", "3 至 32 位"),
        ("1abc", "字母开头"),
        ("张三", "字母开头"),
        ("a", "3 至"),
    ],
)
def test_a_user_name_that_cannot_be_one_is_refused(
    admin: Browser, street: Street, typed: str, words: str
) -> None:
    newcomer = person("新人测试")
    commit()
    page = admin.get("/admin/accounts/new", person=newcomer.id)
    page = admin.submit(page.forms()[-1], username=typed)
    assert page.status == 422
    assert words in page.errors()["username"]


def test_nobody_gets_a_second_account_and_no_name_twice(
    admin: Browser, street: Street, any_database: str
) -> None:
    newcomer = person("新人测试")
    commit()
    page = admin.get("/admin/accounts/new", person=street.a.id)
    assert admin.submit(page.forms()[-1], username="second").status == 409
    page = admin.get("/admin/accounts/new", person=newcomer.id)
    page = admin.submit(page.forms()[-1], username="secretary")
    assert page.status == 422
    assert "已经有人使用" in page.errors()["username"]
    page = admin.get("/admin/accounts/new-person")
    page = admin.submit(
        page.form("/admin/accounts/new-person"),
        name="重名测试",
        username="secretary",
        organisation=str(street.street.id),
    )
    assert page.status == 422
    assert db.session.scalar(select(Person.id).where(Person.name == "重名测试")) is None


def test_a_deactivated_account_is_out_at_once_and_comes_back_only_confirmed(
    admin: Browser, street: Street
) -> None:
    member = Browser(admin.app).sign_in_by_form("a")
    path = path_of("a")
    page = admin.submit(admin.get(path).form(f"{path}/deactivate"))
    assert "已停用" in page.text
    assert member.get("/me").h1 == "登录"
    assert Browser(admin.app).post("/login", {"username": "a", "password": PASSWORD}).status == 422
    page = admin.submit(admin.get(path).form(f"{path}/reactivate"))
    assert "等待授权" in page.text
    assert member.get("/me").h1 == "登录", "the old session stays ended"
    assert Browser(admin.app).sign_in_by_form("a").get("/me").h1 == "等待授权"
    assert admin.post(f"{path}/reactivate").status == 409
    assert "account.reactivated" in acts()


def test_a_lock_is_lifted_before_its_time(admin: Browser, street: Street) -> None:
    member = Browser(admin.app)
    for _ in range(5):
        member.post("/login", {"username": "a", "password": "wrong"})
    path = path_of("a")
    page = admin.get(path)
    assert "已锁定" in page.text
    assert "已锁定" in admin.get("/admin/accounts", state="locked").text
    page = admin.submit(page.form(f"{path}/unlock"))
    assert "锁定已解除" in page.text
    assert member.sign_in_by_form("a").get("/me").status == 200
    assert admin.post(f"{path}/unlock").status == 409
    assert all(db.session.scalars(select(LoginFailure.is_forgiven)))


def test_a_reset_password_is_shown_once_and_ends_the_sessions(
    admin: Browser, street: Street
) -> None:
    member = Browser(admin.app).sign_in_by_form("a")
    path = path_of("a")
    page = admin.submit(admin.get(path).form(f"{path}/reset-password"))
    password = shown_password(page)
    assert member.get("/me").h1 == "登录"
    assert Browser(admin.app).post("/login", {"username": "a", "password": PASSWORD}).status == 422
    assert (
        Browser(admin.app).post("/login", {"username": "a", "password": password}).h1 == "修改密码"
    )


def test_an_account_ends_with_its_last_day(admin: Browser, street: Street) -> None:
    path = path_of("a")
    today = clock.today()
    page = admin.submit(admin.get(path).form(f"{path}/expiry"), expires_on=today.isoformat())
    assert "已保存" in page.text
    assert Browser(admin.app).sign_in_by_form("a").get("/me").status == 200
    page = admin.submit(
        admin.get(path).form(f"{path}/expiry"), expires_on=str(today - timedelta(days=1))
    )
    assert page.status == 422
    assert "不能早于今天" in page.errors()["expires_on"]
    page = admin.submit(admin.get(path).form(f"{path}/expiry"), expires_on="")
    assert account_of("a").expires_on is None


@pytest.mark.parametrize("username", ["secadmin", "auditor", "sysadmin"])
@pytest.mark.parametrize("act", ["reset-password", "deactivate", "reactivate", "expiry"])
def test_the_accounts_of_the_three_administrators_are_out_of_reach(
    admin: Browser, street: Street, username: str, act: str
) -> None:
    path = path_of(username)
    before = account_of(username).password_hash
    assert "互相制约" in admin.get(path).text
    page = admin.post(f"{path}/{act}")
    assert page.status == 403
    assert "互相制约" in page.alert
    after = account_of(username)
    assert (after.password_hash, after.is_active) == (before, True)


def test_the_list_is_found_by_name_and_state(admin: Browser, street: Street) -> None:
    account(person("停用测试"), "stopped", is_active=False)
    account(person("到期测试"), "over", expires_on=clock.today() - timedelta(days=1))
    account(person("新人测试"), "waiting", confirmed_at=None)
    idle = account(person("久未登录"), "idle")
    idle.created_at = clock.now() - timedelta(days=91)
    commit()
    for state, username in (
        ("inactive", "stopped"),
        ("expired", "over"),
        ("waiting", "waiting"),
        ("unused", "idle"),
    ):
        page = admin.get("/admin/accounts", state=state)
        assert [
            name for name in page.links() if name in {"stopped", "over", "waiting", "idle"}
        ] == [username]
    page = admin.get("/admin/accounts", q="secretary")
    assert {"secretary", "secretary2"} <= set(page.links())
    assert "branch" not in page.links()
    fragment = admin.get("/admin/accounts", htmx=True, q="久未登录")
    assert not fragment.whole
    assert "idle" in fragment.links()
    assert "没有找到" in admin.get("/admin/accounts", q="没有这个人").text
    assert admin.get("/admin/accounts", state="nonsense").status == 200


def test_the_list_costs_the_same_for_one_and_for_fifty(
    admin: Browser, street: Street, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    few = queries_of(lambda: admin.get("/admin/accounts", q="secretary2"))
    for number in range(50):
        account(person(f"测试{number}", street.branch_one), f"tester{number}")
    commit()
    many = queries_of(lambda: admin.get("/admin/accounts"))
    assert few == many <= 8


@pytest.mark.parametrize("number", ["0", "-1", "2147483648", "9" * 30, "abc", ""])
def test_an_account_for_nobody_is_not_found(admin: Browser, any_database: str, number: str) -> None:
    assert admin.get("/admin/accounts/new", person=number).status == 404
    assert admin.post(f"/admin/accounts/new?person={number}", {"username": "x"}).status == 404


def test_what_no_keyboard_types_is_not_searched_for(
    admin: Browser, street: Street, any_database: str
) -> None:
    assert "党员测试甲" in admin.get("/admin/accounts", q="党员\x00测试甲").text
    assert "党员测试甲" in admin.get("/admin/accounts/new", q="党员\x00测试甲").text
    secadmin = Browser(admin.app).sign_in_by_form("secadmin")
    assert "党员测试甲" in secadmin.get("/admin/grants", q="党员\x00测试甲").text


def test_an_account_that_does_not_exist_is_not_found(admin: Browser) -> None:
    assert admin.get("/admin/accounts/99999").status == 404
    assert admin.post("/admin/accounts/99999/deactivate").status == 404
    assert admin.get("/admin/accounts/new", person=99999).status == 404


def test_administrators_see_their_own_pages_and_no_business(
    browser: Browser, street: Street
) -> None:
    for username, own in (("sysadmin", "账号"), ("secadmin", "授权"), ("auditor", "审计")):
        other = Browser(browser.app).sign_in_by_form(username)
        home = other.get("/")
        assert home.status == 200
        assert own in home.links()
        for path in ("/events/", "/me", "/events/new"):
            page = other.get(path)
            assert page.status == 403
            assert "管理员账号只用于管理" in page.alert
            assert "活动" not in page.links()


def test_open_sessions_are_shown_with_their_address(admin: Browser, street: Street) -> None:
    member = Browser(admin.app)
    member.client.environ_base["REMOTE_ADDR"] = "10.1.2.3"
    member.sign_in_by_form("a")
    assert "10.1.2.3" in admin.get(path_of("a")).text
    assert db.session.scalar(
        select(LoginSession.address).where(LoginSession.address != "127.0.0.1")
    )
