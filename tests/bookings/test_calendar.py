"""The calendar of a site, its files, and the lists of bookings."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from portal import clock
from portal.bookings.calendars import View, span_of
from portal.bookings.models import Booking, BookingState
from portal.database import db
from portal.sites import hooks
from portal.sites.models import Site
from portal.sites.uses.load import monday_of
from portal.sites.uses.models import RoomUse, UseKind, UseSource
from tests.bookings import worlds
from tests.bookings.conftest import Scene, SignedIn
from tests.page import Browser

Counting = Callable[[Callable[[], object]], int]


def fill(scene: Scene, count: int, *, state: BookingState = BookingState.APPROVED) -> None:
    """So many visits of d, one a day and room from tomorrow on, each with its use."""
    now = clock.now()
    d = scene.street.d.id
    for number in range(count):
        starts_at = worlds.at(clock.today() + timedelta(days=1 + number // 8), 9 + number % 8)
        ends_at = starts_at + timedelta(hours=1)
        made = Booking(
            site_id=scene.site_id,
            room_id=scene.large_id,
            starts_at=starts_at,
            ends_at=ends_at,
            state=state,
            party_size=10,
            purpose="学习",
            unit=f"第{number}家",
            answer_by=starts_at,
            asked_by_id=d,
            asked_at=now,
            updated_at=now,
        )
        db.session.add(made)
        db.session.flush()
        db.session.add(
            RoomUse(
                site_id=scene.site_id,
                room_id=scene.large_id,
                starts_at=starts_at,
                ends_at=ends_at,
                source=UseSource.BOOKING,
                source_id=made.id,
                kind=UseKind.VISIT,
                label=made.unit,
                people=10,
                is_open=True,
            )
        )
    db.session.commit()


def clear() -> None:
    db.session.execute(db.delete(Booking))
    db.session.execute(db.delete(RoomUse))
    db.session.commit()


@pytest.mark.parametrize("view", ["day", "week", "month"])
def test_every_view_shows_what_is_there_and_leads_to_what_is_free(
    scene: Scene, signed_in: SignedIn, view: str, way: str
) -> None:
    day = worlds.coming_day()
    signed_in("d").post(scene.new, worlds.typed(day, room=str(scene.large_id)))
    browser = signed_in("a")
    path = f"/sites/{scene.site_id}/calendar"
    page = browser.get(path, htmx=way == "htmx", view=view, date=str(day))
    assert page.status == 200
    assert page.whole == (way == "plain")
    assert "海口路社区" in page.text
    free = [link for link in page.links().values() if "bookings/new" in link and "start=" in link]
    assert free or view == "month"
    if free:
        assert browser.get(free[-1]).status == 200


def test_the_load_above_a_single_day_is_that_of_its_whole_week(
    scene: Scene, signed_in: SignedIn
) -> None:
    day = worlds.coming_day()
    signed_in("d").post(scene.new, worlds.typed(day, room=str(scene.large_id)))
    monday = monday_of(day)
    other = monday if day != monday else monday + timedelta(days=1)
    path = f"/sites/{scene.site_id}/calendar"
    page = signed_in("a").get(path, view="day", date=str(other))
    assert "参观 1/6 场" in page.text


def test_a_free_slot_comes_into_the_form_with_its_day_and_room(
    scene: Scene, signed_in: SignedIn
) -> None:
    browser = signed_in("a")
    day = worlds.coming_day()
    page = browser.get(
        f"/sites/{scene.site_id}/calendar", view="day", date=str(day), room=str(scene.small_id)
    )
    link = next(link for link in page.links().values() if "start=11" in link)
    fields = browser.get(link).form("/new").fields
    assert (fields["date"], fields["start"], fields["room"]) == (
        str(day),
        "11:00",
        str(scene.small_id),
    )


def test_events_stand_on_the_calendar_and_closed_ones_only_as_taken(
    scene: Scene, signed_in: SignedIn
) -> None:
    day = worlds.coming_day()
    for title, audience, hour in (("公开的党课", "open", 9), ("内部的研讨", "due", 14)):
        page = signed_in("secretary").post(
            "/events/new",
            {
                "title": title,
                "kind": "seminar",
                "starts_at": f"{day}T{hour:02d}:00",
                "ends_at": f"{day}T{hour + 2}:00",
                "audience": audience,
                "venue": f"{scene.site_id}-{scene.large_id}",
                "then": "publish",
            },
        )
        assert page.status == 200, page.alert
    path = f"/sites/{scene.site_id}/calendar"
    page = signed_in("d").get(path, view="day", date=str(day))
    assert "公开的党课" in page.text
    assert "内部的研讨" not in page.text
    assert "其他研讨" in page.text
    assert "内部的研讨" in signed_in("keeper").get(path, view="day", date=str(day)).text
    form = signed_in("d").get(scene.new, date=str(day), room=str(scene.large_id))
    free = [field.get("value") for field in form.find_all("input", name="start")]
    assert "09:00" not in free
    assert "14:00" not in free


@pytest.mark.parametrize(
    "asked", ["date=nonsense", "view=year", "room=99", "date=9999-12-31", "date=0001-01-01"]
)
def test_nonsense_in_the_address_asks_for_nothing(
    scene: Scene, signed_in: SignedIn, asked: str
) -> None:
    assert signed_in("a").get(f"/sites/{scene.site_id}/calendar?{asked}").status == 200


def test_the_calendar_of_a_busy_site_asks_no_more(
    scene: Scene, signed_in: SignedIn, queries_of: Counting, any_database: str
) -> None:
    browser = signed_in("keeper")
    for view in View:
        path = f"/sites/{scene.site_id}/calendar?view={view.value}&date={worlds.coming_day(3)}"
        clear()
        fill(scene, 1)
        browser.get(path)
        few = queries_of(lambda: browser.get(path))  # noqa: B023
        clear()
        fill(scene, 50)
        assert queries_of(lambda: browser.get(path)) == few  # noqa: B023
        assert few <= 8


def test_the_lists_ask_the_same_for_one_and_for_fifty(
    scene: Scene, signed_in: SignedIn, queries_of: Counting, any_database: str
) -> None:
    keeper, asker = signed_in("keeper"), signed_in("d")
    looks: list[tuple[Browser, str]] = [
        (keeper, "/bookings/?whose=decide&when=coming"),
        (keeper, "/bookings/waiting"),
        (asker, "/bookings/?when=all"),
    ]
    for browser, path in looks:
        clear()
        fill(scene, 1)
        browser.get(path)
        few = queries_of(lambda: browser.get(path))  # noqa: B023
        clear()
        fill(scene, 60)
        assert queries_of(lambda: browser.get(path)) == few  # noqa: B023
        assert few <= 8
    assert "第 1 页" in asker.get("/bookings/", when="all").text


def test_the_list_shows_mine_and_what_i_decide(scene: Scene, signed_in: SignedIn, way: str) -> None:
    signed_in("d").post(scene.new, worlds.typed())
    signed_in("secretary2").post(
        scene.new,
        worlds.typed(start="11:00", unit="海口路党委", organisation=str(scene.street.haikou.id)),
    )
    page = signed_in("d").get("/bookings/", htmx=way == "htmx")
    assert "测试小区示范点" in page.text
    assert "11:00" not in page.text
    page = signed_in("keeper").get("/bookings/", htmx=way == "htmx")
    assert "海口路党委" in page.text
    assert "海口路社区" in page.text
    page = signed_in("secretary2").get("/bookings/", whose="decide")
    assert "没有等您答复的预约" in page.text
    page = signed_in("secretary2").get("/bookings/", whose="mine")
    assert "海口路党委" in page.text
    for when in ("waiting", "coming", "past", "off", "all", "nonsense"):
        assert signed_in("keeper").get("/bookings/", when=when, site="1", page="2").status == 200


def test_a_home_says_what_waits_for_an_answer(scene: Scene, signed_in: SignedIn) -> None:
    assert "待答复的参观预约" not in signed_in("keeper").get("/").text
    signed_in("d").post(scene.new, worlds.typed())
    page = signed_in("keeper").get("/")
    assert "待答复的参观预约" in page.text
    page = signed_in("secretary").get("/")
    assert "/bookings/waiting" in page.links().values()
    part = signed_in("secretary").get("/bookings/waiting", htmx=True)
    assert "海口路社区" in part.text
    assert (
        "待答复的参观预约" not in signed_in("secretary2").get("/bookings/waiting", htmx=True).text
    )


def entries(body: bytes) -> list[dict[str, str]]:
    return [
        {name: str(value) for name, value in entry.items()}
        for entry in Calendar.from_ical(body).walk("VEVENT")
    ]


def test_a_booking_as_a_calendar_file_moves_and_is_struck_out(
    scene: Scene, signed_in: SignedIn
) -> None:
    browser = signed_in("d")
    browser.post(scene.new, worlds.typed())
    path = scene.path(1, ".ics")
    response = browser.client.get(path)
    assert response.mimetype == "text/calendar"
    [first] = entries(response.data)
    assert first["STATUS"] == "TENTATIVE"
    assert "海口路社区参观测试小区示范点" in first["SUMMARY"]
    assert "13900001234" not in response.get_data(as_text=True), "calendars are shared"
    browser.post(scene.path(1, "/cancel"), {"reason": "改日再来"})
    [then] = entries(browser.client.get(path).data)
    assert then["UID"] == first["UID"]
    assert then["STATUS"] == "CANCELLED"
    assert int(then["SEQUENCE"]) > int(first["SEQUENCE"])


def test_the_keeper_has_the_whole_site_as_a_file(scene: Scene, signed_in: SignedIn) -> None:
    fill(scene, 3)
    day = worlds.coming_day(20)
    signed_in("secretary").post(
        "/events/new",
        {
            "title": "书屋党课",
            "kind": "lesson",
            "starts_at": f"{day}T09:00",
            "ends_at": f"{day}T10:00",
            "venue": f"{scene.site_id}-{scene.large_id}",
            "then": "publish",
        },
    )
    path = f"/sites/{scene.site_id}/calendar.ics"
    found = entries(signed_in("keeper").client.get(path).data)
    assert len(found) == 4
    assert "党课：书屋党课" in [entry["SUMMARY"] for entry in found]
    assert signed_in("d").client.get(path).status_code == 403


def test_a_room_with_visits_is_not_taken_away(scene: Scene, app: Flask) -> None:
    site = db.session.get_one(Site, scene.site_id)
    fill(scene, 2)
    sentences = [line for uses in hooks.uses for line in uses(site, scene.large_id)]
    assert any("还有 2 场" in line for line in sentences)
    assert not [line for uses in hooks.uses for line in uses(site, scene.small_id)]
    assert any("还有 2 场" in line for uses in hooks.uses for line in uses(site, None))


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(list(View)))
def test_leaves_of_the_calendar_follow_each_other_without_a_gap(day: date, view: View) -> None:
    span = span_of(view, day)
    days = span.days()
    assert day in days
    assert span.is_inside(day)
    following, before = span_of(view, span.later), span_of(view, span.earlier)
    assert following.inner_first - span.inner_last == timedelta(days=1)
    assert span.inner_first - before.inner_last == timedelta(days=1)
    if view is not View.DAY:
        assert days[0].weekday() == 0
        assert len(days) % 7 == 0
