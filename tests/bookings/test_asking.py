"""Asking for a visit through the front door: what is offered, refused, held, and lapses."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal import clock
from portal.audit.models import AuditEntry
from portal.bookings.models import Booking, BookingPhase, BookingState
from portal.database import db
from portal.messages.models import Message
from portal.sites.models import Site, SiteState
from portal.sites.uses.models import RoomUse, VisitRules
from tests.bookings import worlds
from tests.bookings.conftest import Scene, SignedIn


def bookings() -> list[Booking]:
    db.session.rollback()
    return list(db.session.scalars(select(Booking).order_by(Booking.id)))


def uses() -> list[RoomUse]:
    db.session.rollback()
    return list(db.session.scalars(select(RoomUse).order_by(RoomUse.id)))


def subjects(username_of: int) -> list[str]:
    found = select(Message.subject).where(Message.person_id == username_of).order_by(Message.id)
    return list(db.session.scalars(found))


def test_asking_holds_the_first_room_that_fits(scene: Scene, signed_in: SignedIn) -> None:
    keeper = scene.street.keeper.id
    page = signed_in("d").post(scene.new, worlds.typed(party_size="25"))
    assert page.status == 200
    assert "待答复" in page.text
    [booking] = bookings()
    assert booking.room_id == scene.large_id
    assert booking.phase(clock.now()) is BookingPhase.ASKED
    assert booking.ends_at - booking.starts_at == timedelta(hours=1)
    [use] = uses()
    assert (use.room_id, use.people, use.label) == (scene.large_id, 25, "海口路社区")
    assert use.held_until == booking.answer_by
    assert subjects(keeper) == ["海口路社区想来参观，请答复"]
    assert db.session.scalars(select(AuditEntry.id).where(AuditEntry.action == "booking.ask")).one()


def test_the_form_knows_who_asks_and_nothing_is_asked_again(
    scene: Scene, signed_in: SignedIn
) -> None:
    phone, name = scene.street.d.phone, scene.street.d.name
    fields = signed_in("d").get(scene.new).form("/new").fields
    assert fields["contact_name"] == name
    assert fields["contact_phone"] == phone
    assert fields["date"] >= str(clock.today())


def test_a_taken_slot_is_refused_and_the_nearest_free_ones_are_offered(
    scene: Scene, signed_in: SignedIn
) -> None:
    first = signed_in("d")
    first.post(scene.new, worlds.typed(room=str(scene.large_id)))
    second = signed_in("a")
    page = second.post(
        scene.new, worlds.typed(room=str(scene.large_id), unit="第二家", purpose="学习")
    )
    assert page.status == 409
    assert "红色书屋" in page.alert or "红色书屋" in page.text
    assert "海口路社区" in page.text
    assert len(bookings()) == 1
    choices = [button.get("value") for button in page.find_all("button", name="choose")]
    day = str(worlds.coming_day())
    assert choices == [f"{worlds.coming_day(6)} 16:00", f"{day} 10:00", f"{day} 11:00"] or (
        f"{day} 10:00" in choices and len(choices) == 3
    )
    form = page.form("/new")
    assert form.fields["purpose"] == "学习"
    page = second.submit(form, choose=f"{day} 10:00", start="09:00")
    assert page.status == 200, page.alert
    assert [clock.local(one.starts_at).hour for one in bookings()] == [9, 10]


def test_without_a_wish_the_second_party_gets_the_next_room(
    scene: Scene, signed_in: SignedIn
) -> None:
    for username in ("d", "a"):
        page = signed_in(username).post(scene.new, worlds.typed(unit=f"单位{username}"))
        assert page.status == 200
    assert [one.room_id for one in bookings()] == [scene.large_id, scene.small_id]
    page = signed_in("b").post(scene.new, worlds.typed(unit="第三家"))
    assert page.status == 409


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"party_size": "31"}, "party_size", "最多容纳 30 人，您填了 31 人"),
        ({"party_size": "0"}, "party_size", "人数要在"),
        ({"party_size": "很多"}, "party_size", ""),
        ({"start": ""}, "start", "请选择一个时段"),
        ({"start": "09:17"}, "start", "没有开放这个时段"),
        ({"start": "23:00"}, "start", "没有开放这个时段"),
        ({"start": "九点"}, "start", "请从列出的时段中选择"),
        ({"date": "2020-01-01"}, "date", "已经过去"),
        ({"date": ""}, "date", "请选择日期"),
        ({"date": "0001-01-01"}, "date", ""),
        ({"date": "9999-12-31"}, "date", ""),
        ({"purpose": ""}, "purpose", "请填写参观目的"),
        ({"purpose": "长" * 121}, "purpose", "最多 120 个字"),
        ({"unit": ""}, "unit", "请填写单位"),
        ({"contact_phone": "12"}, "contact_phone", ""),
        ({"contact_name": ""}, "contact_name", "请填写联系人"),
        ({"room": "99999"}, "room", ""),
        ({"note": "长" * 1001}, "note", "最多 1000 个字"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(
    scene: Scene, signed_in: SignedIn, changes: dict[str, str], field: str, words: str
) -> None:
    page = signed_in("d").post(scene.new, worlds.typed() | changes)
    assert page.status == 422
    assert words in page.errors().get(field, ""), page.errors()
    assert page.errors().get(field)
    assert bookings() == []
    assert uses() == []


def test_a_closed_day_a_rest_day_and_a_day_too_far_are_refused(
    scene: Scene, signed_in: SignedIn
) -> None:
    day = worlds.coming_day()
    site = db.session.get_one(Site, scene.site_id)
    worlds.closure(site, day, day, reason="内部检修")
    rules = db.session.scalars(select(VisitRules)).one()
    rules.rest_weekdays = str(worlds.coming_day(8).weekday())
    db.session.commit()
    browser = signed_in("d")
    for asked, words in ((7, "内部检修"), (8, "休整日"), (120, "最多提前 90 天")):
        page = browser.post(scene.new, worlds.typed(worlds.coming_day(asked)))
        assert page.status == 422
        assert words in page.errors()["date"]
    assert bookings() == []


def test_pressing_twice_asks_once(scene: Scene, signed_in: SignedIn) -> None:
    browser = signed_in("d")
    for _ in range(2):
        assert browser.post(scene.new, worlds.typed()).status == 200
    assert len(bookings()) == 1


def test_the_slots_of_another_day_are_looked_at_with_scripts_off_and_on(
    scene: Scene, signed_in: SignedIn
) -> None:
    browser = signed_in("d")
    day = worlds.coming_day()
    browser.post(scene.new, worlds.typed(party_size="30"))
    page = browser.post(scene.new, worlds.typed(day, party_size="20", then="look"))
    assert page.status == 200
    assert "已约满" in page.text
    assert page.form("/new").fields["purpose"] == "学习红色物业做法", "what was typed stays"
    part = browser.get(scene.new, htmx=True, date=str(day), party_size="20", room="", start="11:00")
    assert part.find_all("input", name="start", value="11:00")[0].get("checked") is not None
    assert not part.whole
    assert "已约满" in part.text
    free = [field.get("value") for field in part.find_all("input", name="start")]
    assert free == [f"{hour:02d}:00" for hour in range(10, 17)]
    assert len(bookings()) == 1


def test_a_question_without_an_answer_lapses_and_the_slot_is_free_again(
    scene: Scene, signed_in: SignedIn
) -> None:
    signed_in("d").post(scene.new, worlds.typed(room=str(scene.large_id)))
    [asked] = bookings()
    with time_machine.travel(asked.answer_by + timedelta(minutes=1), tick=False):
        page = signed_in("d").get(scene.path(asked.id))
        assert page.by("data-phase", "lapsed")
        page = signed_in("keeper").post(scene.path(asked.id, "/approve"))
        assert page.status == 409
        assert "已经失效" in page.alert
        page = signed_in("a").post(
            scene.new, worlds.typed(worlds.coming_day(4), room=str(scene.large_id), unit="后来的")
        )
        assert page.status == 200, page.alert
    assert [one.state for one in bookings()] == [BookingState.ASKED, BookingState.ASKED]
    assert len(uses()) == 1


def test_hosts_ask_for_their_organisations_and_nobody_elses(
    scene: Scene, signed_in: SignedIn
) -> None:
    haikou, shantou = scene.street.haikou.id, scene.street.shantou.id
    browser = signed_in("secretary2")
    page = browser.post(scene.new, worlds.typed(unit="", organisation=str(haikou)))
    assert page.status == 200, page.alert
    [booking] = bookings()
    assert booking.organisation_id == haikou
    assert booking.unit == "海口路社区党委"
    page = browser.post(scene.new, worlds.typed(unit="别人", organisation=str(shantou)))
    assert page.status == 422
    # Whoever runs the organisation sees it as its own.
    page = signed_in("d").get(scene.path(booking.id))
    assert page.status == 404


def test_a_site_that_receives_nobody_is_not_asked(scene: Scene, signed_in: SignedIn) -> None:
    site = db.session.get_one(Site, scene.site_id)
    site.state = SiteState.DELISTED
    db.session.commit()
    assert signed_in("d").get(scene.new).status == 403
    site = db.session.get_one(Site, scene.site_id)
    site.state = SiteState.NOMINATED
    db.session.commit()
    assert signed_in("d").get(scene.new).status == 404
    assert signed_in("d").get(f"/sites/{scene.site_id}/calendar").status == 404
