"""Passwords: each rule by its name, the last five, the first change, the expiry."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal import clock
from portal.database import db
from portal.errors import InvalidInputError
from portal.people.common_passwords import is_common
from portal.people.models import Account, LoginSession, PasswordHistory, Person
from portal.people.services import PasswordRules, passwords
from tests.factories import Street, account, commit, person
from tests.page import PASSWORD, Browser, Page

START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
GOOD = ["Blue-River-2049", "Chunfeng7!Lu", "9Tianqi-hao", "qing-Shan-88", "Haifeng_1024"]
SOMEBODY = Person(name="欧阳建国", phone="13912345678")
RULES = PasswordRules()


def refusal(password: str, *, is_administrator: bool = False, rules: PasswordRules = RULES) -> str:
    try:
        passwords.check_rules(
            password,
            username="ouyang",
            person=SOMEBODY,
            is_administrator=is_administrator,
            rules=rules,
        )
    except InvalidInputError as error:
        return error.message if error.field == "new" else "not beside the field"
    return ""


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("Ab-1234", "至少要 8 位"),
        ("a" * 201, "最多 200 位"),
        ("abcdefgh", "3 类"),
        ("abcdefg1", "3 类"),
        ("ABCDEFG1", "3 类"),
        ("Sunny-Ouyang-1", "用户名"),
        ("sunny-OUYANG-1", "用户名"),
        ("Jianguo欧阳建国1", "姓名"),
        ("OuYangJianGuo1!", "用户名"),
        ("Lake-Jian-Guo-1949", "姓名的拼音"),
        ("Blue-345678-Lake", "手机号"),
        ("Blue-34-56-78-Lake", "手机号"),
        ("P@ssw0rd", "最常见"),
        ("Admin@2026", "最常见"),
        ("Aa123456", "最常见"),
        ("1qaz@WSX", "最常见"),
        ("Dangjian@1921", "最常见"),
    ],
)
def test_a_refusal_names_its_rule(password: str, rule: str) -> None:
    assert rule in refusal(password)


@pytest.mark.parametrize("password", [*GOOD, PASSWORD, "党旗飘扬Ab12"])
def test_a_sound_password_is_taken(password: str) -> None:
    assert refusal(password) == ""


def test_administrators_need_ten_characters() -> None:
    assert refusal("Blue-2049") == ""
    assert "至少要 10 位" in refusal("Blue-2049", is_administrator=True)


def test_the_rules_are_settings() -> None:
    strict = PasswordRules(length=12, length_of_administrators=16, classes=4)
    assert "12 位" in refusal("Blue-2049", rules=strict)
    assert "16 位" in refusal("Blue-River-2049", is_administrator=True, rules=strict)
    assert "4 类" in refusal("BlueRiver2049", rules=strict)


@given(st.text(max_size=60))
def test_any_text_is_judged_without_an_error(password: str) -> None:
    refusal(password)
    is_common(password)


def test_judging_a_long_password_takes_no_longer_than_reading_it() -> None:
    assert not is_common("password" + "1" * 190 + "x")
    assert is_common("password" + "1!" * 90)


def test_a_one_time_password_has_all_four_kinds_and_no_look_alikes() -> None:
    drawn = {passwords.one_time_password() for _ in range(50)}
    assert len(drawn) == 50
    for password in drawn:
        assert refusal(password, is_administrator=True) == ""
        assert not set(password) & set("0O1lI5S2Zz8B")


# ---- changing one's own


def change(browser: Browser, current: str, new: str, again: str | None = None) -> Page:
    form = browser.get("/me/password").form("/me/password")
    return browser.submit(form, current=current, new=new, again=again or new)


def test_the_password_is_changed_and_every_other_browser_is_out(
    browser: Browser, any_database: str
) -> None:
    Street()
    browser.sign_in_by_form("a")
    elsewhere = Browser(browser.app).sign_in_by_form("a")
    kept = browser.client.get_cookie("portal")
    assert kept
    page = change(browser, PASSWORD, GOOD[0])
    assert "密码已修改" in page.text
    assert elsewhere.get("/me/password").h1 == "登录"
    thief = Browser(browser.app)
    thief.client.set_cookie("portal", kept.value)
    assert thief.get("/me/password").h1 == "登录"
    assert browser.get("/me/password").h1 == "修改密码"
    Browser(browser.app).sign_in_by_form("a", GOOD[0])


def test_a_refused_change_says_why_beside_the_field_and_changes_nothing(browser: Browser) -> None:
    Street()
    browser.sign_in_by_form("a")
    for current, new, again, field, words in (
        ("wrong", GOOD[0], GOOD[0], "current", "当前密码不正确"),
        (PASSWORD, GOOD[0], GOOD[1], "again", "不一样"),
        (PASSWORD, "short", "short", "new", "8 位"),
        (PASSWORD, "", "", "new", "请填写"),
        (PASSWORD, PASSWORD, PASSWORD, "new", "用过"),
    ):
        page = change(browser, current, new, again)
        assert page.status == 422
        assert words in page.errors()[field]
        assert GOOD[0] not in page.html
        assert PASSWORD not in page.html
    Browser(browser.app).sign_in_by_form("a")


def test_the_last_five_passwords_do_not_come_back_and_older_ones_may(browser: Browser) -> None:
    Street()
    browser.sign_in_by_form("a")
    row = [PASSWORD, *GOOD]
    for before, after in itertools.pairwise(row):
        assert change(browser, before, after).status == 200
    for former in row[1:-1]:
        assert "最近 5 次" in change(browser, row[-1], former).errors()["new"]
    assert change(browser, row[-1], row[0]).status == 200
    assert db.session.scalar(select(func.count()).select_from(PasswordHistory)) == 4


def test_wrong_present_passwords_lock_like_failures_at_the_door(browser: Browser) -> None:
    Street()
    browser.sign_in_by_form("a")
    for _ in range(5):
        change(browser, "wrong", GOOD[0])
    assert change(browser, PASSWORD, GOOD[0]).status == 422
    assert (
        "不正确"
        in Browser(browser.app).post("/login", {"username": "a", "password": PASSWORD}).alert
    )


# ---- the first change and the expiry


def test_a_one_time_password_opens_only_the_page_where_it_is_changed(browser: Browser) -> None:
    street = Street()
    account(person("新人测试", street.branch_one), "newcomer", must_change_password=True)
    browser.sign_in_by_form("newcomer")
    for path in ("/", "/me", "/events/", "/waiting", f"/people/{street.a.id}", "/nowhere"):
        page = browser.get(path)
        assert page.h1 in {"修改密码", "没有找到"}
        assert not page.find_all("nav", aria_label="主导航")
    assert browser.post("/care", {"level": "1", "next": "/me/password"}).status == 200
    assert browser.client.get("/healthz").status_code == 200
    assert browser.get("/events/", htmx=True).response.headers["HX-Redirect"] == "/me/password"
    page = change(browser, PASSWORD, GOOD[0])
    assert page.h1 != "修改密码"
    assert browser.get("/me").status == 200


def test_a_one_time_password_can_be_left_only_by_signing_out(browser: Browser) -> None:
    account(person("新人测试"), "newcomer", must_change_password=True)
    commit()
    browser.sign_in_by_form("newcomer")
    token = browser.get("/me/password").form("/me/password").fields["csrf_token"]
    assert (
        browser.client.post("/events/new", data={"csrf_token": token}).headers["Location"]
        == "/me/password"
    )
    assert (
        browser.client.post("/logout", data={"csrf_token": token}).headers["Location"] == "/login"
    )


def test_an_unused_one_time_password_is_worthless_after_a_fortnight(browser: Browser) -> None:
    with time_machine.travel(START, tick=False) as moment:
        account(person("新人测试"), "newcomer", must_change_password=True)
        commit()
        moment.shift(timedelta(days=14))
        page = browser.post("/login", {"username": "newcomer", "password": PASSWORD})
        assert page.status == 422


def test_after_ninety_days_the_password_must_be_changed(browser: Browser) -> None:
    Street()
    with time_machine.travel(clock.now() + timedelta(days=89), tick=False) as moment:
        browser.sign_in_by_form("a")
        assert browser.get("/me").status == 200
        moment.shift(timedelta(days=1, hours=1))
        browser.sign_in_by_form("a")
        page = browser.get("/me")
        assert page.h1 == "修改密码"
        assert "90 天" in page.text
        change(browser, PASSWORD, GOOD[0])
        assert browser.get("/me").h1 != "修改密码"


def test_the_expiry_can_be_switched_off(browser: Browser) -> None:
    Street()
    browser.app.config["PORTAL_PASSWORD_MAX_AGE_DAYS"] = 0
    with time_machine.travel(clock.now() + timedelta(days=4000), tick=False):
        browser.sign_in_by_form("a")
        assert browser.get("/me").h1 != "修改密码"


# ---- waiting to be confirmed


def test_an_account_that_nobody_confirmed_opens_a_page_that_says_so(browser: Browser) -> None:
    street = Street()
    waiting = account(person("新人测试", street.branch_one), "newcomer", confirmed_at=None)
    browser.sign_in_by_form("newcomer")
    for path in ("/", "/me", "/events/", "/people/"):
        assert browser.get(path).h1 == "等待授权"
    assert not browser.get("/waiting").find_all("nav", aria_label="主导航")
    assert browser.get("/me/password").h1 == "修改密码"
    waiting.confirmed_at = clock.now()
    commit()
    assert browser.get("/waiting").h1 != "等待授权"


def test_hashes_are_argon2id_and_differ_for_the_same_password(app: Flask) -> None:
    first, second = passwords.hash_password(PASSWORD), passwords.hash_password(PASSWORD)
    assert first.startswith("$argon2id$")
    assert first != second
    assert passwords.matches(PASSWORD, first)
    assert not passwords.matches(PASSWORD, "")
    assert not passwords.matches(PASSWORD, "kaputt")


def test_sessions_are_counted_once_a_browser(browser: Browser) -> None:
    Street()
    browser.sign_in_by_form("a")
    change(browser, PASSWORD, GOOD[0])
    a = db.session.scalar(select(Account.id).where(Account.username == "a"))
    live = select(func.count()).where(LoginSession.account_id == a, LoginSession.ended_at.is_(None))
    assert db.session.scalar(live) == 1
