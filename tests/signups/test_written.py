"""A unit's contact signs up many from a pasted list, a 接龙 or a file."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
import time_machine

from portal.database import db
from portal.events.models import Audience, Event
from portal.people.models import Person, PersonKind
from portal.signups import queries
from portal.signups.models import SignupOrigin
from tests import factories
from tests.factories import Street, commit
from tests.page import Browser, Page

MORNING = datetime(2026, 12, 3, 2, 0, tzinfo=UTC)  # 10:00 in China
CHAIN = """#接龙
12月3日主题党日
1. 王䶮
2、张伟 🌹
3 李小明
4. 赵新来 13811112222
5. 王䶮
谢谢大家
"""


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=True):
        yield


@pytest.fixture
def event(street: Street) -> Event:
    factories.person("王䶮", street.branch_one, phone="13900000001")
    factories.person("张伟", street.branch_one, phone="13900000003")
    factories.person("张伟", street.branch_two, phone="13900000004")
    factories.person("李晓明", street.branch_one, phone="13900000005")
    factories.person("远方人", street.branch_far, phone="13900000007")
    made: Event = factories.event(street.shantou, street.secretary, capacity=3)
    commit()
    return made


def read(browser: Browser, event: Event, text: str) -> Page:
    form = browser.get(f"/events/{event.id}/signups/list").form("/signups/list")
    return browser.submit(form, names=text)


def person(name: str, phone: str = "") -> int:
    wanted = db.select(Person.id).where(Person.name == name, Person.phone.endswith(phone))
    found: int = db.session.scalars(wanted).one()
    return found


def confirm(browser: Browser, page: Page, answers: Mapping[str, object], **more: object) -> Page:
    form = page.form("/list/confirm")
    return browser.submit(replace(form, fields={**form.fields, **answers, **more}))


def signed_up(event: Event) -> list[str]:
    return [one.name for one in queries.confirmed_people(event.id)]


def test_a_chain_is_matched_asked_about_and_signs_up_with_one_confirmation(
    browser: Browser, event: Event, any_database: str
) -> None:
    browser.sign_in("secretary")
    page = read(browser, event, CHAIN)
    assert page.status == 200
    assert "名册里对上 1 人，2 行要请您选一选，1 行名册里没有" in page.text
    assert "王䶮写了两次，只报一次" in page.text
    assert "第二党支部 尾号 0004" in page.text
    assert "名册里没有这个名字，有相近的" in page.text
    assert signed_up(event) == []
    answers = {"line-4": person("张伟", "0004"), "line-5": person("李晓明"), "line-6": "guest"}
    page = confirm(browser, page, answers)
    assert page.status == 200
    assert [row.get("data-outcome") for row in page.by("data-outcome")] == [
        *["confirmed"] * 3,
        "waitlisted",
    ]
    assert signed_up(event) == ["王䶮", "张伟", "李晓明"]
    guest = db.session.scalars(db.select(Person).where(Person.name == "赵新来")).one()
    assert (guest.kind, guest.phone) == (PersonKind.GUEST, "13811112222")
    signup = queries.signup_of(event, guest)
    assert signup is not None
    assert signup.origin is SignupOrigin.ON_BEHALF
    assert "王䶮写了两次" in page.text


def test_lines_left_out_are_named_with_the_reason(browser: Browser, event: Event) -> None:
    page = read(browser.sign_in("secretary"), event, CHAIN)
    page = browser.submit(page.form("/list/confirm"))
    assert signed_up(event) == ["王䶮"]
    assert "没有报名的 4 行" in page.text
    assert "没有选是哪一位" in page.text
    assert "名册里没有" in page.text


def test_nobody_beyond_the_own_scope_is_named_or_signed_up(browser: Browser, event: Event) -> None:
    browser.sign_in("secretary")
    page = read(browser, event, "远方人\n王䶮")
    assert "0007" not in page.text
    assert "名册里没有 1 人" in page.text
    confirm(browser, page, {"line-1": person("远方人")})
    assert signed_up(event) == ["王䶮"]


def test_an_answer_only_counts_for_whom_its_line_may_mean(browser: Browser, event: Event) -> None:
    page = read(browser.sign_in("secretary"), event, "王䶮")
    page = confirm(browser, page, {"line-1": person("李晓明")})
    assert page.status == 422
    assert "还没有选中任何人" in page.alert
    assert "王䶮" in page.text
    assert signed_up(event) == []


def test_a_list_for_the_invited_takes_no_guests(browser: Browser, street: Street) -> None:
    made: Event = factories.event(street.shantou, street.secretary, audience=Audience.INVITED)
    commit()
    page = read(browser.sign_in("secretary"), made, "赵新来")
    assert "不能登记来宾" in page.text
    page = confirm(browser, page, {"line-1": "guest"})
    assert page.status == 422
    assert not db.session.scalars(db.select(Person).where(Person.name == "赵新来")).all()


def test_a_group_that_never_fits_leaves_no_guest_behind(browser: Browser, event: Event) -> None:
    browser.sign_in("secretary")
    page = read(browser, event, "赵甲一\n赵乙二\n赵丙三\n赵丁四")
    answers = {f"line-{number}": "guest" for number in range(1, 5)}
    page = confirm(browser, page, answers, together="1")
    assert page.status == 422
    assert "超过了名额" in page.alert
    assert not db.session.scalars(db.select(Person).where(Person.kind == PersonKind.GUEST)).all()
    assert page.form("/list/confirm").fields["line-1"] == "guest"


@pytest.mark.parametrize("text", ["", "   ", "#接龙\n12月3日主题党日", "，，，"])
def test_a_text_without_names_comes_back_as_typed(
    browser: Browser, event: Event, text: str
) -> None:
    page = read(browser.sign_in("secretary"), event, text)
    assert page.status == 422
    assert text.strip() in page.form("/signups/list").fields["names"]


def test_a_file_is_read_as_people_keep_it(browser: Browser, event: Event) -> None:
    browser.sign_in("secretary")
    content = "序号,姓名,电话\n1,王䶮,13900000001\n2,张伟,13900000003\n".encode("gb18030")
    page = Page(
        browser.client.post(
            f"/events/{event.id}/signups/list",
            data={"csrf_token": browser.token(), "file": (BytesIO(content), "名单.csv")},
        )
    )
    assert "名册里对上 2 人" in page.text
    browser.submit(page.form("/list/confirm"))
    assert signed_up(event) == ["王䶮", "张伟"]


def test_more_lines_than_fit_into_one_go_are_refused(browser: Browser, event: Event) -> None:
    page = read(browser.sign_in("secretary"), event, "\n".join(["王䶮"] * 501))
    assert page.status == 422
    assert "一次最多 500 行" in page.text
