"""Yes and no, moving, joining, calling off, and who came: through the pages."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.audit.models import AuditEntry
from portal.bookings import services
from portal.bookings.models import CONTACT_KEPT, Booking, BookingState
from portal.bookings.queries import booking as find_booking
from portal.database import db, write_transaction
from portal.messages.models import Message
from portal.people.models import Person
from portal.sites.uses.models import RoomUse
from tests.bookings import worlds
from tests.bookings.conftest import Scene, SignedIn
from tests.chores import work_at
from tests.page import Browser, Form, Page


def asked(browser: Browser, scene: Scene, **changes: Any) -> int:
    """Ask for a visit; return its number."""
    page = browser.post(scene.new, worlds.typed(**changes))
    assert page.status == 200, page.alert
    db.session.rollback()
    return db.session.scalars(select(Booking.id).order_by(Booking.id.desc())).all()[0]


def fresh(booking_id: int) -> Booking:
    db.session.rollback()
    return db.session.get_one(Booking, booking_id)


def use_of(booking_id: int) -> RoomUse | None:
    db.session.rollback()
    return db.session.scalar(select(RoomUse).where(RoomUse.source_id == booking_id))


def told(person: Person | int) -> list[str]:
    number = person if isinstance(person, int) else person.id
    db.session.rollback()
    found = select(Message.subject).where(Message.person_id == number).order_by(Message.id)
    return list(db.session.scalars(found))


def test_the_keeper_sees_the_load_and_says_yes(scene: Scene, signed_in: SignedIn, way: str) -> None:
    asker = scene.street.d.id
    number = asked(signed_in("d"), scene)
    keeper = signed_in("keeper")
    page = keeper.get(scene.path(number))
    assert "参观 1/6 场" in page.text, "the load is told before anybody says yes"
    page = keeper.post(scene.path(number, "/approve"), htmx=way == "htmx")
    assert page.status == 200
    assert page.by("data-phase", "approved")
    assert fresh(number).state is BookingState.APPROVED
    use = use_of(number)
    assert use is not None
    assert use.is_firm
    assert told(asker) == ["测试小区示范点同意了参观"]
    again = keeper.post(scene.path(number, "/approve"), htmx=way == "htmx")
    assert again.status == 409
    assert "已经同意" in again.alert


def test_declining_says_why_and_frees_the_slot(scene: Scene, signed_in: SignedIn) -> None:
    asker = scene.street.d.id
    number = asked(signed_in("d"), scene)
    keeper = signed_in("keeper")
    page = keeper.post(scene.path(number, "/decline"), {"reason": ""})
    assert page.status == 422
    assert page.errors()["reason"]
    assert fresh(number).state is BookingState.ASKED
    page = keeper.post(scene.path(number, "/decline"), {"reason": "当天有检查"})
    assert page.by("data-phase", "declined")
    assert use_of(number) is None
    assert told(asker) == ["测试小区示范点没有同意这次参观"]
    assert "当天有检查" in signed_in("d").get(scene.path(number)).text


def test_the_keeper_moves_at_once_and_tells_why(scene: Scene, signed_in: SignedIn) -> None:
    asker = scene.street.d.id
    number = asked(signed_in("d"), scene)
    keeper = signed_in("keeper")
    form = keeper.get(scene.path(number, "/move")).form("/move")
    page = keeper.submit(form, start="14:00")
    assert page.status == 422, "the other side is to be told why"
    assert page.errors()["reason"]
    page = keeper.submit(form, start="14:00", reason="上午有党课")
    assert page.status == 200
    assert "时间有变" in page.text
    moved = fresh(number)
    assert moved.state is BookingState.APPROVED
    assert clock.local(moved.starts_at).hour == 14
    use = use_of(number)
    assert use is not None
    assert use.is_firm
    assert use.starts_at == moved.starts_at
    assert told(asker) == ["测试小区示范点把参观改了时间"]


def test_who_asked_moves_and_asks_anew(scene: Scene, signed_in: SignedIn) -> None:
    number = asked(signed_in("d"), scene)
    signed_in("keeper").post(scene.path(number, "/approve"))
    browser = signed_in("d")
    form = browser.get(scene.path(number, "/move")).form("/move")
    page = browser.submit(form, start="15:00", party_size="28")
    assert page.by("data-phase", "asked")
    use = use_of(number)
    assert use is not None
    assert not use.is_firm
    assert use.people == 28


def test_moving_onto_what_is_taken_offers_the_nearest(scene: Scene, signed_in: SignedIn) -> None:
    room = str(scene.large_id)
    asked(signed_in("a"), scene, room=room, unit="先来的")
    number = asked(signed_in("d"), scene, room=room, start="13:00")
    browser = signed_in("d")
    form = browser.get(scene.path(number, "/move")).form("/move")
    page = browser.submit(form, start="09:00", reason="想早一点")
    assert page.status == 409
    assert "先来的" in page.text
    assert "想早一点" in page.html
    offered = [button.get("value") for button in page.find_all("button", name="choose")]
    assert f"{worlds.coming_day()} 10:00" in offered
    assert len(offered) == 3
    assert clock.local(fresh(number).starts_at).hour == 13
    page = browser.submit(page.form("/move"), choose=f"{worlds.coming_day()} 10:00")
    assert page.status == 200, page.alert
    assert clock.local(fresh(number).starts_at).hour == 10


def test_the_slots_of_a_move_follow_what_is_typed(scene: Scene, signed_in: SignedIn) -> None:
    number = asked(signed_in("d"), scene, room=str(scene.small_id))
    browser = signed_in("d")
    path = scene.path(number, "/move")
    day = str(worlds.coming_day(9))
    part = browser.get(path, htmx=True, date=day, room=str(scene.small_id), party_size="13")
    assert not part.find_all("input", name="start"), "thirteen do not fit into the small room"
    part = browser.get(path, htmx=True, date=day, room="", party_size="13", start="11:00")
    chosen = [one for one in part.find_all("input", name="start") if one.get("checked") is not None]
    assert [one.get("value") for one in chosen] == ["11:00"]


def test_two_move_one_visit_and_the_second_is_told(scene: Scene, signed_in: SignedIn) -> None:
    number = asked(signed_in("d"), scene)
    mine, keepers = signed_in("d"), signed_in("keeper")
    my_form = mine.get(scene.path(number, "/move")).form("/move")
    keepers.post(scene.path(number, "/approve"))
    page = mine.submit(my_form, start="16:00", reason="下班再来")
    assert page.status == 409
    assert "别人改动了" in page.alert
    assert "下班再来" in page.html
    assert clock.local(fresh(number).starts_at).hour == 9
    page = mine.submit(page.form("/move"), start="16:00")
    assert page.status == 200


def submit(browser: Browser, form: Form, **changes: str) -> Page:
    """Send the form that asks to join, filled in."""
    whole = {
        "unit": "第三家",
        "purpose": "一起学习",
        "contact_name": "并入测试",
        "contact_phone": "13900005678",
        **changes,
    }
    return browser.submit(form, htmx=False, **whole)


def joined(
    browser: Browser, scene: Scene, host: int, *, people: int, unit: str = "并入的单位"
) -> int:
    link = browser.get(scene.new, joins=str(host), party_size=str(people))
    assert link.status == 200
    page = submit(browser, link.form("/new"), unit=unit)
    assert page.status == 200, page.alert
    db.session.rollback()
    return db.session.scalars(select(Booking.id).order_by(Booking.id.desc())).all()[0]


def going(scene: Scene, signed_in: SignedIn, **changes: Any) -> int:
    """A visit of d that the keeper has agreed to, in the large room."""
    number = asked(signed_in("d"), scene, room=str(scene.large_id), **changes)
    signed_in("keeper").post(scene.path(number, "/approve"))
    return number


def test_joining_is_proposed_where_there_is_space_and_the_visit_agrees(
    scene: Scene, signed_in: SignedIn
) -> None:
    host = going(scene, signed_in)
    owner, newcomer = scene.street.d.id, scene.street.a.id
    browser = signed_in("a")
    page = browser.get(scene.new, date=str(worlds.coming_day()), party_size="20")
    assert "还能容纳 20 人" in page.text
    page = browser.get(scene.new, date=str(worlds.coming_day()), party_size="21")
    assert "还能容纳" not in page.text, "too many for that room"
    number = joined(browser, scene, host, people=20)
    assert use_of(number) is None, "a party that joins takes no room"
    assert "并入您的参观" in told(owner)[-1]
    page = signed_in("d").post(scene.path(number, "/approve"))
    assert page.by("data-phase", "approved")
    use = use_of(host)
    assert use is not None
    assert use.people == 30
    assert told(newcomer) == ["测试小区示范点同意了参观"]


def test_no_more_join_than_the_room_holds(scene: Scene, signed_in: SignedIn) -> None:
    host = going(scene, signed_in)
    joined(signed_in("a"), scene, host, people=15)
    browser = signed_in("b")
    form = browser.get(scene.new, joins=str(host)).form("/new")
    page = submit(browser, form, party_size="6")
    assert page.status == 422
    assert "还能容纳 5 人，您填了 6 人" in page.errors()["party_size"]
    assert submit(browser, form, party_size="5").status == 200


def test_only_a_visit_that_is_agreed_to_can_be_joined(scene: Scene, signed_in: SignedIn) -> None:
    host = asked(signed_in("d"), scene)
    browser = signed_in("a")
    form = browser.get(scene.new, joins=str(host)).form("/new")
    page = submit(browser, form, party_size="2")
    assert page.status == 409
    assert "不能并入" in page.alert


def test_a_visit_lives_on_with_the_first_that_joined(scene: Scene, signed_in: SignedIn) -> None:
    host = going(scene, signed_in)
    heir = joined(signed_in("a"), scene, host, people=8, unit="接着来的")
    third = joined(signed_in("b"), scene, host, people=4, unit="第三家")
    owner = signed_in("d")
    owner.post(scene.path(heir, "/approve"))
    owner.post(scene.path(third, "/approve"))
    page = owner.get(scene.path(host, "/cancel"))
    assert "不受影响" in page.text
    page = owner.submit(page.form("/cancel"), reason="临时有任务")
    assert page.by("data-phase", "cancelled")
    assert use_of(host) is None
    use = use_of(heir)
    assert use is not None
    assert (use.label, use.people, use.is_firm) == ("接着来的", 12, True)
    assert fresh(heir).joins_id is None
    assert fresh(third).joins_id == heir
    assert fresh(third).state is BookingState.APPROVED


def test_the_keeper_calls_a_visit_off_for_all(scene: Scene, signed_in: SignedIn) -> None:
    host = going(scene, signed_in)
    other = joined(signed_in("a"), scene, host, people=8)
    newcomer = scene.street.a.id
    keeper = signed_in("keeper")
    page = keeper.get(scene.path(host, "/cancel"))
    assert "1 个单位也一起取消" in page.text
    keeper.submit(page.form("/cancel"), reason="停电")
    assert fresh(host).state is fresh(other).state is BookingState.CANCELLED
    assert "停电" in fresh(other).reason
    assert use_of(host) is None
    assert told(newcomer) == ["测试小区示范点的参观取消了"]


def test_those_who_joined_move_along_with_the_visit(scene: Scene, signed_in: SignedIn) -> None:
    host = going(scene, signed_in)
    other = joined(signed_in("a"), scene, host, people=20)
    owner = signed_in("d")
    page = owner.submit(owner.get(scene.path(host, "/move")).form("/move"), start="11:00")
    assert page.status == 409
    assert "请联系示范点" in page.alert
    keeper = signed_in("keeper")
    form = keeper.get(scene.path(host, "/move")).form("/move")
    page = keeper.submit(form, start="11:00", reason="讲解员改时间", room=str(scene.small_id))
    assert page.status == 422, "thirty people do not fit into the small room"
    page = keeper.submit(form, start="11:00", reason="讲解员改时间")
    assert page.status == 200, page.alert
    assert fresh(other).starts_at == fresh(host).starts_at
    assert clock.local(fresh(other).starts_at).hour == 11
    newcomer = signed_in("a")
    form = newcomer.get(scene.path(other, "/move")).form("/move")
    page = newcomer.submit(form, start="12:00")
    assert page.status == 409
    assert "不能单独改期" in page.alert


def test_leaving_gives_the_space_back_to_the_others(scene: Scene, signed_in: SignedIn) -> None:
    host = going(scene, signed_in)
    other = joined(signed_in("a"), scene, host, people=8)
    signed_in("d").post(scene.path(other, "/approve"))
    signed_in("a").post(scene.path(other, "/cancel"), {"reason": "来不了"})
    use = use_of(host)
    assert use is not None
    assert use.people == 10


def test_who_came_is_noted_and_may_be_put_right(scene: Scene, signed_in: SignedIn) -> None:
    number = going(scene, signed_in)
    page = signed_in("keeper").post(scene.path(number, "/visited"))
    assert page.status == 409, "not before it begins"
    with time_machine.travel(fresh(number).starts_at + timedelta(minutes=5), tick=False):
        keeper = signed_in("keeper")
        page = keeper.get(scene.path(number))
        assert page.by("data-phase", "due")
        assert keeper.post(scene.path(number, "/not-come")).by("data-phase", "not_come")
        assert keeper.post(scene.path(number, "/visited")).by("data-phase", "visited")
        assert signed_in("d").post(scene.path(number, "/visited")).status == 403
        page = signed_in("d").post(scene.path(number, "/cancel"), {"reason": "晚了"})
        assert page.status == 409


def test_the_number_is_masked_and_showing_it_is_noted(scene: Scene, signed_in: SignedIn) -> None:
    number = asked(signed_in("d"), scene)
    keeper = signed_in("keeper")
    page = keeper.get(scene.path(number))
    assert "139****1234" in page.text
    assert "13900001234" not in page.html
    page = keeper.post(scene.path(number, "/contact"))
    assert "13900001234" in page.text
    shown = select(AuditEntry.id).where(AuditEntry.action == "booking.contact_shown")
    assert len(db.session.scalars(shown).all()) == 1
    everything = db.session.scalars(select(AuditEntry.details)).all()
    assert not [details for details in everything if "13900001234" in details]


def test_contacts_are_forgotten_ninety_days_after(scene: Scene, signed_in: SignedIn) -> None:
    number = going(scene, signed_in)
    ends_at = fresh(number).ends_at
    with time_machine.travel(ends_at + CONTACT_KEPT - timedelta(minutes=1), tick=False):
        assert services.forget_contacts() == 0
    with time_machine.travel(ends_at + CONTACT_KEPT + timedelta(minutes=1), tick=False):
        assert not fresh(number).contact_is_kept(clock.now()), "not shown before it is deleted"
        with write_transaction():
            assert services.forget_contacts() == 1
            assert services.forget_contacts() == 0
    assert "90 天后已删除" in signed_in("keeper").get(scene.path(number)).text
    gone = fresh(number)
    assert (gone.contact_name, gone.contact_phone) == ("", "")
    assert gone.unit == "海口路社区"


def test_a_command_forgets_them_too(scene: Scene, signed_in: SignedIn, app: Flask) -> None:
    number = going(scene, signed_in)
    with time_machine.travel(fresh(number).ends_at + CONTACT_KEPT * 2, tick=False):
        done = app.test_cli_runner().invoke(args=["forget-contacts"])
    assert done.exit_code == 0
    assert "已删除 1 次参观" in done.output
    assert fresh(number).contact_phone == ""


def test_the_worker_forgets_them_the_night_after(
    scene: Scene, signed_in: SignedIn, app: Flask
) -> None:
    number = going(scene, signed_in)
    day = fresh(number).ends_at + CONTACT_KEPT
    work_at(app, day - timedelta(minutes=1))
    assert fresh(number).contact_phone != ""
    work_at(app, day + timedelta(days=1))
    assert fresh(number).contact_phone == ""
    assert "90 天后已删除" in signed_in("keeper").get(scene.path(number)).text


@pytest.mark.parametrize("username", ["a", "secretary2", "visitor", "sysadmin"])
def test_others_do_not_learn_of_a_visit(scene: Scene, signed_in: SignedIn, username: str) -> None:
    number = asked(signed_in("d"), scene)
    for step in ("", ".ics", "/move", "/cancel", "/decline"):
        assert signed_in(username).get(scene.path(number, step)).status in {403, 404}
    for step in ("/approve", "/visited", "/not-come", "/contact"):
        assert signed_in(username).post(scene.path(number, step)).status in {403, 404}
    assert fresh(number).state is BookingState.ASKED


def test_a_booking_is_found_only_at_its_own_site(scene: Scene, signed_in: SignedIn) -> None:
    number = asked(signed_in("d"), scene)
    other = worlds.site(scene.street.haikou, scene.street.secretary2, name="别的示范点")
    db.session.commit()
    assert signed_in("d").get(f"/sites/{other.id}/bookings/{number}").status == 404
    assert find_booking(scene.site_id, number).id == number
