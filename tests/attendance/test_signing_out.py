"""Where an event asks for it, people sign out: when they left, how long they were here."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import text

from portal import clock
from portal.attendance import queries, services
from portal.attendance.models import AttendanceStatus, Method
from portal.attendance.models import Direction as Way
from portal.attendance.rules import Timing, stayed
from portal.attendance.services import CheckIn
from portal.database import db
from portal.events import queries as events
from portal.events.models import Event
from portal.people.models import Person
from tests import factories
from tests.attendance.conftest import HOUR, MINUTE, NINE, Gathering
from tests.attendance.test_check_in import code_of
from tests.page import Browser, text_of

Clock = Callable[[datetime], None]
START = NINE - 12 * MINUTE


@pytest.fixture
def event(gathering: Gathering, at: Clock) -> Event:
    """A lesson of two hours whose host asks people to sign out."""
    event = gathering.lesson(ends_at=NINE + 2 * HOUR)
    gathering.open(event)
    ask(gathering, event)
    return event


def ask(gathering: Gathering, event: Event, minimum_stay: int = 30) -> None:
    services.ask_to_sign_out(
        event=events.event(event.id),
        signs_out=True,
        early_grace=10,
        minimum_stay=minimum_stay,
        actor=gathering.secretary,
    )
    factories.commit()


def send(
    gathering: Gathering,
    event: Event,
    *seen: tuple[Person, datetime] | tuple[Person, datetime, Way],
    method: Method = Method.SCAN,
) -> list[tuple[str, datetime | None]]:
    """What a door sends, and what it is told: the outcome and the time of leaving."""
    items = [
        CheckIn(f"{one[0].id}-{one[1]}-{one[2:]}", one[0].id, one[1], method, direction=way)
        for one in seen
        for way in [one[2] if len(one) > 2 else None]
    ]
    results = services.record(
        event=events.event(event.id),
        items=items,
        actor=gathering.secretary,
        timing=Timing(),
        device="东门",
    )
    factories.commit()
    return [(one.outcome.value, one.left_at) for one in results]


def sign_out(gathering: Gathering, event: Event, person: Person, left_at, **more):
    made = services.sign_out(
        event=events.event(event.id),
        person_id=person.id,
        left_at=left_at,
        actor=gathering.secretary,
        **more,
    )
    factories.commit()
    return made


def test_who_is_seen_again_after_the_minimum_stay_has_left_then(
    gathering: Gathering, event: Event, at: Clock, any_database: str
) -> None:
    at(NINE + 2 * HOUR)
    a = gathering.a
    assert send(gathering, event, (a, START)) == [("recorded", None)]
    # A second scan at the door is no leaving.
    assert send(gathering, event, (a, START + 5 * MINUTE)) == [("already", None)]
    assert send(gathering, event, (a, NINE + HOUR)) == [("recorded", NINE + HOUR)]
    assert send(gathering, event, (a, NINE + 90 * MINUTE)) == [("recorded", NINE + 90 * MINUTE)]
    # The same again gets the same answer, whatever came since.
    assert send(gathering, event, (a, NINE + HOUR)) == [("recorded", NINE + HOUR)]
    entry = gathering.entry(event, a)
    assert (entry.arrived_at, entry.left_at) == (START, NINE + 90 * MINUTE)
    assert entry.status is AttendanceStatus.PRESENT
    assert stayed(entry.arrived_at, entry.left_at) == timedelta(minutes=102)


def test_a_door_may_say_which_way_somebody_goes(
    gathering: Gathering, event: Event, at: Clock
) -> None:
    at(NINE + 2 * HOUR)
    a, b = gathering.a, gathering.b
    send(gathering, event, (a, START), (a, NINE + 3 * MINUTE, Way.OUT))
    assert gathering.entry(event, a).left_at == NINE + 3 * MINUTE
    # Comes back, and is here.
    assert send(gathering, event, (a, NINE + 9 * MINUTE, Way.IN)) == [("already", None)]
    assert gathering.entry(event, a).left_at is None
    # Only seen leaving: was here, nobody knows since when, and is not called late.
    assert send(gathering, event, (b, NINE + HOUR, Way.OUT)) == [("recorded", NINE + HOUR)]
    entry = gathering.entry(event, b)
    assert (entry.status, entry.arrived_at) == (AttendanceStatus.PRESENT, None)


def test_a_tick_that_says_nothing_more_is_no_leaving(
    gathering: Gathering, event: Event, at: Clock
) -> None:
    at(NINE + 2 * HOUR)
    send(gathering, event, (gathering.a, START))
    send(gathering, event, (gathering.a, NINE + HOUR), method=Method.TICK)
    assert gathering.entry(event, gathering.a).left_at is None
    send(gathering, event, (gathering.a, NINE + HOUR, Way.OUT), method=Method.TICK)
    assert gathering.entry(event, gathering.a).left_at == NINE + HOUR


def test_nobody_leaves_where_the_event_does_not_ask(gathering: Gathering, at: Clock) -> None:
    event = gathering.lesson()
    at(NINE + HOUR)
    answers = send(gathering, event, (gathering.a, START), (gathering.a, NINE + HOUR))
    assert answers == [("recorded", None), ("already", None)]
    entry = gathering.entry(event, gathering.a)
    assert (entry.left_at, entry.last_seen_at) == (None, None)


def test_it_does_not_matter_when_the_host_thinks_of_it(
    gathering: Gathering, at: Clock, any_database: str
) -> None:
    event = gathering.lesson()
    gathering.open(event)
    at(NINE + 2 * HOUR)
    send(gathering, event, (gathering.a, START), (gathering.a, NINE + 20 * MINUTE))
    send(gathering, event, (gathering.b, START))
    ask(gathering, event)
    assert gathering.entry(event, gathering.a).left_at == NINE + 20 * MINUTE
    assert gathering.entry(event, gathering.b).left_at is None
    ask(gathering, event, minimum_stay=60)
    assert gathering.entry(event, gathering.a).left_at is None


def test_what_the_host_says_of_leaving_stands(
    gathering: Gathering, event: Event, at: Clock
) -> None:
    at(NINE + 2 * HOUR)
    send(gathering, event, (gathering.a, START))
    sign_out(gathering, event, gathering.a, NINE + HOUR)
    send(gathering, event, (gathering.a, NINE + 100 * MINUTE))
    entry = gathering.entry(event, gathering.a)
    assert (entry.left_at, entry.left_by_hand) == (NINE + HOUR, True)


def test_a_leaving_is_taken_back_like_any_other_mark(
    gathering: Gathering, event: Event, at: Clock
) -> None:
    at(NINE + HOUR)
    send(gathering, event, (gathering.a, START))
    mark = sign_out(gathering, event, gathering.a, NINE + 50 * MINUTE).mark
    assert mark is not None
    services.undo(event=events.event(event.id), mark_id=mark.id, actor=gathering.secretary)
    factories.commit()
    entry = gathering.entry(event, gathering.a)
    assert (entry.left_at, entry.left_by_hand, entry.arrived_at) == (None, False, START)
    # Said not to be here: nobody has left who was not here.
    sign_out(gathering, event, gathering.a, NINE + 50 * MINUTE)
    gathering.mark(event, gathering.a, "absent")
    assert gathering.entry(event, gathering.a).left_at is None


# ---- through the pages


def host_of(browser: Browser, event: Event) -> tuple[Browser, str]:
    return browser.sign_in("secretary"), f"/events/{event.id}/attendance"


def local(moment: datetime) -> str:
    return (moment + 8 * HOUR).strftime("%Y-%m-%dT%H:%M")


def test_the_host_asks_for_signing_out_and_the_roll_shows_it(
    gathering: Gathering, at: Clock, browser: Browser
) -> None:
    event = gathering.lesson(ends_at=NINE + 2 * HOUR)
    at(NINE + HOUR)
    secretary, roll = host_of(browser, event)
    gathering.mark(event, gathering.a, "present")
    assert "没有开启" in secretary.get(roll).text
    page = secretary.get(f"{roll}/signing-out")
    form = page.form(f"{roll}/signing-out")
    wrong = secretary.submit(form, signs_out="y", early_grace="10", minimum_stay="0")
    assert wrong.status == 422
    assert "最短停留在 1 到 480 分钟之间" in wrong.text
    page = secretary.submit(form, signs_out="y", early_grace="15", minimum_stay="20")
    assert "已开启签退" in page.text
    kept = queries.roll(event.id)
    assert (kept.signs_out, kept.early_grace, kept.minimum_stay) == (True, 15, 20)


def test_the_host_says_on_the_roll_that_somebody_leaves_now(
    gathering: Gathering, event: Event, at: Clock, browser: Browser, way: str
) -> None:
    gathering.mark(event, gathering.a, "present")
    at(NINE + 65 * MINUTE)
    secretary, roll = host_of(browser, event)
    page = secretary.get(roll)
    assert "现在离开" in page.text
    secretary.post(
        f"{roll}/{gathering.a.id}", {"left": "now", "client_id": "one"}, htmx=way == "htmx"
    )
    entry = gathering.entry(event, gathering.a)
    assert (entry.left_at, entry.left_by_hand) == (NINE + 65 * MINUTE, True)
    page = secretary.get(roll)
    row = next(one for one in page.by("data-person", str(gathering.a.id)))
    assert "10:05 离开，1 小时 17 分" in text_of(row)
    # Of somebody who has not come nobody can say so.
    assert secretary.post(f"{roll}/{gathering.b.id}", {"left": "now"}).status == 409


def test_the_host_enters_a_time_and_wrong_ones_are_told_beside_the_field(
    gathering: Gathering, event: Event, at: Clock, browser: Browser
) -> None:
    gathering.mark(event, gathering.a, "present")
    at(NINE + 65 * MINUTE)
    secretary, roll = host_of(browser, event)
    person = f"{roll}/{gathering.a.id}"
    page = secretary.get(person)
    form = page.form(f"{person}/left")
    early = secretary.submit(form, left_at=local(NINE - HOUR))
    assert early.status == 422
    assert "不能早于到场的时间（08:48）" in early.text
    ahead = secretary.submit(form, left_at=local(NINE + 2 * HOUR))
    assert "不能在现在以后" in ahead.text
    page = secretary.submit(form, left_at=local(NINE + HOUR))
    assert "1 小时 12 分" in page.text
    assert "签退" in page.text
    # Nothing typed: has not left after all.
    page = secretary.submit(page.form(f"{person}/left"), left_at="")
    assert "没有签退" in page.text


def test_who_left_early_is_proposed_and_nothing_is_decided_by_itself(
    gathering: Gathering, event: Event, at: Clock, browser: Browser, any_database: str
) -> None:
    at(NINE + 2 * HOUR)
    a, b, c = gathering.a, gathering.b, gathering.recorder
    send(gathering, event, (a, START), (b, START), (c, START))
    send(gathering, event, (a, NINE + HOUR), (b, NINE + 90 * MINUTE))
    send(gathering, event, (c, NINE + 112 * MINUTE))  # within the grace
    secretary, roll = host_of(browser, event)
    assert set(gathering.statuses(event).values()) <= {"present", "expected"}

    def proposed() -> str:
        return text_of(secretary.get(f"{roll}/reconcile").by("id", "left-early")[0])

    assert a.name in proposed()
    assert b.name in proposed()
    assert c.name not in proposed()
    assert "要先决定的" in secretary.get(f"{roll}/confirm").text
    secretary.post(f"{roll}/reconcile/{a.id}/leaving", {"choice": "early"})
    secretary.post(f"{roll}/reconcile/{b.id}/leaving", {"choice": "present"})
    assert "没有提前离开" in proposed()
    statuses = gathering.statuses(event)
    assert (statuses[a.name], statuses[b.name]) == ("left_early", "present")
    again = secretary.post(f"{roll}/reconcile/{b.id}/leaving", {"choice": "early"})
    assert again.status == 409
    # Another time of leaving is asked about again.
    sign_out(gathering, event, b, NINE + 80 * MINUTE)
    assert b.name in proposed()
    assert gathering.numbers(event).left_early == 1


def test_leaving_after_the_end_is_no_late_arrival(
    gathering: Gathering, event: Event, at: Clock, browser: Browser
) -> None:
    end = NINE + 2 * HOUR
    at(end + 10 * MINUTE)
    send(gathering, event, (gathering.a, START), (gathering.b, START))
    send(gathering, event, (gathering.a, end + 5 * MINUTE))
    secretary, roll = host_of(browser, event)
    late = text_of(secretary.get(f"{roll}/reconcile").by("id", "late")[0])
    assert late.count(gathering.a.name) == late.count(gathering.b.name) == 1


def test_after_the_confirmation_the_time_of_leaving_is_corrected_with_a_reason(
    gathering: Gathering, event: Event, at: Clock, browser: Browser, any_database: str
) -> None:
    at(NINE + 2 * HOUR)
    send(gathering, event, (gathering.a, START), (gathering.a, NINE + HOUR))
    gathering.confirm(event)
    secretary, roll = host_of(browser, event)
    person = f"{roll}/{gathering.a.id}"
    form = secretary.get(person).form(f"{person}/left")
    refused = secretary.submit(form, left_at=local(NINE + 90 * MINUTE), left_reason="")
    assert refused.status == 422
    assert "更正要写明理由" in refused.text
    secretary.submit(form, left_at=local(NINE + 90 * MINUTE), left_reason="门口记错了")
    page = secretary.get(roll)
    assert page.by("data-seal", "whole")
    assert "离开 10:30" in page.text
    assert gathering.entry(event, gathering.a).left_at == NINE + 90 * MINUTE
    assert secretary.get(f"{roll}/signing-out").find_all("input", name="signs_out") == []
    # Whoever moves it behind the portal's back is found out.
    db.session.execute(text("UPDATE attendance_entry SET left_at = NULL WHERE left_at IS NOT NULL"))
    db.session.commit()
    assert secretary.get(roll).by("data-seal", "broken")


def test_the_sheet_says_when_people_came_and_left(
    gathering: Gathering, event: Event, at: Clock, browser: Browser
) -> None:
    at(NINE + 2 * HOUR)
    send(gathering, event, (gathering.a, START), (gathering.a, NINE + HOUR))
    secretary, _roll = host_of(browser, event)
    page = secretary.get(f"/events/{event.id}/sign-in-sheet")
    assert "签退时间" in page.text
    response = secretary.client.get(f"/events/{event.id}/sign-in-sheet.xlsx")
    book = load_workbook(BytesIO(response.data))
    rows = [[cell.value for cell in row] for row in book["签到表"].iter_rows(min_row=4)]
    assert rows[0][-3:] == ["签退时间", "在场", "备注"]
    line = next(row for row in rows if row[1] == gathering.a.name)
    assert line[6:9] == ["08:48", "10:00", "1:12"]


def test_people_sign_out_with_the_code_after_the_minimum_stay(
    gathering: Gathering, event: Event, at: Clock, app: Flask
) -> None:
    member = Browser(app).sign_in("a")

    def here() -> str:
        return code_of(gathering, event, clock.now())

    member.post(f"/c/{here()}")
    assert gathering.entry(event, gathering.a).has_come
    at(START + 10 * MINUTE)
    page = member.get(f"/c/{here()}")
    assert "离开时请再扫一次码签退" in page.text
    member.post(f"/c/{here()}")
    assert gathering.entry(event, gathering.a).left_at is None
    at(NINE + HOUR)
    member.sign_in("a")
    page = member.get(f"/c/{here()}")
    assert "签退，现在离开" in page.text
    page = member.post(f"/c/{here()}")
    assert "离开时间" in page.text
    assert gathering.entry(event, gathering.a).left_at == NINE + HOUR
    assert "10:00 离开，在场 1 小时 12 分" in member.get(f"/events/{event.id}").text
    mine = member.get("/me/attendance")
    assert "8:48–10:00" in mine.text


def test_only_hosts_have_people_sign_out(
    gathering: Gathering, event: Event, at: Clock, app: Flask
) -> None:
    for name in ("secretary2", "a"):
        stranger = Browser(app).sign_in(name)
        for path in (
            "signing-out",
            f"{gathering.a.id}/left",
            f"reconcile/{gathering.a.id}/leaving",
        ):
            page = stranger.post(f"/events/{event.id}/attendance/{path}", {"signs_out": "y"})
            assert page.status in {403, 404}
