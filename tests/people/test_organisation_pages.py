"""The trees: who sees what, founding, renaming from a day on, moving a subtree, closing."""

import json
import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock
from portal.audit.models import AuditEntry
from portal.database import db, write_transaction
from portal.errors import InvalidInputError
from portal.people import outline_queries, tree_queries
from portal.people.models import (
    BranchType,
    EndReason,
    Organisation,
    OrganisationKind,
    OrganisationName,
)
from portal.people.services import organisations as services
from portal.people.services import relations
from tests.factories import Street, commit, organisation
from tests.page import Browser, Page, text_of
from tests.people.worlds import again, entered, until_somebody_waits


@pytest.fixture
def street(app: object) -> Street:
    return Street()


@pytest.fixture
def everywhere(any_database: str, street: Street) -> Street:
    """The street on both databases."""
    return street


def send(browser: Browser, path: str, way: str = "plain", **typed: Any) -> Page:
    form = browser.get(path).form(path)
    return browser.submit(form, htmx=way == "htmx", **typed)


def now(of: Organisation) -> Organisation:
    """Return the organisation as the database has it."""
    db.session.rollback()
    return tree_queries.organisation_to_change(of.id)


def paths() -> dict[str, str]:
    db.session.rollback()
    rows = db.session.execute(select(Organisation.code, Organisation.path))
    return {row[0]: row[1] for row in rows}


def last_details() -> dict[str, Any]:
    db.session.rollback()
    text = db.session.scalar(
        select(AuditEntry.details)
        .where(AuditEntry.object_type == "Organisation")
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    return dict(json.loads(text or "{}"))


def shown(page: Page) -> list[str]:
    """The names in the tree, from top to bottom."""
    return [
        text_of(link) for row in page.find_all("div", class_="tree-row") for link in row.iter("a")
    ]


# ------------------------------------------------------------------ looking


def test_the_tree_shows_the_readers_part_with_numbers(everywhere: Street, browser: Browser) -> None:
    page = browser.sign_in("secretary").get("/organisations/")
    assert shown(page) == ["汕头路社区党委", "汕头路社区第一党支部", "汕头路社区第二党支部"]
    counts = [text_of(one) for one in page.find_all("span", class_="count")]
    assert counts == ["8 人", "7 人", "1 人"]
    office = Browser(browser.app).sign_in("office").get("/organisations/")
    assert shown(office)[0] == "珠海路街道党工委"
    assert len(shown(office)) == 6
    assert shown(Browser(browser.app).sign_in("branch").get("/organisations/")) == [
        "汕头路社区第一党支部"
    ]


def test_the_system_administrator_sees_the_whole_tree_but_nobody_in_it(
    street: Street, browser: Browser
) -> None:
    browser.sign_in("sysadmin")
    assert len(shown(browser.get("/organisations/"))) == 6
    page = browser.get(f"/organisations/{street.branch_one.id}")
    assert page.status == 200
    assert "党员测试甲" not in page.html
    assert not page.find_all("td", class_="person-name")
    assert browser.get(f"/organisations/{street.branch_one.id}/edit").status == 200


@pytest.mark.parametrize("who", ["a", "keeper", "officer", "visitor", "secadmin", "auditor"])
def test_others_do_not_open_the_trees(street: Street, browser: Browser, who: str) -> None:
    browser.sign_in(who)
    for path in ("", "new", f"{street.branch_one.id}", f"{street.branch_one.id}/edit"):
        assert browser.get(f"/organisations/{path}").status in {403, 404}, path


def test_out_of_scope_is_not_found_rather_than_refused(street: Street, browser: Browser) -> None:
    browser.sign_in("secretary")
    for path in ("", "/edit", "/close"):
        assert browser.get(f"/organisations/{street.haikou.id}{path}").status == 404
        assert browser.get(f"/organisations/{street.street.id}{path}").status == 404
        assert browser.get(f"/organisations/999999{path}").status == 404
    assert browser.get(f"/organisations/{street.shantou.id}").status == 200
    for path in ("/edit", "/close"):
        assert browser.get(f"/organisations/{street.shantou.id}{path}").status == 403
    assert browser.post(f"/organisations/{street.shantou.id}/reopen").status == 403


def test_a_search_finds_names_codes_and_former_names(everywhere: Street, browser: Browser) -> None:
    db.session.add(
        OrganisationName(
            organisation_id=everywhere.branch_two.id, name="老海滨党支部", valid_to=date(2023, 1, 1)
        )
    )
    commit()
    browser.sign_in("secretary")

    def found(typed: str, *, htmx: bool = False) -> list[str]:
        page = browser.get("/organisations/", q=typed, htmx=htmx)
        assert page.status == 200
        return [text_of(row) for row in page.find_all("p", class_="title")]

    assert found("第二") == ["汕头路社区第二党支部"]
    assert found("老海滨", htmx=True) == ["汕头路社区第二党支部"]
    assert "原名“老海滨党支部”" in browser.get("/organisations/", q="海滨").text
    assert found("ZHL-01-02") == ["汕头路社区第二党支部"]
    assert found("海口路") == []
    for typed in ("%", "_", "\\", "'", "<script>", "😀", "第" * 10_000, "\x00"):
        found(typed)
    assert found("%") == []


def test_a_page_about_an_organisation_says_what_is_below_and_who_is_in_it(
    everywhere: Street, browser: Browser
) -> None:
    page = browser.sign_in("secretary").get(f"/organisations/{everywhere.shantou.id}")
    assert shown(page) == ["汕头路社区第一党支部", "汕头路社区第二党支部"]
    assert "珠海路街道党工委" in page.text
    assert "珠海路街道党工委" not in page.links(), "what is above the own part is only named"
    page = browser.get(f"/organisations/{everywhere.branch_two.id}")
    assert [text_of(one) for one in page.find_all("td", class_="person-name")] == ["党员测试丙"]


def test_numbers_in_codes_count_by_their_value(street: Street, browser: Browser) -> None:
    for number in (10, 2, 1):
        organisation(f"第{number}党小组", street.branch_two, code=f"ZHL-01-02-{number}")
    commit()
    page = browser.sign_in("secretary").get(f"/organisations/{street.branch_two.id}")
    assert shown(page) == ["第1党小组", "第2党小组", "第10党小组"]


def test_a_tree_too_large_for_a_page_is_opened_level_by_level(
    street: Street, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outline_queries, "MOST_ON_ONE_PAGE", 4)
    page = browser.sign_in("office").get("/organisations/")
    assert shown(page) == ["珠海路街道党工委", "汕头路社区党委", "海口路社区党委"]
    assert "请点名称进入" in page.text
    assert "8 人" in page.text, "what is left out still counts"


def test_many_organisations_cost_as_many_statements_as_one(
    street: Street, browser: Browser, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    browser.sign_in("office")
    one = f"/organisations/{street.branch_one.id}"
    browser.get(one)
    few = queries_of(lambda: browser.get("/organisations/"))
    few_found = queries_of(lambda: browser.get("/organisations/", q="支部"))
    few_members = queries_of(lambda: browser.get(one))
    for number in range(50):
        made = organisation(f"测试第{number}党支部", street.haikou)
        entered(f"某某{chr(0x4E00 + number)}", made, by=street.office)
        entered(f"某某{chr(0x4E80 + number)}", street.branch_one, by=street.office)
    commit()
    assert queries_of(lambda: browser.get("/organisations/")) == few <= 8
    assert queries_of(lambda: browser.get("/organisations/", q="支部")) == few_found <= 8
    assert queries_of(lambda: browser.get(one)) == few_members <= 8


# ------------------------------------------------------------------ founding


def test_an_organisation_is_founded_with_the_next_code(
    everywhere: Street, browser: Browser, way: str
) -> None:
    browser.sign_in("office")
    page = browser.get("/organisations/new", parent=everywhere.shantou.id)
    form = page.form("/organisations/new")
    assert form.fields["parent"] == str(everywhere.shantou.id)
    page = browser.submit(
        form, name="汕头路社区第三党支部", kind="branch", branch_type="retired", htmx=way == "htmx"
    )
    assert page.status == 200
    made = tree_queries.find_by_code("ZHL-01-03")
    assert made is not None
    assert made.path == "/ZHL/ZHL-01/ZHL-01-03/"
    assert made.branch_type is BranchType.RETIRED
    assert browser.get(f"/organisations/{made.id}").h1 == "汕头路社区第三党支部"
    assert last_details()["parent"] == "汕头路社区党委"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "名" * 10_000}, "name"),
        ({"name": "汕头路社区第一党支部"}, "name"),
        ({"code": "ZHL-02"}, "code"),
        ({"code": "a/b"}, "code"),
        ({"code": "A" * 41}, "code"),
        ({"code": "<script>"}, "code"),
        ({"kind": "community"}, "parent"),
        ({"kind": "sub_district"}, "parent"),
        ({"kind": "castle"}, "kind"),
        ({"parent": "999999"}, "parent"),
        ({"parent": "x"}, "parent"),
        ({"position": "-1"}, "position"),
        ({"position": "9" * 20}, "position"),
        ({"since": "昨天"}, "since"),
    ],
)
def test_what_does_not_fit_the_tree_is_refused_beside_its_field(
    street: Street, browser: Browser, typed: dict[str, str], field: str
) -> None:
    browser.sign_in("office")
    fields: dict[str, Any] = {
        "name": "某某党支部",
        "kind": "branch",
        "parent": street.shantou.id,
        **typed,
    }
    page = send(browser, "/organisations/new", **fields)
    assert page.status == 422
    assert field in page.errors()
    assert len(paths()) == 6


def test_an_office_founds_nothing_outside_its_part(street: Street, browser: Browser) -> None:
    other = organisation("别的街道党工委", code="OTHER")
    commit()
    browser.sign_in("office")
    page = browser.post(
        "/organisations/new", {"name": "某某社区党委", "kind": "community", "parent": other.id}
    )
    assert page.status == 422
    top = {"name": "新街道党工委", "kind": "sub_district", "parent": "", "code": "NEW"}
    assert browser.post("/organisations/new", top).status == 422
    assert Browser(browser.app).sign_in("sysadmin").post("/organisations/new", top).status == 200
    assert paths()["NEW"] == "/NEW/"


def test_what_is_founded_while_the_one_above_moves_stands_where_that_went(
    everywhere: Street, browser: Browser
) -> None:
    above = organisation("驻区单位", everywhere.street, kind=OrganisationKind.UNIT, code="ZHL-U")
    commit()
    form = browser.sign_in("sysadmin").get("/organisations/new").form("/organisations/new")
    typed = {**form.fields, "name": "第三党支部", "code": "C3", "parent": everywhere.shantou.id}
    founding = threading.Thread(target=lambda: browser.client.post(form.action, data=typed))
    with write_transaction():
        tree_queries.lock_the_tree()
        founding.start()
        until_somebody_waits()
        moving = tree_queries.organisation_to_change(everywhere.shantou.id)
        services.change_organisation(
            organisation=moving,
            description=services.Description(
                name=moving.name, short_name="", kind=OrganisationKind.COMMUNITY
            ),
            renaming=services.Renaming(clock.today()),
            parent=above,
            version=moving.version,
            actor=everywhere.office,
        )
    founding.join(30)
    assert paths()["C3"] == "/ZHL/ZHL-U/ZHL-01/C3/"


def test_markup_in_a_name_stays_text(street: Street, browser: Browser) -> None:
    browser.sign_in("office")
    name = "<script>alert(1)</script>䶮𬱖😀党支部"
    page = send(browser, "/organisations/new", name=name, kind="branch", parent=street.shantou.id)
    assert page.h1 == name
    assert "<script>alert" not in browser.get("/organisations/").html


# ------------------------------------------------------------------ changing


def test_a_new_name_keeps_the_old_one_for_the_old_records(
    everywhere: Street, browser: Browser, way: str
) -> None:
    moved = again(entered("某某", everywhere.branch_one, by=everywhere.secretary))
    relations.transfer(
        person=moved,
        membership_id=moved.memberships[0].id,
        to=everywhere.branch_two,
        day=date(2022, 1, 1),
        actor=everywhere.office,
    )
    commit()
    browser.sign_in("office")
    path = f"/organisations/{everywhere.branch_one.id}/edit"
    page = send(browser, path, way, name="海滨小区党支部", short_name="", renamed_on="2024年3月1日")
    assert page.status == 200
    page = browser.get(f"/organisations/{everywhere.branch_one.id}")
    assert page.h1 == "海滨小区党支部"
    assert "汕头路社区第一党支部 用到2024年2月29日" in page.text
    history = browser.get(f"/people/{moved.id}").text
    assert "汕头路社区第一党支部" in history, "the branch is called as it was called then"
    assert "现名“海滨小区党支部”" in history
    earlier = send(browser, path, name="再改名党支部", renamed_on="2024-02-01")
    assert earlier.status == 422
    assert "renamed_on" in earlier.errors()
    later = (clock.today() + timedelta(days=1)).isoformat()
    assert send(browser, path, name="再改名党支部", renamed_on=later).status == 422


def test_a_slip_is_corrected_without_keeping_it(street: Street, browser: Browser) -> None:
    browser.sign_in("office")
    path = f"/organisations/{street.branch_one.id}/edit"
    assert send(browser, path, name="汕头路社区第壹党支部", is_correction="y").status == 200
    assert now(street.branch_one).name == "汕头路社区第壹党支部"
    assert tree_queries.former_names(street.branch_one) == []


def test_a_subtree_moves_with_everything_below_it(
    everywhere: Street, browser: Browser, way: str
) -> None:
    group = organisation("第1党小组", everywhere.branch_one, code="ZHL-01-01-1")
    neighbour = organisation("第十一党支部", everywhere.shantou, code="ZHL-01-011")
    commit()
    browser.sign_in("office")
    path = f"/organisations/{everywhere.branch_one.id}/edit"
    page = send(browser, path, way, parent=everywhere.haikou.id)
    assert page.status == 200
    found = paths()
    assert found["ZHL-01-01"] == "/ZHL/ZHL-02/ZHL-01-01/"
    assert found[group.code] == "/ZHL/ZHL-02/ZHL-01-01/ZHL-01-01-1/"
    assert found[neighbour.code] == "/ZHL/ZHL-01/ZHL-01-011/", "a like-named neighbour stays"
    assert last_details()["changes"]["上级组织"] == ["汕头路社区党委", "海口路社区党委"]
    assert Browser(browser.app).sign_in("secretary").get(f"/people/{everywhere.a.id}").status == 404
    far = Browser(browser.app).sign_in("secretary2")
    assert far.get(f"/people/{everywhere.a.id}").status == 200


def test_nothing_moves_below_itself(everywhere: Street, browser: Browser) -> None:
    browser.sign_in("sysadmin")
    unit = organisation("某单位", everywhere.street, kind=OrganisationKind.UNIT, code="U1")
    inner = organisation("某处", unit, kind=OrganisationKind.UNIT, code="U2")
    commit()
    before = paths()
    for parent in (unit.id, inner.id):
        page = send(browser, f"/organisations/{unit.id}/edit", parent=parent)
        assert page.status == 422
        assert "parent" in page.errors()
    with pytest.raises(InvalidInputError, match="自己的下级"):
        services.change_organisation(
            organisation=now(unit),
            description=services.Description(name="某单位", short_name="", kind=unit.kind),
            renaming=services.Renaming(clock.today()),
            parent=now(inner),
            version=unit.version,
            actor=everywhere.sysadmin,
        )
    assert paths() == before


def test_a_kind_that_the_tree_forbids_is_refused(street: Street, browser: Browser) -> None:
    browser.sign_in("office")
    organisation("第1党小组", street.branch_one, code="ZHL-01-01-1")
    commit()
    page = send(browser, f"/organisations/{street.branch_one.id}/edit", kind="group")
    assert page.status == 422
    assert "第1党小组" in page.errors()["kind"]
    page = send(browser, f"/organisations/{street.branch_one.id}/edit", kind="community")
    assert page.status == 422


def test_the_slower_of_two_is_told_what_changed_and_loses_nothing(
    everywhere: Street, browser: Browser, way: str
) -> None:
    path = f"/organisations/{everywhere.branch_one.id}/edit"
    slow = browser.sign_in("office").get(path).form(path)
    quick = Browser(browser.app).sign_in("sysadmin")
    send(quick, path, name="海滨小区党支部")
    page = browser.submit(slow, short_name="一支部", htmx=way == "htmx")
    assert page.status == 409
    assert "系统测试甲改动了：名称" in page.alert
    assert page.form(path).fields["short_name"] == "一支部"
    assert now(everywhere.branch_one).name == "海滨小区党支部"
    assert browser.submit(page.form(path), name="海滨小区党支部").status == 200
    assert now(everywhere.branch_one).short_name == "一支部"


# ------------------------------------------------------------------ closing


def test_closing_waits_until_nobody_and_nothing_is_left(
    everywhere: Street, browser: Browser, way: str
) -> None:
    browser.sign_in("office")
    community = f"/organisations/{everywhere.haikou.id}/close"
    page = send(browser, community, way)
    assert page.status == 409
    assert "还有 1 个下级组织没有撤并" in page.alert
    branch = f"/organisations/{everywhere.branch_far.id}/close"
    assert "还有 2 人的关系没有转出" in browser.get(branch).text
    assert "还有 2 人" in send(browser, branch, way).alert
    for person in (everywhere.secretary2, everywhere.d):
        leaving = again(person)
        relations.end_membership(
            person=leaving,
            membership=leaving.memberships[0],
            reason=EndReason.MOVED_OUT,
            day=clock.today(),
            actor=everywhere.office,
        )
        commit()
    page = send(browser, branch, way, reason="并入第一党支部")
    assert page.status == 200
    assert "已撤并" in browser.get(f"/organisations/{everywhere.branch_far.id}").text
    assert last_details()["reason"] == "并入第一党支部"
    assert "海口路社区第一党支部" not in shown(browser.get("/organisations/"))
    assert "海口路社区第一党支部" in shown(browser.get("/organisations/", closed="1"))
    assert send(browser, community, way).status == 200
    reopen = f"/organisations/{everywhere.branch_far.id}"
    refused = browser.submit(browser.get(reopen).form("/reopen"))
    assert refused.status == 409
    assert "请先恢复上级组织" in refused.alert
    above = browser.get(f"/organisations/{everywhere.haikou.id}").form("/reopen")
    assert browser.submit(above, htmx=way == "htmx").status == 200
    assert browser.submit(browser.get(reopen).form("/reopen")).status == 200
    assert now(everywhere.branch_far).valid_to is None
    assert browser.post(f"{reopen}/reopen").status == 409


def test_a_closed_organisation_takes_nobody(street: Street, browser: Browser) -> None:
    empty = organisation("空党支部", street.shantou, code="ZHL-01-09")
    commit()
    browser.sign_in("office")
    send(browser, f"/organisations/{empty.id}/close")
    browser.sign_in("office")
    page = browser.post(
        "/people/new", {"name": "某某", "relation": "member", "organisation": empty.id}
    )
    assert page.status == 422
    page = browser.post(
        f"/people/{street.a.id}/transfer",
        {"organisation": empty.id, "day": clock.today().isoformat()},
    )
    assert page.status == 422
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    other = f"/organisations/{street.branch_two.id}/close"
    assert send(browser, other, day=tomorrow).status == 422
