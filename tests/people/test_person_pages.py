"""The page about a person: who sees what; entering, putting right, and every dated step."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock
from portal.audit import services as audit
from portal.audit.models import AuditEntry
from portal.database import db
from portal.people.models import (
    EndReason,
    Gender,
    Membership,
    MembershipKind,
    Participation,
    Person,
    PersonKind,
)
from tests.factories import Street
from tests.page import Browser, Page
from tests.people.worlds import again, entered


def named(name: str) -> Person:
    db.session.rollback()
    return again(db.session.scalars(select(Person).where(Person.name == name)).one())


def acts() -> list[tuple[str, dict[str, object]]]:
    """The audit chain's entries about persons: action and details."""
    db.session.rollback()
    rows = db.session.execute(
        select(AuditEntry.action, AuditEntry.details)
        .where(AuditEntry.object_type == "Person")
        .order_by(AuditEntry.id)
    )
    return [(action, json.loads(details)) for action, details in rows]


def last_act() -> tuple[str, dict[str, object]]:
    return acts()[-1]


def send(browser: Browser, path: str, way: str = "plain", **typed: Any) -> Page:
    """Open the form, fill some fields in, send it."""
    form = browser.get(path).form(path)
    return browser.submit(form, htmx=way == "htmx", **typed)


@pytest.fixture
def street(app: object) -> Street:
    return Street()


@pytest.fixture
def everywhere(any_database: str, street: Street) -> Street:
    """The street on both databases."""
    return street


# ------------------------------------------------------------------ who sees


def test_out_of_scope_is_not_found_rather_than_refused(street: Street, browser: Browser) -> None:
    browser.sign_in("secretary")
    paths = ["", "/edit", "/transfer", "/relations/new", "/posts/new", "/exemption"]
    for path in paths:
        assert browser.get(f"/people/{street.a.id}{path}").status == 200, path
        assert browser.get(f"/people/{street.d.id}{path}").status == 404, path
        assert browser.get(f"/people/999999{path}").status == 404, path
        assert browser.get(f"/people/{10**30}{path}").status == 404, path


def test_a_member_sees_the_own_page_and_no_other(street: Street, browser: Browser) -> None:
    page = browser.sign_in("a").get(f"/people/{street.a.id}")
    assert page.status == 200
    assert street.a.phone in page.text, "one's own number is not hidden from oneself"
    assert not page.forms()[1:] or all("/people/" not in form.action for form in page.forms())
    assert browser.get(f"/people/{street.b.id}").status == 404
    assert browser.get(f"/people/{street.a.id}/edit").status == 403


@pytest.mark.parametrize("who", ["sysadmin", "secadmin", "auditor", "officer", "keeper", "visitor"])
def test_those_who_run_no_events_see_nobody(street: Street, browser: Browser, who: str) -> None:
    assert browser.sign_in(who).get(f"/people/{street.a.id}").status == 404


def test_a_recorder_looks_but_does_not_change(street: Street, browser: Browser) -> None:
    page = browser.sign_in("recorder").get(f"/people/{street.a.id}")
    assert page.status == 200
    assert "修改资料" not in page.links()
    for path in ("edit", "transfer", "relations/new", "posts/new", "exemption"):
        assert browser.get(f"/people/{street.a.id}/{path}").status == 403, path


def test_showing_a_phone_is_noted(everywhere: Street, browser: Browser, way: str) -> None:
    person = entered("某某", everywhere.branch_one, by=everywhere.secretary, phone="13805324567")
    browser.sign_in("secretary")
    page = browser.get(f"/people/{person.id}")
    assert "13805324567" not in page.html
    shown = browser.submit(page.form(f"/people/{person.id}/phone"), htmx=way == "htmx")
    assert shown.status == 200
    assert "13805324567" in shown.text
    assert shown.whole is (way == "plain")
    assert last_act()[0] == "person.phone_shown"
    assert "13805324567" not in browser.get(f"/people/{person.id}").html
    assert "13805324567" not in json.dumps(acts())


def test_nobody_shows_the_phone_of_somebody_out_of_sight(street: Street, browser: Browser) -> None:
    page = browser.sign_in("secretary").post(f"/people/{street.d.id}/phone")
    assert page.status == 404
    assert "person.phone_shown" not in [action for action, _ in acts()]


# ------------------------------------------------------------------ entering


def test_a_guest_needs_a_name_and_nothing_else(
    everywhere: Street, browser: Browser, way: str
) -> None:
    browser.sign_in("recorder")
    page = send(browser, "/people/new", way, name="来宾甲", relation="guest")
    assert page.status == 200
    guest = named("来宾甲")
    assert guest.kind is PersonKind.GUEST
    assert guest.phone == ""
    assert guest.memberships[0].participation is Participation.GUEST
    assert guest.memberships[0].organisation_id == everywhere.branch_one.id
    assert browser.get(f"/people/{guest.id}").h1 == "来宾甲"
    assert last_act()[0] == "person.created"


def test_what_is_typed_is_kept_in_one_spelling(everywhere: Street, browser: Browser) -> None:
    browser.sign_in("secretary")
    send(
        browser,
        "/people/new",
        name="买买提•艾力",
        relation="member",
        organisation=everywhere.branch_two.id,
        phone="１３８ 0532-4567",
        work_unit="　青岛　某某公司（１）",
        birth_year="1965年3月",
        joined_on="1990年7月",
        gender="male",
        since="2021.3.1",
    )
    person = named("买买提·艾力")
    assert person.phone == "13805324567"
    assert person.work_unit == "青岛 某某公司(1)"
    assert person.birth_year == 1965
    assert person.joined_on == date(1990, 7, 1)
    assert person.gender is Gender.MALE
    relation = person.memberships[0]
    assert (relation.kind, relation.valid_from) == (MembershipKind.PRIMARY, date(2021, 3, 1))
    assert person.stroke_key
    assert person.pinyin_key
    assert browser.get("/people/", q="mmtal").find_all("td", class_="person-name")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "甲" * 10_000),
        ("name", "甲" * 61),
        ("name", "<script>alert(1)</script>"),
        ("name", "张😀"),
        ("name", "=cmd()"),
        ("phone", "12345"),
        ("phone", "1380532456789"),
        ("phone", "电话" * 5_000),
        ("birth_year", "1850"),
        ("birth_year", "2999"),
        ("joined_on", "1900-01-01"),
        ("joined_on", "明天"),
        ("since", "2026-02-30"),
        ("work_unit", "单" * 81),
        ("note", "注" * 201),
        ("gender", "other"),
        ("organisation", "999999"),
        ("organisation", ""),
        ("relation", "boss"),
    ],
)
def test_what_cannot_be_believed_is_refused_beside_its_field(
    street: Street, browser: Browser, field: str, typed: str
) -> None:
    browser.sign_in("secretary")
    fields: dict[str, Any] = {"name": "某某", "organisation": street.branch_one.id, field: typed}
    page = send(browser, "/people/new", **fields)
    assert page.status == 422
    assert page.alert
    assert page.errors(), "the sentence stands beside the field"
    db.session.rollback()
    assert db.session.scalars(select(Person).where(Person.name == "某某")).all() == []


def test_markup_in_free_text_stays_text(street: Street, browser: Browser) -> None:
    browser.sign_in("secretary")
    send(
        browser,
        "/people/new",
        name="某某",
        organisation=street.branch_one.id,
        work_unit="<script>alert(1)</script>😀",
    )
    page = browser.get(f"/people/{named('某某').id}")
    assert "<script>alert(1)</script>😀" in page.text
    assert "<script>alert" not in page.html


def test_a_recorder_enters_guests_only(street: Street, browser: Browser) -> None:
    browser.sign_in("recorder")
    assert "党员，组织关系在本支部" not in browser.get("/people/new").text
    page = browser.post(
        "/people/new",
        {"name": "某某", "relation": "member", "organisation": street.branch_one.id},
    )
    assert page.status == 422


def test_nobody_is_entered_for_an_organisation_of_others(street: Street, browser: Browser) -> None:
    browser.sign_in("secretary")
    page = browser.post(
        "/people/new",
        {"name": "某某", "relation": "guest", "organisation": street.branch_far.id},
    )
    assert page.status == 422


def test_one_who_may_be_here_already_is_asked_about_first(
    everywhere: Street, browser: Browser, way: str
) -> None:
    one = everywhere.branch_one
    first = entered("某某", one, by=everywhere.secretary, phone="13805324567")
    browser.sign_in("secretary")
    page = send(browser, "/people/new", way, name="某某", relation="member", organisation=one.id)
    assert page.status == 409
    assert "可能已经登记过" in page.alert
    assert page.links()["某某"] == f"/people/{first.id}"
    form = page.form("/people/new")
    assert form.fields["name"] == "某某", "what was typed is kept"
    assert browser.submit(form, same="new", htmx=way == "htmx").status == 200
    db.session.rollback()
    assert len(db.session.scalars(select(Person).where(Person.name == "某某")).all()) == 2


def test_somebody_of_another_organisation_can_be_taken_as_participant(
    everywhere: Street, browser: Browser
) -> None:
    theirs = entered(
        "某某",
        everywhere.branch_far,
        by=everywhere.secretary2,
        phone="13805324567",
        work_unit="秘密单位",
    )
    browser.sign_in("secretary")
    typed: dict[str, Any] = {
        "name": "某某",
        "phone": "13805324567",
        "relation": "double_report",
        "organisation": everywhere.branch_one.id,
    }
    page = send(browser, "/people/new", **typed)
    assert page.status == 409
    assert "秘密单位" not in page.html, "who is out of sight stays so"
    assert everywhere.branch_far.name not in page.html
    done = browser.submit(page.form("/people/new"), same=str(theirs.id))
    assert done.status == 200
    assert done.h1 == "某某"
    kinds = [(one.kind, one.participation) for one in again(theirs).memberships]
    assert kinds == [
        (MembershipKind.PRIMARY, None),
        (MembershipKind.PARTICIPATING, Participation.DOUBLE_REPORT),
    ]
    assert browser.get(f"/people/{theirs.id}/edit").status == 403, "the primary branch keeps it"


def test_a_primary_branch_elsewhere_is_not_taken_over(street: Street, browser: Browser) -> None:
    theirs = entered("某某", street.branch_far, by=street.secretary2, phone="13805324567")
    browser.sign_in("secretary")
    typed = {
        "name": "某某",
        "phone": "13805324567",
        "relation": "member",
        "organisation": street.branch_one.id,
        "same": str(theirs.id),
    }
    page = browser.post("/people/new", typed)
    assert page.status == 409
    assert "由原支部办理转接" in page.alert


def test_a_number_guessed_takes_nobody(street: Street, browser: Browser) -> None:
    browser.sign_in("secretary")
    typed = {
        "name": "某某",
        "relation": "guest",
        "organisation": street.branch_one.id,
        "same": str(street.d.id),
    }
    browser.post("/people/new", typed)
    assert len(again(street.d).memberships) == 1


# ------------------------------------------------------------------ putting right


def test_the_record_is_put_right_and_found_by_its_new_name(
    everywhere: Street, browser: Browser, way: str
) -> None:
    person = entered("单某", everywhere.branch_one, by=everywhere.secretary, phone="13805324567")
    browser.sign_in("secretary")
    path = f"/people/{person.id}/edit"
    assert "13805324567" not in browser.get(path).html
    page = send(browser, path, way, name="单雄信", note="请叫老单")
    assert page.status == 200
    kept = again(person)
    assert (kept.name, kept.phone, kept.version) == ("单雄信", "13805324567", 2)
    assert browser.get("/people/", q="sxx").find_all("td", class_="person-name")
    action, details = last_act()
    assert action == "person.changed"
    assert details["changes"] == {"姓名": ["单某", "单雄信"], "备注": []}


def test_a_phone_is_replaced_or_forgotten_and_never_written_to_the_audit_chain(
    street: Street, browser: Browser
) -> None:
    person = entered("某某", street.branch_one, by=street.secretary, phone="13805324567")
    browser.sign_in("secretary")
    send(browser, f"/people/{person.id}/edit", phone="13905321111")
    assert again(person).phone == "13905321111"
    assert last_act()[1]["changes"] == {"电话": ["138****4567", "139****1111"]}
    assert browser.get("/people/", q="1111").find_all("td", class_="person-name")
    assert not browser.get("/people/", q="4567").find_all("td", class_="person-name")
    send(browser, f"/people/{person.id}/edit", forget_phone="y")
    assert again(person).phone == ""
    assert not browser.get("/people/", q="1111").find_all("td", class_="person-name")


def test_saving_without_a_change_changes_nothing(street: Street, browser: Browser) -> None:
    person = entered("某某", street.branch_one, by=street.secretary)
    browser.sign_in("secretary")
    before = len(acts())
    send(browser, f"/people/{person.id}/edit")
    assert again(person).version == 1
    assert len(acts()) == before


def test_the_slower_of_two_is_told_what_changed_and_loses_nothing(
    everywhere: Street, browser: Browser, way: str
) -> None:
    person = entered("某某", everywhere.branch_one, by=everywhere.secretary)
    path = f"/people/{person.id}/edit"
    slow = browser.sign_in("secretary").get(path).form(path)
    send(Browser(browser.app).sign_in("office"), path, work_unit="新单位")
    page = browser.submit(slow, htmx=way == "htmx", post="主任")
    assert page.status == 409
    assert "办公室测试甲改动了：工作单位" in page.alert
    assert "现在是“新单位”" in page.alert
    assert page.form(path).fields["post"] == "主任"
    assert again(person).work_unit == "新单位"
    saved = browser.submit(page.form(path), work_unit="新单位")
    assert saved.status == 200
    kept = again(person)
    assert (kept.work_unit, kept.post) == ("新单位", "主任")


def test_a_form_without_a_version_is_not_believed(street: Street, browser: Browser) -> None:
    person = entered("某某", street.branch_one, by=street.secretary)
    browser.sign_in("secretary")
    for version in ("", "0", "-1", "x"):
        page = browser.post(f"/people/{person.id}/edit", {"name": "改名", "version": version})
        assert page.status in {409, 422}
    assert again(person).name == "某某"


# ------------------------------------------------------------------ where somebody belongs


def test_a_transfer_closes_the_old_branch_and_opens_the_new_one(
    everywhere: Street, browser: Browser, way: str
) -> None:
    person = entered("某某", everywhere.branch_one, by=everywhere.secretary)
    browser.sign_in("secretary")
    send(
        browser,
        f"/people/{person.id}/posts/new",
        organisation=everywhere.branch_one.id,
        title="组织委员",
    )
    day = clock.today() - timedelta(days=10)
    page = send(
        browser,
        f"/people/{person.id}/transfer",
        way,
        organisation=everywhere.branch_two.id,
        day=day.isoformat(),
    )
    assert page.status == 200
    old, new = again(person).memberships
    assert (old.organisation_id, old.valid_to) == (
        everywhere.branch_one.id,
        day - timedelta(days=1),
    )
    assert old.end_reason is EndReason.TRANSFERRED
    assert (new.organisation_id, new.valid_from, new.valid_to) == (
        everywhere.branch_two.id,
        day,
        None,
    )
    assert again(person).posts[0].valid_to == day - timedelta(days=1)
    assert everywhere.branch_one.name in page.text, "the history stays"
    assert last_act()[0] == "person.transferred"


def test_a_transfer_to_the_same_day_sets_the_branch_right(street: Street, browser: Browser) -> None:
    today = clock.today()
    person = entered("某某", street.branch_one, by=street.secretary, since=today)
    browser.sign_in("secretary")
    path = f"/people/{person.id}/transfer"
    send(browser, path, organisation=street.branch_two.id, day=today.isoformat())
    assert [one.organisation_id for one in again(person).memberships] == [street.branch_two.id]


@pytest.mark.parametrize(
    ("organisation", "days", "field"),
    [
        ("branch_one", 0, "organisation"),
        ("branch_far", 0, "organisation"),
        ("branch_two", -10_000, "day"),
        ("branch_two", 400, "day"),
    ],
)
def test_a_transfer_that_cannot_be_is_refused(
    street: Street, browser: Browser, organisation: str, days: int, field: str
) -> None:
    person = entered("某某", street.branch_one, by=street.secretary)
    browser.sign_in("secretary")
    page = send(
        browser,
        f"/people/{person.id}/transfer",
        organisation=getattr(street, organisation).id,
        day=(clock.today() + timedelta(days=days)).isoformat(),
    )
    assert page.status == 422
    assert field in page.errors()
    assert len(again(person).memberships) == 1


def test_of_two_transfers_at_once_the_second_is_told(everywhere: Street, browser: Browser) -> None:
    person = entered("某某", everywhere.branch_one, by=everywhere.secretary)
    path = f"/people/{person.id}/transfer"
    slow = browser.sign_in("secretary").get(path).form(path)
    send(Browser(browser.app).sign_in("office"), path, organisation=everywhere.branch_far.id)
    page = browser.submit(slow, organisation=everywhere.branch_two.id)
    assert page.status in {404, 409}
    office = Browser(browser.app).sign_in("office")
    page = office.submit(slow, organisation=everywhere.branch_two.id, csrf_token=office.token())
    assert page.status == 409
    assert everywhere.branch_far.name in page.alert
    open_ones = [one for one in again(person).memberships if one.valid_to is None]
    assert [one.organisation_id for one in open_ones] == [everywhere.branch_far.id]


def test_somebody_takes_part_elsewhere_and_stops(
    everywhere: Street, browser: Browser, way: str
) -> None:
    person = entered("某某", everywhere.branch_one, by=everywhere.secretary)
    browser.sign_in("secretary")
    path = f"/people/{person.id}/relations/new"
    page = send(
        browser, path, way, organisation=everywhere.branch_two.id, participation="double_report"
    )
    assert page.status == 200
    assert "双报到" in page.text
    again_page = send(browser, path, organisation=everywhere.branch_two.id)
    assert again_page.status == 409
    relation = again(person).memberships[1]
    end = f"/people/{person.id}/memberships/{relation.id}/end"
    page = send(browser, end, way, reason="finished")
    assert page.status == 200
    ended = again(person).memberships[1]
    assert ended.valid_to == clock.today() - timedelta(days=1)
    assert ended.end_reason is EndReason.FINISHED
    assert (
        browser.post(end, {"reason": "finished", "day": clock.today().isoformat()}).status == 409
    ), "nothing ends twice"


@pytest.mark.parametrize("reason", ["moved_out", "deceased", "left", "mistake"])
def test_a_membership_ends_with_its_reason_and_the_record_stays(
    street: Street, browser: Browser, reason: str
) -> None:
    person = entered("某某", street.branch_one, by=street.secretary)
    browser.sign_in("secretary")
    relation = again(person).memberships[0]
    page = send(browser, f"/people/{person.id}/memberships/{relation.id}/end", reason=reason)
    assert page.status == 200
    assert "已离开" in page.text
    assert EndReason(reason).label in page.text
    assert browser.get("/people/", q="某某").find_all("div", class_="empty")
    assert browser.get("/people/", q="某某", kind="former").find_all("td", class_="person-name")
    assert last_act()[1]["reason"] == EndReason(reason).label


def test_relations_of_others_are_not_ended(street: Street, browser: Browser) -> None:
    person = entered("某某", street.branch_far, by=street.secretary2)
    primary = again(person).memberships[0].id
    Browser(browser.app)
    db.session.add(
        Membership(
            person_id=person.id,
            organisation_id=street.branch_one.id,
            kind=MembershipKind.PARTICIPATING,
        )
    )
    db.session.commit()
    browser.sign_in("secretary")
    assert browser.get(f"/people/{person.id}").status == 200
    assert browser.get(f"/people/{person.id}/memberships/{primary}/end").status == 403
    assert browser.get(f"/people/{person.id}/transfer").status == 403
    other = again(street.a).memberships[0].id
    assert browser.get(f"/people/{person.id}/memberships/{other}/end").status == 404


def test_posts_are_noted_and_given_up(everywhere: Street, browser: Browser, way: str) -> None:
    person = entered("某某", everywhere.branch_one, by=everywhere.secretary)
    browser.sign_in("secretary")
    path = f"/people/{person.id}/posts/new"
    typed: dict[str, Any] = {"organisation": everywhere.branch_one.id, "title": "组织委员"}
    assert send(browser, path, way, **typed).status == 200
    assert send(browser, path, way, **typed).status == 409
    assert send(browser, path, way, **{**typed, "title": ""}).status == 422
    assert send(browser, path, way, **{**typed, "title": "职" * 41}).status == 422
    post = again(person).posts[0]
    assert "组织委员" in browser.get(f"/organisations/{everywhere.branch_one.id}").text
    page = send(browser, f"/people/{person.id}/posts/{post.id}/end", way)
    assert page.status == 200
    assert again(person).posts[0].valid_to == clock.today() - timedelta(days=1)
    assert "组织委员" not in browser.get(f"/organisations/{everywhere.branch_one.id}").text


def test_an_exemption_is_set_with_its_reason_and_lifted(
    everywhere: Street, browser: Browser, way: str
) -> None:
    person = entered("某某", everywhere.branch_one, by=everywhere.secretary)
    browser.sign_in("secretary")
    path = f"/people/{person.id}/exemption"
    assert send(browser, path, way).status == 422, "a reason is needed"
    page = send(browser, path, way, reason="frail")
    assert page.status == 200
    assert "年老体弱" in page.text
    assert again(person).is_exempt
    assert last_act()[0] == "person.exempted"
    assert (
        "年老体弱" not in Browser(browser.app).sign_in("recorder").get(f"/people/{person.id}").text
    ), "the reason is for those who keep the record"
    assert send(browser, path, reason="frail").status == 409
    lifted = browser.submit(
        browser.get(f"/people/{person.id}").form("/exemption/lift"), htmx=way == "htmx"
    )
    assert lifted.status == 200
    assert not again(person).is_exempt
    assert browser.post(f"/people/{person.id}/exemption/lift").status == 409


def test_a_guest_is_never_exempt(street: Street, browser: Browser) -> None:
    guest = entered(
        "来宾", street.branch_one, by=street.secretary, participation=Participation.GUEST
    )
    browser.sign_in("secretary")
    assert send(browser, f"/people/{guest.id}/exemption", reason="frail").status == 409


def test_the_audit_chain_holds_after_all_of_it(everywhere: Street, browser: Browser) -> None:
    person = entered("某某", everywhere.branch_one, by=everywhere.secretary)
    browser.sign_in("secretary")
    send(browser, f"/people/{person.id}/edit", note="一")
    send(browser, f"/people/{person.id}/transfer", organisation=everywhere.branch_two.id)
    db.session.rollback()
    assert audit.verify()[1] is None


def test_the_page_costs_at_most_eight_statements(
    street: Street, browser: Browser, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    person = entered("某某", street.branch_one, by=street.secretary)
    browser.sign_in("secretary")
    send(browser, f"/people/{person.id}/transfer", organisation=street.branch_two.id)
    browser.get(f"/people/{person.id}")
    assert queries_of(lambda: browser.get(f"/people/{person.id}")) <= 8
