"""Signing in: lockout by account and by address, one answer for every refusal, sessions."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, text

from portal import clock
from portal.audit.models import AuditEntry
from portal.database import db, write_transaction
from portal.people.models import LoginFailure, LoginSession
from portal.people.services import LockRules, PasswordRules, passwords, signing_in
from tests.factories import Street, account, commit, person
from tests.instances import make_app
from tests.page import PASSWORD, Browser, Page

START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
REFUSED = LockRules().refusal


def attempt(browser: Browser, username: str, password: str, address: str = "10.0.0.1") -> Page:
    """Try the door from an address of the network."""
    browser.client.environ_base["REMOTE_ADDR"] = address
    return browser.post("/login", {"username": username, "password": password})


def is_in(page: Page) -> bool:
    return not page.find_all("input", name="password")


def fail(browser: Browser, username: str, times: int, address: str = "10.0.0.1") -> None:
    for _ in range(times):
        assert attempt(browser, username, "wrong", address).status == 422


# ---- lockout


def test_the_fifth_failure_locks_the_account_for_thirty_minutes(
    browser: Browser, any_database: str
) -> None:
    Street()
    with time_machine.travel(START, tick=False) as moment:
        fail(browser, "a", 4)
        moment.shift(60)
        fail(browser, "a", 1)
        assert not is_in(attempt(browser, "a", PASSWORD))
        assert not is_in(attempt(browser, "a", PASSWORD, "10.0.0.2"))
        moment.shift(timedelta(minutes=29, seconds=59))
        assert not is_in(attempt(browser, "a", PASSWORD))
        moment.shift(1)
        assert is_in(attempt(browser, "a", PASSWORD))


def test_four_failures_do_not_lock_and_old_ones_do_not_count(browser: Browser) -> None:
    Street()
    with time_machine.travel(START, tick=False) as moment:
        fail(browser, "a", 4)
        moment.shift(timedelta(minutes=30))
        fail(browser, "a", 4)
        assert is_in(attempt(browser, "a", PASSWORD))


def test_success_clears_the_accounts_count(browser: Browser) -> None:
    Street()
    fail(browser, "a", 4)
    assert is_in(attempt(browser, "a", PASSWORD))
    other = Browser(browser.app)
    fail(other, "a", 4)
    assert is_in(attempt(other, "a", PASSWORD))


def test_an_address_that_fails_on_five_names_is_locked_and_no_other(browser: Browser) -> None:
    Street()
    with time_machine.travel(START, tick=False) as moment:
        for name in ("a", "b", "c", "nobody", "admin"):
            fail(browser, name, 1)
        assert not is_in(attempt(browser, "d", PASSWORD))
        assert is_in(attempt(Browser(browser.app), "d", PASSWORD, "10.0.0.2"))
        moment.shift(timedelta(minutes=30))
        assert is_in(attempt(browser, "d", PASSWORD))


def test_success_does_not_clear_the_addresss_count(browser: Browser) -> None:
    Street()
    for name in ("b", "c", "nobody", "admin"):
        fail(browser, name, 1)
    assert is_in(attempt(Browser(browser.app), "a", PASSWORD))
    fail(browser, "root", 1)
    assert not is_in(attempt(browser, "a", PASSWORD))


def test_one_forgetful_person_does_not_shut_out_the_office(browser: Browser) -> None:
    Street()
    fail(browser, "a", 9)
    assert is_in(attempt(browser, "b", PASSWORD))


def test_the_lock_of_an_address_can_be_switched_off(browser: Browser) -> None:
    Street()
    browser.app.config["PORTAL_LOCK_ADDRESS_USERNAMES"] = 0
    for name in ("a", "b", "c", "nobody", "admin", "root"):
        fail(browser, name, 1)
    assert is_in(attempt(browser, "d", PASSWORD))


def test_counts_hold_for_several_processes_and_survive_a_restart(
    browser: Browser, tmp_path: Path
) -> None:
    Street()
    url = browser.app.config["PORTAL_DATABASE_URL"]
    second = make_app(tmp_path / "second", url)
    fail(browser, "a", 3)
    fail(Browser(second), "a", 2)
    assert not is_in(attempt(browser, "a", PASSWORD))
    assert not is_in(attempt(Browser(second), "a", PASSWORD))
    with second.app_context():
        db.engine.dispose()


def test_of_many_guesses_at_once_five_count_and_the_right_one_comes_too_late(
    app: Flask, any_database: str
) -> None:
    Street()
    locks, rules = LockRules(), PasswordRules()
    commit()
    tried = [
        signing_in.attempt(username="a", password=f"Guess-{number}", address="10.0.0.1")
        for number in range(8)
    ]
    right = signing_in.attempt(username="a", password=PASSWORD, address="10.0.0.1")
    assert right.matches

    def decide(one: signing_in.Attempt) -> None:
        with app.app_context(), write_transaction():
            signing_in.decide(one, locks=locks, passwords=rules)

    threads = [threading.Thread(target=decide, args=(one,)) for one in tried]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with write_transaction():
        assert signing_in.decide(right, locks=locks, passwords=rules) is None
    assert db.session.scalar(select(func.count()).select_from(LoginFailure)) == 5


def test_hammering_on_one_unknown_name_does_not_fill_the_table(browser: Browser) -> None:
    Street()
    fail(browser, "nobody", 8)
    assert db.session.scalar(select(func.count()).select_from(LoginFailure)) == 5


# ---- nobody learns which accounts there are


def test_every_refusal_reads_the_same(browser: Browser) -> None:
    Street()
    account(person("停用测试"), "stopped", is_active=False)
    account(person("到期测试"), "over", expires_on=clock.today() - timedelta(days=1))
    account(person("锁定测试"), "locked", locked_until=clock.now() + timedelta(hours=1))
    browser.app.config["PORTAL_LOCK_ADDRESS_USERNAMES"] = 0
    pages = {
        "unknown": attempt(browser, "nobody", PASSWORD),
        "wrong": attempt(browser, "a", "wrong"),
        "stopped": attempt(browser, "stopped", PASSWORD),
        "over": attempt(browser, "over", PASSWORD),
        "locked": attempt(browser, "locked", PASSWORD),
    }
    assert {page.alert for page in pages.values()} == {REFUSED}
    assert {page.status for page in pages.values()} == {422}


def test_an_unknown_name_costs_the_same_argon2_as_a_known_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    Street()
    seen: list[str] = []
    verify = passwords._hasher.verify

    def watching(_self: object, kept: str, typed: str) -> bool:
        seen.append(kept)
        return verify(kept, typed)

    monkeypatch.setattr(passwords, "_hasher", type("Watched", (), {"verify": watching})())
    for name in ("a", "nobody"):
        signing_in.attempt(username=name, password="wrong", address="10.0.0.1")
    parameters = [kept.rsplit("$", 2)[0] for kept in seen]
    assert len(parameters) == 2
    assert parameters[0] == parameters[1]


def test_no_transaction_is_open_while_argon2_works(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    Street()
    commit()
    open_then: list[bool] = []
    verify = passwords._hasher.verify

    def watching(_self: object, kept: str, typed: str) -> bool:
        open_then.append(db.session().in_transaction())
        return verify(kept, typed)

    monkeypatch.setattr(passwords, "_hasher", type("Watched", (), {"verify": watching})())
    signing_in.attempt(username="a", password=PASSWORD, address="10.0.0.1")
    assert open_then == [False]


def test_a_name_is_found_however_it_is_typed(browser: Browser) -> None:
    Street()
    assert is_in(attempt(browser, " Ｓecretary ", PASSWORD))


def test_failures_are_audited_without_what_was_typed(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    Street()
    with caplog.at_level(logging.DEBUG):
        attempt(browser, "a", "My-Secret-1")
        attempt(browser, "My-Secret-2", "x")
        attempt(browser, "a", PASSWORD)
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    kept = " ".join(f"{entry.action} {entry.details} {entry.address}" for entry in entries)
    failures = " ".join(db.session.scalars(select(LoginFailure.username)))
    for secret in ("My-Secret-1", "My-Secret-2", "my-secret-2", PASSWORD):
        assert secret not in kept + failures + caplog.text
    assert [entry.action for entry in entries] == [
        "account.sign_in_refused",
        "account.sign_in_refused",
        "account.signed_in",
    ]
    assert "10.0.0.1" in kept
    assert "密码不正确" in kept


# ---- sessions


def test_a_session_ends_when_idle_and_lives_while_used(browser: Browser) -> None:
    Street()
    with time_machine.travel(START, tick=False) as moment:
        browser.sign_in_by_form("a")
        for _ in range(3):
            moment.shift(timedelta(minutes=29))
            assert browser.get("/me/password").h1 == "修改密码"
        moment.shift(timedelta(minutes=30))
        assert browser.get("/me/password").h1 == "登录"


def test_a_session_ends_after_twelve_hours_however_busy(browser: Browser) -> None:
    Street()
    with time_machine.travel(START, tick=False) as moment:
        browser.sign_in_by_form("a")
        for _ in range(47):
            moment.shift(timedelta(minutes=15))
            assert browser.get("/me/password").h1 == "修改密码"
        moment.shift(timedelta(minutes=15))
        assert browser.get("/me/password").h1 == "登录"


def cookie_of(browser: Browser) -> str:
    cookie = browser.client.get_cookie("portal")
    assert cookie
    return cookie.value


def test_an_old_cookie_opens_nothing_after_signing_out(browser: Browser) -> None:
    Street()
    browser.sign_in_by_form("a")
    kept = cookie_of(browser)
    browser.post("/logout")
    thief = Browser(browser.app)
    thief.client.set_cookie("portal", kept)
    assert thief.get("/me/password").h1 == "登录"


def test_signing_in_starts_a_new_session_whatever_the_cookie_was(browser: Browser) -> None:
    Street()
    browser.get("/login")
    before = cookie_of(browser)
    browser.sign_in_by_form("a")
    planted = Browser(browser.app)
    planted.client.set_cookie("portal", before)
    assert planted.get("/me/password").h1 == "登录"
    tokens = db.session.scalars(select(LoginSession.token_hash)).all()
    assert len(tokens) == 1


def test_a_deactivated_account_is_out_at_once(browser: Browser) -> None:
    street = Street()
    browser.sign_in_by_form("a")
    db.session.execute(
        text("UPDATE account SET is_active = false WHERE person_id = :id"), {"id": street.a.id}
    )
    assert browser.get("/me/password").h1 == "登录"


def test_only_the_tokens_hash_is_kept(browser: Browser) -> None:
    Street()
    browser.sign_in_by_form("a")
    with browser.client.session_transaction() as session:
        token = session["_user_id"]
    kept = db.session.scalar(select(LoginSession))
    assert kept is not None
    assert kept.token_hash != token
    assert token not in kept.token_hash


def test_the_last_login_is_told_once(browser: Browser) -> None:
    Street()
    with time_machine.travel(START, tick=False) as moment:
        assert "上次登录" not in attempt(browser, "a", PASSWORD, "10.0.0.7").text
        moment.shift(timedelta(days=1))
        other = Browser(browser.app)
        fail(other, "a", 2)
        told = attempt(other, "a", PASSWORD)
        assert "上次登录：2026年11月24日（周二） 10:00，地址 10.0.0.7" in told.text
        assert "2 次登录失败" in told.text
        assert "上次登录" not in other.get("/me/password").text


def test_a_database_that_is_busy_costs_the_note_not_the_page(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    Street()
    with time_machine.travel(START, tick=False) as moment:
        browser.sign_in_by_form("a")
        moment.shift(timedelta(minutes=5))
        commit()
        with db.engine.connect().execution_options(portal_writes=True) as holder, holder.begin():
            holder.execute(text("UPDATE account SET care_level = 0"))
            with caplog.at_level(logging.INFO):
                assert browser.get("/me/password").h1 == "修改密码"
        assert "session not touched" in caplog.text


@pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org/", "/\\example.org"])
def test_after_signing_in_only_own_addresses_are_followed(browser: Browser, wanted: str) -> None:
    Street()
    token = browser.token()
    answer = browser.client.post(
        "/login",
        query_string={"next": wanted},
        data={"csrf_token": token, "username": "a", "password": PASSWORD},
    )
    assert answer.headers["Location"] == "/"
    again = browser.client.get("/login", query_string={"next": wanted})
    assert again.headers["Location"] == "/"


def test_who_asked_for_a_page_gets_there_after_signing_in(browser: Browser) -> None:
    Street()
    door = browser.get("/me/password")
    assert door.h1 == "登录"
    page = browser.submit(door.form("/login"), username="a", password=PASSWORD)
    assert page.h1 == "修改密码"


def test_htmx_requests_of_somebody_signed_out_send_the_page_to_the_door(app: Flask) -> None:
    answer = app.test_client().get("/me/password", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login"


def test_cookies_are_kept_from_scripts_and_other_sites(browser: Browser) -> None:
    browser.app.config["SESSION_COOKIE_SECURE"] = True
    answer = browser.client.get("/login", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" in cookie


def test_the_door_says_why_a_plain_connection_cannot_sign_in_by_form(browser: Browser) -> None:
    assert "HTTPS" not in browser.get("/login").text
    browser.app.config["SESSION_COOKIE_SECURE"] = True
    assert "HTTPS" in browser.get("/login").text


def test_reading_a_page_signed_in_costs_few_queries(
    browser: Browser, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    Street()
    browser.sign_in_by_form("secretary")
    assert queries_of(lambda: browser.get("/me/password")) <= 3
