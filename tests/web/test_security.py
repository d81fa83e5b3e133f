"""What protects every page: headers, tokens, refusals in words, answers when things break."""

import io
import logging
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.routing import Rule

from portal.database import db
from portal.web import errors
from portal.web.transaction import writes
from tests.access.expectations import ROWS
from tests.access.test_matrix import path_of
from tests.access.world import INSIDE, World
from tests.factories import Street
from tests.instances import make_app
from tests.page import PASSWORD, Browser

SAFE = {"GET", "HEAD", "OPTIONS"}
# What holds personal data stays in no shared store, nor in a browser unasked.
PRIVATE = {"no-store", "private, no-cache"}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[World]:
    """A world in which tokens are asked for, as in life."""
    folder = tmp_path_factory.mktemp("guarded")
    shutil.copy(sqlite_template, folder / "portal.sqlite")
    app = make_app(folder, PORTAL_CODE_SECONDS=24 * 3600, PORTAL_API_WRONG_TOKENS=10_000)
    yield World(app, folder)
    with app.app_context():
        db.engine.dispose()


def unsafe_rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if (rule.methods or set()) - SAFE]


def content(app: Flask) -> dict[str, int]:
    """Return how many rows each table has."""
    with app.app_context():
        names = db.metadata.tables
        return {
            name: db.session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()
            for name in names
        }


# ---- tokens


def test_no_unsafe_request_passes_without_a_token(guarded: World) -> None:
    before = content(guarded.app)
    rules = unsafe_rules(guarded.app)
    assert len(rules) > 40
    for rule in rules:
        method = min((rule.methods or set()) - SAFE)
        for role in ("office", "sysadmin", "anonymous"):
            path = path_of(guarded, rule, ROWS[rule.endpoint], INSIDE, role)
            for data in ({}, {"csrf_token": "forged"}):
                answer = guarded.ask(role, method, path, data)
                # Devices have no session that could be abused: without their token, nothing.
                is_device = rule.endpoint.startswith("door_api.")
                refused, words = (401, "令牌") if is_device else (400, "页面已过期")
                assert answer.status_code == refused, (rule.endpoint, role)
                assert words in answer.get_data(as_text=True)
    assert content(guarded.app) == before


def test_a_token_of_another_session_is_refused(browser: Browser) -> None:
    Street()
    stranger = Browser(browser.app)
    browser.sign_in("a")
    answer = browser.client.post("/logout", data={"csrf_token": stranger.token()})
    assert answer.status_code == 400
    assert browser.get("/me/password").h1 == "修改密码"


def test_nothing_is_changed_by_looking(guarded: World) -> None:
    """A GET may note who looked (the chain, the roll drawn up for the first time), never more."""
    before = content(guarded.app)
    noted = {"audit_entry", "audit_head", "login_session"}
    for rule in guarded.app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()):
            continue
        for role in ("office", "sysadmin", "auditor"):
            guarded.ask(role, "GET", path_of(guarded, rule, ROWS[rule.endpoint], INSIDE, role), {})
    after = content(guarded.app)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= noted


# ---- headers


def _shows_paper(endpoint: str, role: str) -> bool:
    """The world's material has a preview that is a PDF; whoever is not signed in gets none."""
    return endpoint == "materials.preview" and role != "anonymous"


def test_every_answer_carries_the_headers_and_a_strict_policy(guarded: World) -> None:
    for rule in guarded.app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()):
            continue
        path = path_of(guarded, rule, ROWS[rule.endpoint], INSIDE, "office")
        for role in ("office", "anonymous"):
            headers = guarded.ask(role, "GET", path, {}).headers
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy, rule.endpoint
            # Our own page shows a paper in a frame; nobody else's may.
            framed_by = "'self'" if _shows_paper(rule.endpoint, role) else "'none'"
            assert f"frame-ancestors {framed_by}" in policy, rule.endpoint
            assert "base-uri 'none'" in policy
            assert not re.search(r"unsafe-|\*|https?:", policy), rule.endpoint
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "same-origin"
            if rule.endpoint != "assets.send":
                assert headers["Cache-Control"] in PRIVATE, rule.endpoint


def test_refusals_and_faults_carry_them_too(browser: Browser) -> None:
    for path in ("/nowhere", "/logout"):
        headers = browser.client.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"


def test_strict_transport_is_asked_for_on_https_only(browser: Browser) -> None:
    assert "Strict-Transport-Security" not in browser.client.get("/login").headers
    secure = browser.client.get("/login", base_url="https://localhost")
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"


# ---- proxies


def seen_address(app: Flask, forwarded: str) -> str:
    seen: list[str] = []

    @app.before_request
    def look() -> None:
        from flask import request

        seen.append(f"{request.scheme}://{request.host} {request.remote_addr}")

    app.test_client().get(
        "/login",
        headers={
            "X-Forwarded-For": forwarded,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": "portal.example",
        },
    )
    return seen[0]


def test_forwarded_headers_of_strangers_are_not_believed(own_app: Flask) -> None:
    assert seen_address(own_app, "6.6.6.6") == "http://localhost 127.0.0.1"


def test_of_forwarded_addresses_only_as_many_as_there_are_proxies(tmp_path: Path) -> None:
    behind = make_app(tmp_path / "behind", PORTAL_TRUSTED_PROXIES=1)
    assert seen_address(behind, "6.6.6.6, 10.0.0.9") == "https://portal.example 10.0.0.9"


# ---- refusals in words


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/nowhere", 404, "没有内容"),
        ("GET", "/events/99999999999999999999", 404, "没有"),
        ("GET", "/logout", 405, "不能直接打开"),
        ("PUT", "/login", 405, "不能直接打开"),
    ],
)
def test_a_refusal_is_a_page_with_its_sentence(
    browser: Browser, method: str, path: str, status: int, words: str
) -> None:
    Street()
    browser.sign_in("a")
    answer = browser.client.open(path, method=method)
    assert answer.status_code == status
    assert words in answer.get_data(as_text=True)
    assert 'role="alert"' in answer.get_data(as_text=True)


def test_what_is_too_big_is_refused_in_words(browser: Browser) -> None:
    Street()
    browser.sign_in("sysadmin")
    browser.app.config["MAX_CONTENT_LENGTH"] = 20_000
    with io.BytesIO(b"x" * 30_000) as file:
        fields = {"csrf_token": "x", "file": (file, "a.csv")}
        answer = browser.client.post("/organisations/import", data=fields)
    assert answer.status_code == 413
    assert "超过了允许的大小" in answer.get_data(as_text=True)


def test_a_refusal_to_htmx_is_the_alert_alone_in_the_message_area(browser: Browser) -> None:
    Street()
    browser.sign_in("a")
    answer = browser.client.get("/admin/accounts", headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert answer.headers["HX-Retarget"] == "#messages"
    assert "<html" not in answer.get_data(as_text=True)
    assert "HX-Request" in answer.headers["Vary"]


# ---- when things break


def test_the_last_resort_answers_when_the_database_is_away(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    Street()
    browser.sign_in("a")
    db.session.remove()
    db.engine.dispose()
    folder = Path(browser.app.instance_path)
    for file in folder.glob("portal.sqlite*"):
        file.unlink()
    (folder / "portal.sqlite").mkdir()
    for path in ("/", "/events/", "/login"):
        answer = browser.client.get(path)
        body = answer.get_data(as_text=True)
        assert answer.status_code in {500, 503}, path
        assert 'role="alert"' in body
        assert "Traceback" not in body
        assert str(folder) not in body


def test_an_unforeseen_fault_is_a_page_that_tells_nothing_of_the_inside(
    own_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    own_app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken() -> str:
        raise RuntimeError("secret detail")

    broken.access_level = "public"  # type: ignore[attr-defined]
    own_app.add_url_rule("/broken", view_func=broken)
    with caplog.at_level(logging.ERROR):
        answer = own_app.test_client().get("/broken?password=hunter2")
    assert answer.status_code == 500
    assert "没有料到" in answer.get_data(as_text=True)
    assert "secret detail" not in answer.get_data(as_text=True)
    assert "hunter2" not in caplog.text


def test_two_who_change_one_row_at_once_are_a_conflict(own_app: Flask) -> None:
    own_app.config["WTF_CSRF_ENABLED"] = False

    @writes
    def stale() -> str:
        raise StaleDataError("0 rows matched")

    own_app.add_url_rule("/stale", view_func=stale, methods=["POST"])
    answer = own_app.test_client().post("/stale")
    assert answer.status_code == 409
    assert "别人刚刚改动过" in answer.get_data(as_text=True)


def test_every_error_of_the_domain_has_its_status() -> None:
    assert {status for status, _ in errors.STATUS.values()} == {403, 404, 409, 422}


# ---- secrets


def test_no_secret_reaches_the_log(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    Street()
    with caplog.at_level(logging.DEBUG):
        browser.sign_in("a")
        browser.post("/me/password", {"current": PASSWORD, "new": "Blue-1", "again": "Blue-1"})
        with browser.client.session_transaction() as session:
            token = session["_user_id"]
    for secret in (PASSWORD, "Blue-1", token, browser.app.config["SECRET_KEY"], "argon2"):
        assert secret not in caplog.text
