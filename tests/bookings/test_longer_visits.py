"""Longer visits: two or three slots in a row are one booking, one use, one line of calendars."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from portal import clock
from portal.bookings.models import Booking
from portal.database import db
from portal.sites.models import OpeningHours
from portal.sites.uses.models import VisitRules
from tests.bookings import worlds
from tests.bookings.conftest import Scene, SignedIn
from tests.bookings.test_deciding import asked, fresh, going, use_of
from tests.page import Page, text_of


def starts(page: Page) -> list[str]:
    return [field.get("value") or "" for field in page.find_all("input", name="start")]


def lines(page: Page) -> list[str]:
    """Return what takes place on the day that is shown: when, and whose it is."""
    found = []
    for entry in page.find_all("li"):
        if "use" in (entry.get("class") or "").split():
            words = [text_of(part) for part in entry.iter() if part.tag == "span"]
            found.append(" ".join(words[:2]))
    return found


def hours(booking: Booking) -> tuple[int, int]:
    return clock.local(booking.starts_at).hour, clock.local(booking.ends_at).hour


def newest() -> int:
    db.session.rollback()
    return db.session.scalars(select(func.max(Booking.id))).one() or 0


def test_three_slots_are_one_booking_that_nobody_else_gets_into(
    scene: Scene, signed_in: SignedIn, any_database: str
) -> None:
    room = str(scene.large_id)
    mine = signed_in("d")
    number = asked(mine, scene, length="3", room=room)
    booking, use = fresh(number), use_of(number)
    assert use is not None
    assert (hours(booking), booking.slots, use.slots) == ((9, 12), 3, 3)
    assert (use.starts_at, use.ends_at) == (booking.starts_at, booking.ends_at)
    assert "连着 3 个时段" in mine.get(scene.path(number)).text

    day = str(worlds.coming_day())
    other = signed_in("a")
    for start, length in (("09:00", "1"), ("10:00", "1"), ("11:00", "1"), ("11:00", "2")):
        typed = worlds.typed(start=start, length=length, room=room, unit="第二家")
        assert other.post(scene.new, typed).status == 409
    page = other.post(scene.new, worlds.typed(length="2", room=room, unit="第二家"))
    offered = [button.get("value") for button in page.find_all("button", name="choose")]
    assert f"{day} 12:00" in offered
    assert page.form("/new").fields["length"] == "2", "what was typed stays"
    page = other.submit(page.form("/new"), choose=f"{day} 12:00")
    assert page.status == 200, page.alert
    assert hours(fresh(newest())) == (12, 14)

    # Calendars have one line of it, the week counts what it takes.
    calendar = f"/sites/{scene.site_id}/calendar"
    page = signed_in("keeper").get(calendar, view="day", date=day)
    assert lines(page) == ["9:00–12:00 海口路社区", "12:00–14:00 第二家"]
    assert page.text.count("连着 3 个时段") == page.text.count("连着 2 个时段") == 1
    assert "参观 5/6 场，20 人" in page.text
    for address in (scene.path(number, ".ics"), f"{calendar}.ics"):
        body = signed_in("keeper").client.get(address).text
        assert f":{day.replace('-', '')}T090000" in body
        assert f":{day.replace('-', '')}T120000" in body


def test_only_starts_after_which_the_hours_allow_it_are_offered(
    scene: Scene, signed_in: SignedIn
) -> None:
    # A break at noon: nine to twelve, one to five.
    db.session.execute(update(OpeningHours).values(closes_minute=12 * 60))
    for weekday in range(7):
        afternoon = OpeningHours(weekday=weekday, opens_minute=13 * 60, closes_minute=17 * 60)
        afternoon.site_id = scene.site_id
        db.session.add(afternoon)
    db.session.commit()
    browser = signed_in("d")
    day = str(worlds.coming_day())
    page = browser.get(scene.new, htmx=True, date=day, length="3", party_size="10", room="")
    assert starts(page) == ["09:00", "13:00", "14:00"]
    for start in ("10:00", "16:00"):
        page = browser.post(scene.new, worlds.typed(start=start, length="3"))
        assert page.status == 422
        assert "没有连着的 3 个时段" in page.errors()["start"]
        assert page.form("/new").fields["length"] == "3"
    for wrong in ("4", "0", "-1", "长"):
        page = browser.post(scene.new, worlds.typed(length=wrong))
        assert page.status == 422
        assert page.errors()["length"]
    look = browser.post(scene.new, worlds.typed(length="2", then="look"))
    assert starts(look) == ["09:00", "10:00", "13:00", "14:00", "15:00"]


@pytest.mark.parametrize(("minutes", "lengths"), [(240, ["1", "2"]), (480, [])])
def test_no_length_is_offered_that_no_day_has_room_for(
    scene: Scene, signed_in: SignedIn, minutes: int, lengths: list[str]
) -> None:
    db.session.execute(update(VisitRules).values(slot_minutes=minutes))
    db.session.commit()
    browser = signed_in("d")
    page = browser.get(scene.new)
    offered = [one for one in page.find_all("option") if "个时段" in text_of(one)]
    assert [one.get("value") for one in offered] == lengths
    page = browser.post(scene.new, worlds.typed(length="3"))
    assert page.status == 422
    number = asked(browser, scene)
    assert fresh(number).ends_at - fresh(number).starts_at == timedelta(minutes=minutes)


def test_moving_keeps_the_length_of_a_visit_and_of_those_who_joined(
    scene: Scene, signed_in: SignedIn
) -> None:
    number = going(scene, signed_in, length="2")
    page = signed_in("a").post(
        scene.new, worlds.typed(joins=str(number), unit="并入的", party_size="5")
    )
    assert page.status == 200, page.alert
    joining = newest()
    assert (hours(fresh(joining)), fresh(joining).slots) == ((9, 11), 2)

    keeper = signed_in("keeper")
    form = keeper.get(scene.path(number, "/move")).form("/move")
    assert form.fields["length"] == "2"
    assert keeper.submit(form, start="16:00", reason="上午有课").status == 422
    # Half of its own time is no hindrance.
    assert keeper.submit(form, start="10:00", reason="晚一点").status == 200
    for one in (number, joining):
        assert (hours(fresh(one)), fresh(one).slots) == ((10, 12), 2)

    # The keeper makes slots shorter: what is agreed to stays, and counts what it counted.
    db.session.execute(update(VisitRules).values(slot_minutes=30))
    db.session.commit()
    day = str(worlds.coming_day())
    page = keeper.get(f"/sites/{scene.site_id}/calendar", view="day", date=day)
    assert "参观 2/6 场" in page.text
    assert lines(page) == ["10:00–12:00 海口路社区"]
    form = keeper.get(scene.path(number, "/move")).form("/move")
    page = keeper.submit(form, start="14:00", length="3", reason="缩短时段")
    assert page.status == 200, page.alert
    use = use_of(number)
    assert use is not None
    assert (use.slots, use.ends_at - use.starts_at) == (3, timedelta(minutes=90))
