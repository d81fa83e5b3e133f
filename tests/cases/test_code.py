"""The asker looks with a code, without an account, and confirms."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.cases import codes, services
from portal.cases.models import Case, CaseState
from portal.database import db
from tests import factories
from tests.cases.conftest import SignedIn, again
from tests.factories import Street
from tests.page import Browser


@pytest.fixture
def told(street: Street) -> tuple[Case, str]:
    """A case that is settled, and the code of whoever asked."""
    case = factories.case(street.branch_one, street.branch)
    code = services.renew_code(case=case, actor=street.branch)
    services.settle(case=case, words="换了灯泡", actor=street.branch)
    factories.commit()
    return case, code


def looked(browser: Browser, code: str):
    return browser.submit(browser.get("/cases/code").form("/cases/code"), code=code)


def test_the_code_shows_how_it_stands_and_nobodys_name(
    browser: Browser, told: tuple[Case, str], street: Street
) -> None:
    case, code = told
    page = looked(browser, codes.spoken(code).lower().replace("1", "l"))
    assert page.status == 200
    assert case.words in page.text
    assert "换了灯泡" in page.text
    assert street.branch.name not in page.text


def test_the_asker_confirms_and_only_then_it_is_closed(
    browser: Browser, told: tuple[Case, str], way: str
) -> None:
    case, code = told
    form = looked(browser, code).form("/cases/code/answer")
    page = browser.submit(form, htmx=way == "htmx", answer="satisfied", words="亮了")
    assert page.status == 200
    closed = again(case)
    assert closed.state is CaseState.CLOSED
    assert closed.called_back_by_id is None
    form = looked(browser, code).form("/cases/code/answer")
    browser.submit(form, answer="not", words="又坏了")
    assert again(case).state is CaseState.REWORK


def test_who_is_not_content_says_why(browser: Browser, told: tuple[Case, str]) -> None:
    case, code = told
    form = looked(browser, code).form("/cases/code/answer")
    page = browser.submit(form, answer="not")
    assert page.status == 422
    assert page.errors()["words"] == "请说说哪里没有解决、哪里不满意。", "said to the asker"
    browser.submit(form, answer="not", words="还是不亮")
    assert again(case).state is CaseState.REWORK


def test_wrong_codes_are_answered_alike_and_soon_not_at_all(
    browser: Browser, told: tuple[Case, str]
) -> None:
    page = looked(browser, "000000000000")
    assert page.status == 404
    assert "没有查到" in page.errors()["code"]
    assert looked(browser, "x").errors()["code"] == page.errors()["code"]
    for _ in range(25):
        page = looked(browser, "000000000000")
    assert page.status == 429
    assert "过一会儿" in page.errors()["code"]


def test_a_new_code_ends_the_old_one(
    browser: Browser, told: tuple[Case, str], as_: SignedIn
) -> None:
    case, code = told
    page = as_("branch").submit(as_("branch").get(f"/cases/{case.id}").form(f"{case.id}/code"))
    shown = re.sub(r"\s", "", "".join(page.by("data-code")[0].itertext()))
    assert looked(browser, code).status == 404
    assert looked(browser, shown).status == 200
    assert "http://localhost/cases/code" in page.text, "an address that can be passed on"
    assert "data-code" not in as_("branch").get(f"/cases/{case.id}").html, "shown once"


def test_only_hashes_of_codes_are_kept(app: Flask, told: tuple[Case, str]) -> None:
    case, code = told
    kept = db.session.scalar(select(Case.code_hash).where(Case.id == case.id))
    assert kept == codes.hash_of(code)
    assert code not in str(kept)


def test_askers_are_forgotten_half_a_year_after_the_end(
    app: Flask, street: Street, browser: Browser, told: tuple[Case, str]
) -> None:
    case, code = told
    case.asker_name, case.asker_phone = "测试居民", "13900000001"
    form = looked(browser, code).form("/cases/code/answer")
    browser.submit(form, answer="satisfied")
    with time_machine.travel(clock.now() + timedelta(days=179), tick=False):
        assert services.forget_askers() == 0
    with time_machine.travel(clock.now() + timedelta(days=181), tick=False):
        assert services.forget_askers() == 1
        db.session.commit()
    forgotten = again(case)
    assert (forgotten.asker_name, forgotten.asker_phone, forgotten.code_hash) == ("", "", None)
    assert forgotten.asker_words == "已按规定清除"
    assert looked(browser, code).status == 404
