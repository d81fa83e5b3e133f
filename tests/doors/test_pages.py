"""Pages of doors: tokens are shown once, passes are shown to their owner, badges are printed."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.database import db
from portal.doors import passes, queries, services
from portal.doors.models import DoorToken, PassKind, PersonPass
from portal.events import queries as events
from portal.events.models import Event
from tests import factories
from tests.attendance.conftest import MINUTE, NINE
from tests.doors.conftest import START, Device, Doors, checkin
from tests.page import Browser, Page, text_of

Clock = Callable[[datetime], None]


def token_on(page: Page) -> str:
    (shown,) = page.find_all("output")
    return "".join(shown.itertext()).strip()


def made(browser: Browser, event: Event, way: str = "plain", **typed: str) -> Page:
    page = browser.get(f"/events/{event.id}/tokens")
    form = page.form(f"/events/{event.id}/tokens")
    return browser.submit(form, htmx=way == "htmx", **{"name": "东门平板", **typed})


def test_a_host_makes_a_token_and_sees_it_once(
    doors: Doors, at: Clock, browser: Browser, way: str
) -> None:
    event = doors.lesson()
    browser.sign_in("secretary")
    assert "还没有设备" in browser.get(f"/events/{event.id}/tokens").text
    page = made(browser, event, way)
    text = token_on(page)
    assert "只显示这一次" in page.text
    assert f"/api/v1/events/{event.id}/checkins" in page.text
    doors.open(event)
    assert Device(doors.app, text).outcomes(event, checkin(doors.a)) == ["recorded"]
    listed = browser.get(f"/events/{event.id}/tokens").text
    assert "东门平板" in listed
    assert text not in listed
    kept = db.session.scalars(select(DoorToken)).one()
    assert text not in str(vars(kept))
    # Until the end of the day after the event.
    assert kept.expires_at == NINE + timedelta(days=1, hours=14, minutes=59)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "请写设备名称"),
        ({"name": "长" * 61}, "最多 60 个字"),
        ({"expires_at": ""}, "请填写到期时间"),
        ({"expires_at": "2020-01-01T00:00"}, "到期时间要在现在以后"),
        ({"expires_at": "2030-01-01T00:00"}, "最长一年"),
        ({"may_read": "", "may_write": ""}, "请至少选择一项权限"),
    ],
)
def test_a_token_that_makes_no_sense_is_refused_beside_the_field(
    doors: Doors, at: Clock, browser: Browser, typed: dict[str, str], words: str
) -> None:
    event = doors.lesson()
    browser.sign_in("secretary")
    page = browser.get(f"/events/{event.id}/tokens")
    fields = {**page.form(f"/events/{event.id}/tokens").fields, "name": "东门", **typed}
    filled = {name: value for name, value in fields.items() if value or not name.startswith("may_")}
    page = browser.post(f"/events/{event.id}/tokens", filled)
    assert page.status == 422
    assert words in page.text
    assert db.session.scalar(select(func.count()).select_from(DoorToken)) == 0


def test_a_token_of_another_event_is_not_revoked_by_a_guessed_number(
    doors: Doors, at: Clock, browser: Browser
) -> None:
    mine, others = doors.lesson(host=doors.branch_one), doors.lesson(host=doors.haikou)
    doors.token(events.event(others.id), actor=doors.secretary2)
    token = db.session.scalars(select(DoorToken)).one()
    browser.sign_in("secretary")
    for event in (mine, others):
        answer = browser.post(f"/events/{event.id}/tokens/{token.id}/revoke")
        assert answer.status in {403, 404}
    db.session.rollback()
    assert db.session.scalars(select(DoorToken)).one().revoked_at is None


def test_the_system_administrator_makes_a_standing_door_that_reads_nothing(
    doors: Doors, at: Clock, browser: Browser
) -> None:
    event = doors.lesson()
    doors.open(event)
    browser.sign_in("sysadmin")
    page = browser.get("/admin/door-tokens/")
    assert "还没有门禁设备" in page.text
    form = page.form("/admin/door-tokens/")
    page = browser.submit(form, name="党群中心闸机", organisation=str(doors.shantou.id))
    device = Device(doors.app, token_on(page))
    assert device.roster(event).status_code == 403
    shown = doors.give_pass(doors.a)
    assert device.outcomes(event, checkin(shown=shown)) == ["recorded"]
    token = db.session.scalars(select(DoorToken)).one()
    page = browser.get("/admin/door-tokens/")
    assert "党群中心闸机" in page.text
    assert "已停用" in browser.submit(page.form(f"/admin/door-tokens/{token.id}/revoke")).text
    assert device.send(event, checkin(shown=shown)).status_code == 401


def test_a_standing_token_of_nonsense_is_refused(doors: Doors, at: Clock, browser: Browser) -> None:
    browser.sign_in("sysadmin")
    form = browser.get("/admin/door-tokens/").form("/admin/door-tokens/")
    assert browser.submit(form, name="闸机").status == 422
    page = browser.submit(
        form, name="闸机", organisation=str(doors.street.id), expires_at="2020-01-01T00:00"
    )
    assert "到期时间要在现在以后" in page.text


def test_my_pass_is_made_shown_and_renewed(
    doors: Doors, at: Clock, browser: Browser, way: str
) -> None:
    event = doors.lesson()
    device = doors.device(event)
    browser.sign_in("a")
    page = browser.get("/me/pass")
    assert "还没有签到凭证" in page.text
    page = browser.submit(page.form("/me/pass"), htmx=way == "htmx")
    first = _text_of(doors)
    assert passes.grouped(first) in page.text
    assert "党员测试甲" in page.text
    assert page.by("class", "qr")
    at(START + MINUTE)
    browser.submit(page.form("/me/pass"), htmx=way == "htmx")
    second = _text_of(doors)
    now = (START + MINUTE).isoformat()
    sent = [checkin(shown=text, at=now) for text in (first, second)]
    assert device.outcomes(event, *sent) == ["bad_pass", "recorded"]


def _text_of(doors: Doors) -> str:
    db.session.rollback()
    held = queries.find_pass(doors.a.id, PassKind.PHONE)
    assert held is not None
    text = services.text_of(held, key=str(doors.app.config["SECRET_KEY"]))
    assert text is not None
    return text


def test_a_pass_that_is_over_is_not_shown_as_one(doors: Doors, at: Clock, browser: Browser) -> None:
    doors.give_pass(doors.a, days=-1)
    page = browser.sign_in("a").get("/me/pass")
    assert "已经到期" in page.text
    assert not page.by("class", "qr")


def test_badges_are_made_once_printed_again_and_revoked_when_lost(
    doors: Doors, at: Clock, browser: Browser, way: str
) -> None:
    event = doors.lesson()
    device = doors.device(event)
    browser.sign_in("secretary")
    page = browser.get(f"/events/{event.id}/badges")
    assert "门口" in [text_of(tab) for tab in page.by("aria-current", "page")]
    number = doors.numbers(event).due
    assert f"还没有胸卡的 {number} 人" in page.text
    page = browser.submit(page.form(f"/events/{event.id}/badges"), htmx=way == "htmx")
    assert len(page.by("class", "qr")) == number
    assert "还没有胸卡" not in page.text
    kept = _badge_hashes()
    browser.post(f"/events/{event.id}/badges")
    assert _badge_hashes() == kept
    held = queries.find_pass(doors.a.id, PassKind.BADGE)
    assert held is not None
    text = services.text_of(held, key=str(doors.app.config["SECRET_KEY"]))
    at(START + MINUTE)
    address = f"/events/{event.id}/badges/{doors.a.id}"
    page = browser.get(address)
    assert "胸卡" in page.text
    page = browser.submit(page.form(f"{address}/revoke"), htmx=way == "htmx")
    assert "没有有效的签到凭证" in page.text
    lost = checkin(shown=text, at=(START + MINUTE).isoformat())
    assert device.outcomes(event, lost) == ["bad_pass"]
    assert "还没有胸卡的 1 人" in browser.get(f"/events/{event.id}/badges").text


def _badge_hashes() -> set[str]:
    db.session.rollback()
    return set(
        db.session.scalars(select(PersonPass.text_hash).where(PersonPass.revoked_at.is_(None)))
    )


def test_a_badge_that_ends_before_the_event_is_replaced(
    doors: Doors, at: Clock, browser: Browser
) -> None:
    event = doors.lesson(starts_at=NINE + timedelta(days=30))
    short = doors.give_pass(doors.a, PassKind.BADGE, days=10)
    browser.sign_in("secretary")
    page = browser.get(f"/events/{event.id}/badges")
    assert not page.by("class", "qr")
    browser.submit(page.form(f"/events/{event.id}/badges"))
    assert passes.hash_of(short) not in _badge_hashes()


def test_passes_of_somebody_who_is_not_on_the_roll_are_not_the_hosts_business(
    doors: Doors, at: Clock, browser: Browser
) -> None:
    event = doors.lesson()
    doors.open(event)
    doors.give_pass(doors.d)
    browser.sign_in("secretary")
    assert browser.get(f"/events/{event.id}/badges/{doors.d.id}").status == 404
    assert browser.post(f"/events/{event.id}/badges/{doors.d.id}/revoke").status == 404
    assert len(_badge_hashes()) == 1


def test_when_the_key_has_changed_old_passes_are_not_shown(
    doors: Doors, at: Clock, browser: Browser
) -> None:
    event = doors.lesson()
    doors.open(event)
    for kind in PassKind:
        services.issue_pass(person=doors.a, kind=kind, actor=doors.a, key="another", days=9)
    factories.commit()
    assert "还没有签到凭证" in browser.sign_in("a").get("/me/pass").text
    page = browser.sign_in("secretary").get(f"/events/{event.id}/badges")
    assert "要重新制作" in page.text


def test_lists_ask_the_same_of_1_and_of_50(
    doors: Doors, at: Clock, browser: Browser, queries_of
) -> None:
    event = doors.lesson()
    doors.device(event)
    doors.token(doors.shantou, actor=doors.sysadmin)
    doors.give_pass(doors.a, PassKind.BADGE)
    hosts = [f"/events/{event.id}/tokens", f"/events/{event.id}/badges"]

    def asked(who: str, address: str) -> int:
        browser.sign_in(who)
        browser.get(address)
        return queries_of(lambda: browser.get(address))

    everything = [("secretary", address) for address in hosts] + [
        ("sysadmin", "/admin/door-tokens/")
    ]
    one = [asked(*each) for each in everything]
    for person in doors.many(50):
        doors.give_pass(person, PassKind.BADGE)
    for _ in range(50):
        doors.token(events.event(event.id))
        doors.token(doors.shantou, actor=doors.sysadmin)
    doors.open(event)
    assert [asked(*each) for each in everything] == one
    assert max(one) <= 8


def test_my_data_tell_my_passes_and_where_a_door_has_seen_me(
    doors: Doors, at: Clock, browser: Browser
) -> None:
    event = doors.lesson()
    device = doors.device(event)
    shown = doors.give_pass(doors.a)
    device.outcomes(event, checkin(shown=shown))
    data = browser.sign_in("a").client.get("/me/data.json").get_json(force=True)
    assert data["签到凭证"] == [
        {
            "类型": "手机凭证",
            "发放时间": data["门口签到"][0]["时间"],
            "到期日": "2027-05-24",
            "停用时间": None,
        }
    ]
    seen = data["门口签到"][0]
    assert (seen["活动"], seen["设备"], seen["结果"]) == (event.title, "东门", "已登记")
    assert shown not in str(data)
