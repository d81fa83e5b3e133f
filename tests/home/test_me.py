"""Everything about me: sign-ups, attendance, what is kept, the download."""

import json
from datetime import timedelta

from flask import Flask

from portal import clock
from portal.attendance.models import AttendanceStatus
from portal.database import db
from portal.people.models import Membership, MembershipKind, Role
from tests import factories
from tests.home.conftest import DAY, HOUR, Neighbourhood
from tests.page import Browser, Page, text_of


def numbers(page: Page) -> dict[str, int]:
    """The four numbers of the year."""
    return {one.get("data-count") or "": int(text_of(one)) for one in page.by("data-count")}


def counted(street: Neighbourhood, status: AttendanceStatus, *, confirm: bool = True, **more):
    """A meeting of branch one in the past at which `a` was marked so."""
    event = street.due(street.branch_one, starts_at=clock.now() + HOUR / 2, **more)
    street.open_roll(event)
    street.mark(event, street.a, status)
    street.over(event)
    if confirm:
        street.confirm(event)
    return event


def test_my_sign_ups_coming_and_past(
    street: Neighbourhood, member: Browser, any_database: str
) -> None:
    page = member.get("/me")
    assert page.h1 == "我的报名"
    assert "近期没有安排" in page.text
    past = street.event(title="过去的党课")
    street.sign_up(past, street.a)
    street.over(past)
    street.sign_up(street.event(title="将来的党课"), street.a)
    full = street.event(title="排队的党课", capacity=1)
    street.sign_up(full, street.b, street.a)
    page = member.get("/me")
    words = page.text
    assert words.index("将来的党课") < words.index("以往报名") < words.index("过去的党课")
    assert "候补第 1 位" in words


def test_others_sign_ups_are_not_mine(street: Neighbourhood, member: Browser) -> None:
    street.sign_up(street.event(title="别人的党课"), street.b)
    assert "别人的党课" not in member.get("/me").text


def test_my_attendance_balances_and_names_what_is_provisional(
    street: Neighbourhood, member: Browser, any_database: str
) -> None:
    counted(street, AttendanceStatus.PRESENT, title="到了的会")
    counted(street, AttendanceStatus.LATE, title="迟到的会")
    counted(street, AttendanceStatus.LEAVE_PERSONAL, title="请假的会")
    counted(street, AttendanceStatus.PRESENT, confirm=False, title="未确认的会")
    missed = street.due(street.branch_one, starts_at=clock.now() + HOUR / 2, title="缺席的会")
    street.open_roll(missed)
    street.over(missed)
    page = member.get("/me/attendance")
    assert "缺席的会" not in page.text  # nobody has said anything yet
    street.confirm(missed)
    page = member.get("/me/attendance")
    assert numbers(page) == {"due": 5, "present": 3, "leave": 1, "absent": 1}
    assert page.text.count("名册待确认") == 1
    for title in ("到了的会", "迟到的会", "请假的会", "缺席的会", "未确认的会"):
        assert title in page.links()


def test_visits_as_a_guest_stand_beside_the_numbers(street: Neighbourhood, app: Flask) -> None:
    event = street.due(street.branch_two, starts_at=clock.now() - HOUR / 12)
    street.open_roll(event)
    # `c` is the only one due; `a` is registered at the door
    with_door = Browser(app).sign_in("secretary")
    with_door.post(f"/events/{event.id}/signups/walk-in", {"person": street.a.id})
    street.open_roll(event)
    page = Browser(app).sign_in("a").get("/me/attendance")
    assert numbers(page)["due"] == 0
    assert "另有 1 次以列席或来宾身份参加" in page.text


def test_a_year_at_a_time(street: Neighbourhood, member: Browser) -> None:
    event = counted(street, AttendanceStatus.PRESENT, title="去年的会")
    event = db.session.merge(event)
    event.starts_at -= timedelta(days=366)
    event.ends_at -= timedelta(days=366)
    factories.commit()
    year = clock.local(event.starts_at).year
    page = member.get("/me/attendance")
    assert "去年的会" not in page.text
    assert "还没有记录" in page.text
    page = member.get("/me/attendance", year=year)
    assert "去年的会" in page.text
    assert member.get("/me/attendance", year=1999).status == 404


def test_my_data_says_what_is_kept_by_whom_it_is_seen_and_who_corrects_it(
    street: Neighbourhood, member: Browser, any_database: str
) -> None:
    page = member.get("/me/data")
    for words in ("党员测试甲", "汕头路社区第一党支部", "从不保存", "身份证号", "谁能看到"):
        assert words in page.text
    assert "珠海路街道党工委" in page.text
    assert "请告诉支部书记支书测试甲" in page.text
    assert page.form("/logout").method == "post"
    assert page.links()["修改密码"] == "/me/password"


def test_my_phone_is_masked_until_i_ask(street: Neighbourhood, member: Browser) -> None:
    summary = text_of(member.get("/me/data").find_all("summary")[-1])
    assert "****" in summary
    assert street.a.phone not in summary


def test_people_without_a_branch_are_told_who_corrects(app: Flask, street: Neighbourhood) -> None:
    page = Browser(app).sign_in("officer").get("/me/data")
    assert "请告诉邀请您的组织" in page.text


def test_a_branch_without_a_secretary_is_named(app: Flask, street: Neighbourhood) -> None:
    assert "请告诉所在党支部书记" in Browser(app).sign_in("c").get("/me/data").text


def test_the_download_holds_everything_about_me_and_no_secret(
    street: Neighbourhood, member: Browser, any_database: str
) -> None:
    street.sign_up(street.event(title="我报名的党课"), street.a)
    street.sign_up(street.event(title="别人报名的党课"), street.b)
    street.invitation(street.a, title="邀请我的座谈")
    counted(street, AttendanceStatus.LEAVE_SICK, title="我请假的会")
    factories.grant(street.a, Role.RECORDER, street.branch_one)
    factories.commit()
    member.post("/me/calendar/open")
    response = member.client.get("/me/data.json")
    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"]
    text = response.get_data(as_text=True)
    kept = json.loads(text)
    assert kept["本人"]["姓名"] == "党员测试甲"
    assert kept["本人"]["手机号码"] == street.a.phone
    assert kept["组织关系"][0]["组织"] == "汕头路社区第一党支部"
    assert kept["角色"] == [
        {"角色": "记录人", "范围": "汕头路社区第一党支部", "自": None, "至": None}
    ]
    assert [one["活动"] for one in kept["报名"]] == ["我报名的党课"]
    assert [one["活动"] for one in kept["邀请"]] == ["邀请我的座谈"]
    assert [(one["活动"], one["状态"]) for one in kept["参加记录"]] == [("我请假的会", "病假")]
    assert kept["账号"]["用户名"] == "a"
    assert kept["账号"]["已开通日历订阅"] is True
    assert kept["登录记录"]
    for secret in ("argon2", "别人报名的党课", "党员测试乙"):
        assert secret not in text


def test_participating_relations_are_told(street: Neighbourhood, member: Browser) -> None:
    db.session.add(
        Membership(
            person_id=street.a.id,
            organisation_id=street.branch_far.id,
            kind=MembershipKind.PARTICIPATING,
            valid_from=clock.today() - 30 * DAY,
        )
    )
    factories.commit()
    page = member.get("/me/data")
    assert "海口路社区第一党支部" in page.text


def test_administrators_have_no_page_of_business_about_themselves(
    app: Flask, street: Neighbourhood
) -> None:
    for path in ("/me", "/me/attendance", "/me/data", "/me/calendar"):
        assert Browser(app).sign_in("auditor").get(path).status == 403


def test_the_number_of_queries_does_not_grow(
    street: Neighbourhood, member: Browser, queries_of
) -> None:
    def asked() -> list[int]:
        paths = ("/me", "/me/attendance", "/me/data")
        return [queries_of(lambda path=path: member.get(path)) for path in paths]

    counted(street, AttendanceStatus.PRESENT)
    street.sign_up(street.event(), street.a)
    member.get("/me")
    few = asked()
    for _ in range(6):
        counted(street, AttendanceStatus.PRESENT)
        street.sign_up(street.event(), street.a)
    assert asked() == few
    assert max(few) <= 8
