"""Finding people: by name, pinyin, initials and phone, within the reader's part of the tree."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from portal import clock
from portal.database import db
from portal.people.models import EndReason, ExemptReason, Participation
from portal.people.services import exemptions, persons, relations
from tests.factories import Street
from tests.page import Browser, Page, text_of
from tests.people.worlds import again, entered


def names(page: Page) -> list[str]:
    return [text_of(cell) for cell in page.find_all("td", class_="person-name")]


@pytest.fixture
def street(any_database: str, app: object) -> Street:
    return Street()


FOUND_BY = [
    ("欧阳", ["欧阳修远"]),
    ("阳修", ["欧阳修远"]),
    ("修远", ["欧阳修远"]),
    ("ouyang", ["欧阳修远"]),
    ("OuYang Xiu", ["欧阳修远"]),
    ("oyxy", ["欧阳修远"]),
    ("xiuyuan", ["欧阳修远"]),
    ("ｏｙｘｙ", ["欧阳修远"]),
    ("4567", ["欧阳修远"]),
    ("24567", ["欧阳修远"]),
    ("４５６７", ["欧阳修远"]),
    ("13805324567", ["欧阳修远"]),
    ("买买提", ["买买提·艾力"]),
    ("买买提艾力", ["买买提·艾力"]),
    ("买买提•艾力", ["买买提·艾力"]),
    ("艾力", ["买买提·艾力"]),
    ("mmtal", ["买买提·艾力"]),
    ("䶮", ["䶮𬱖"]),
    ("𬱖", ["䶮𬱖"]),
    ("yandi", ["䶮𬱖"]),
    ("dsx", []),
    ("sxx", ["单雄信"]),
    ("o", ["欧阳修远"]),
    ("shanxiongxin", ["单雄信"]),
    ("567", []),
    ("7", []),
    ("···", []),
    ("#4567", []),
    ("%", []),
    ("_", []),
    ("' OR 1=1 --", []),
    ("<script>alert(1)</script>", []),
    ("😀", []),
    ("甲" * 10_000, []),
]


def test_people_are_found_by_any_part_of_what_they_are_known_by(
    street: Street, browser: Browser
) -> None:
    one = street.branch_one
    entered("欧阳修远", one, by=street.secretary, phone="13805324567")
    entered("买买提·艾力", one, by=street.secretary, phone="13805320001")
    entered("䶮𬱖", one, by=street.secretary)
    entered("单雄信", one, by=street.secretary)
    browser.sign_in("secretary")
    for typed, found in FOUND_BY:
        page = browser.get("/people/", q=typed)
        assert page.status == 200
        assert names(page) == found, typed
        assert bool(found) != bool(page.find_all("div", class_="empty"))


def test_fewer_than_four_digits_are_asked_to_be_more(street: Street, browser: Browser) -> None:
    assert "至少 4 位" in browser.sign_in("secretary").get("/people/", q="123").text


def test_names_stand_in_the_order_asked_for(street: Street, browser: Browser) -> None:
    for name in ("王一", "丁山", "安达", "赵立"):
        entered(name, street.branch_far, by=street.secretary2)
    entered("卜元", street.haikou, by=street.secretary2)
    browser.sign_in("secretary2")
    asked = {"王一", "丁山", "安达", "赵立", "卜元"}

    def listed(order: str) -> list[str]:
        return [name for name in names(browser.get("/people/", order=order)) if name in asked]

    assert listed("stroke") == ["丁山", "卜元", "王一", "安达", "赵立"]
    assert listed("pinyin") == ["安达", "卜元", "丁山", "王一", "赵立"]
    assert listed("branch") == ["卜元", "丁山", "王一", "安达", "赵立"]
    assert listed("nonsense") == listed("stroke")


def test_a_reader_finds_only_people_of_the_own_part_of_the_tree(
    street: Street, browser: Browser
) -> None:
    assert "党员测试丁" not in names(browser.sign_in("secretary").get("/people/"))
    assert names(browser.get("/people/", q="党员测试丁")) == []
    assert names(browser.get("/people/", org=street.branch_far.id)) == names(
        browser.get("/people/")
    ), "an organisation of others is no filter"
    assert "党员测试丁" in names(Browser(browser.app).sign_in("office").get("/people/"))
    assert names(Browser(browser.app).sign_in("branch").get("/people/", q="党员测试丙")) == []


def test_one_organisation_can_be_looked_at_alone(street: Street, browser: Browser) -> None:
    page = browser.sign_in("secretary").get("/people/", org=street.branch_two.id)
    assert names(page) == ["党员测试丙"]


def test_the_list_shows_who_stands_how_to_the_organisation(
    street: Street, browser: Browser
) -> None:
    one, by = street.branch_one, street.secretary
    entered("来宾某某", one, by=by, participation=Participation.GUEST, work_unit="某某公司")
    entered("流动某某", one, by=by, participation=Participation.FLOATING)
    exempt = again(entered("免予某某", one, by=by))
    exemptions.set_exemption(
        person=exempt, reason=ExemptReason.FRAIL, since=date(2024, 1, 1), actor=by
    )
    gone = again(entered("离开某某", one, by=by))
    relations.end_membership(
        person=gone,
        membership=gone.memberships[0],
        reason=EndReason.MOVED_OUT,
        day=clock.today(),
        actor=by,
    )
    db.session.commit()
    browser.sign_in("branch")

    def listed(kind: str) -> list[str]:
        page = browser.get("/people/", kind=kind)
        return sorted(name for name in names(page) if "某某" in name)

    assert listed("") == ["免予某某", "来宾某某", "流动某某"]
    assert listed("member") == ["免予某某"]
    assert listed("participant") == ["流动某某"]
    assert listed("guest") == ["来宾某某"]
    assert listed("exempt") == ["免予某某"]
    assert listed("former") == ["离开某某"]
    assert listed("nonsense") == listed("")
    row = browser.get("/people/", q="免予某某")
    assert "免予参加" in row.text
    assert "某某公司" in browser.get("/people/", q="来宾某某").text


def test_somebody_transferred_is_found_where_the_membership_is_now(
    street: Street, browser: Browser
) -> None:
    moved = again(entered("转接某某", street.branch_one, by=street.secretary))
    relations.transfer(
        person=moved,
        membership_id=moved.memberships[0].id,
        to=street.branch_far,
        day=clock.today(),
        actor=street.office,
    )
    db.session.commit()
    assert names(browser.sign_in("branch").get("/people/", q="转接")) == []
    assert names(browser.get("/people/", q="转接", kind="former")) == []
    assert browser.get(f"/people/{moved.id}").status == 404
    assert names(Browser(browser.app).sign_in("secretary2").get("/people/", q="转接"))


def test_phones_are_masked_and_never_on_the_page_in_full(street: Street, browser: Browser) -> None:
    entered("某某", street.branch_one, by=street.secretary, phone="13805324567")
    page = browser.sign_in("secretary").get("/people/", q="某某")
    assert "138****4567" in page.html
    assert "13805324567" not in page.html


def test_htmx_gets_the_results_alone_with_the_filters_kept(
    street: Street, browser: Browser
) -> None:
    browser.sign_in("secretary")
    for number in range(60):
        persons.create_person(
            facts=persons.Facts(name=f"测某{chr(0x4E00 + number)}"),
            organisation=street.branch_one,
            participation=None,
            since=None,
            actor=street.secretary,
        )
    db.session.commit()
    fragment = browser.get("/people/", q="测某", order="pinyin", htmx=True)
    assert not fragment.whole
    assert fragment.by("id", "results")
    assert len(names(fragment)) == 50
    further = fragment.links()["下一页"]
    assert "q=%E6%B5%8B%E6%9F%90" in further
    assert "order=pinyin" in further
    assert len(names(browser.get(further))) == 10
    assert "HX-Request" in fragment.response.headers["Vary"]


def test_nonsense_in_the_address_is_answered_calmly(street: Street, browser: Browser) -> None:
    browser.sign_in("secretary")
    hostile: list[dict[str, Any]] = [
        {"page": "-1"},
        {"page": "x"},
        {"page": "9" * 30},
        {"org": "x"},
        {"org": "9" * 30},
        {"q": "\x00甲"},
        {"order": "stroke; drop"},
    ]
    for query in hostile:
        assert browser.get("/people/", **query).status == 200


def test_a_large_list_costs_as_many_statements_as_a_small_one(
    street: Street, browser: Browser, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    browser.sign_in("secretary")
    browser.get("/people/")
    few = queries_of(lambda: browser.get("/people/", q="某某"))
    for number in range(60):
        entered(
            f"某某{chr(0x4E00 + number)}",
            street.branch_one,
            by=street.secretary,
            since=clock.today() - timedelta(days=number),
        )
    many = queries_of(lambda: browser.get("/people/", q="某某"))
    assert few <= many <= 8
    assert queries_of(lambda: browser.get("/people/", order="branch")) <= 8


@pytest.mark.parametrize("who", ["a", "sysadmin", "secadmin", "auditor", "keeper", "officer"])
def test_only_those_who_run_events_open_the_directory(browser: Browser, who: str) -> None:
    Street()
    page = browser.sign_in(who).get("/people/")
    assert page.status == 403
    assert page.alert
