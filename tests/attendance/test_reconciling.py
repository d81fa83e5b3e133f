"""Before confirming, the host looks at what does not fit together, decides, and nothing else."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from portal.attendance import queries
from portal.attendance.models import AttendanceMark, HeadCount, Method
from portal.database import db
from portal.events.models import Event
from portal.people.models import Person
from portal.signups.models import Signup, SignupStatus
from tests.attendance.conftest import HOUR, MINUTE, NINE, Gathering
from tests.attendance.test_check_in import code_of
from tests.attendance.test_recording import seen, send
from tests.page import Browser, Page, text_of

Clock = Callable[[datetime], None]
START = NINE - 12 * MINUTE


class Host:
    """The secretary at the page."""

    def __init__(self, browser: Browser, event: Event) -> None:
        self.browser, self.event = browser, event
        self.roll = f"/events/{event.id}/attendance"
        browser.sign_in("secretary")

    @property
    def page(self) -> Page:
        return self.browser.get(f"{self.roll}/reconcile")

    def section(self, name: str) -> str:
        """The words of a part of the page."""
        return text_of(self.page.by("id", name)[0])

    def back(self) -> None:
        """Sign in again: hours have passed."""
        self.browser.sign_in("secretary")

    def post(self, path: str, **typed: object) -> Page:
        return self.browser.post(f"{self.roll}/{path}", {k: str(v) for k, v in typed.items()})


@pytest.fixture
def event(gathering: Gathering, at: Clock) -> Event:
    event = gathering.lesson()
    gathering.open(event)
    return event


@pytest.fixture
def host(browser: Browser, event: Event) -> Host:
    return Host(browser, event)


def test_with_nothing_to_look_at_each_part_says_so_and_the_way_leads_on(
    host: Host, gathering: Gathering, at: Clock
) -> None:
    at(NINE + MINUTE)
    host.post("all-present", up_to=10**6)
    text = host.page.text
    for words in ("没有要您决定的", "各处登记一致", "没有这样的人", "没有不清楚的", "没有被拒绝"):
        assert words in text
    assert host.browser.get(f"{host.roll}/confirm").status == 200
    assert "先核对" not in host.browser.get(f"{host.roll}/confirm").text


@pytest.mark.parametrize(
    ("choice", "status", "has_come"), [("here", "present", True), ("away", "leave_sick", False)]
)
def test_of_two_that_differ_the_host_says_who_is_right_and_both_stay_in_the_log(
    host: Host, gathering: Gathering, at: Clock, choice: str, status: str, has_come: bool
) -> None:
    gathering.mark(host.event, gathering.a, "leave_sick")
    at(START + 5 * MINUTE)
    send(gathering, host.event, seen(gathering.a, START + MINUTE, method=Method.TICK))
    words = host.section("contradictions")
    for part in ("党员测试甲", "书记测试甲", "病假", "东门", "8:48", "8:49"):
        assert part in words
    assert "先核对" in host.browser.get(f"{host.roll}/confirm").text
    host.post(f"reconcile/{gathering.a.id}", choice=choice)
    assert "各处登记一致" in host.section("contradictions")
    entry = gathering.entry(host.event, gathering.a)
    assert (entry.status, entry.has_come) == (status, has_come)
    assert [mark.method for mark in queries.history(entry)][-1] is Method.CHECKED
    assert len(queries.history(entry)) == 3
    again = host.post(f"reconcile/{gathering.a.id}", choice=choice)
    assert again.status == 409
    # What comes later is looked at anew.
    at(START + 8 * MINUTE)
    send(gathering, host.event, seen(gathering.a, START + 2 * MINUTE), device="西门")
    assert "西门" in host.section("contradictions")


def test_a_decision_that_was_taken_back_is_asked_again(
    host: Host, gathering: Gathering, at: Clock
) -> None:
    gathering.mark(host.event, gathering.a, "leave_sick")
    at(START + 5 * MINUTE)
    send(gathering, host.event, seen(gathering.a, START - MINUTE))
    host.post(f"reconcile/{gathering.a.id}", choice="here")
    host.post("undo")
    assert gathering.entry(host.event, gathering.a).status == "leave_sick"
    assert "党员测试甲" in host.section("contradictions")


def test_whoever_is_found_to_have_come_late_by_their_own_act_is_late(
    host: Host, gathering: Gathering, at: Clock
) -> None:
    at(NINE + 30 * MINUTE)
    host.back()
    gathering.mark(host.event, gathering.a, "absent")
    send(gathering, host.event, seen(gathering.a, NINE + 20 * MINUTE))
    host.post(f"reconcile/{gathering.a.id}", choice="here")
    entry = gathering.entry(host.event, gathering.a)
    assert (entry.status, entry.arrived_at) == ("late", NINE + 20 * MINUTE)


def test_heads_are_compared_with_the_roll_and_kept_with_who_and_when(
    host: Host, gathering: Gathering
) -> None:
    gathering.mark(host.event, gathering.a, "present")
    assert "到场 1 人" in host.section("heads")
    host.post("reconcile/heads", people=3)
    words = host.section("heads")
    assert "书记测试甲" in words
    assert "多 2 人" in words
    gathering.mark(host.event, gathering.b, "present")
    assert "现在相差 1 人" in host.section("heads")
    host.post("reconcile/heads", people=1)
    assert "少 1 人" in host.section("heads")
    host.post("reconcile/heads", people=2)
    assert "一致" in host.section("heads")
    counts = db.session.query(HeadCount).order_by(HeadCount.id).all()
    assert [(one.people, one.on_roll, one.counted_by_id) for one in counts] == [
        (3, 1, gathering.secretary.id),
        (1, 2, gathering.secretary.id),
        (2, 2, gathering.secretary.id),
    ]


@pytest.mark.parametrize("typed", ["", "很多", "-1", "1000001"])
def test_what_is_no_number_of_heads_is_refused_beside_the_field(host: Host, typed: str) -> None:
    page = host.post("reconcile/heads", people=typed)
    assert page.status == 422
    assert "整数" in page.errors()["people"]


def walk_in(gathering: Gathering, host: Host, name: str, phone: str = "") -> Person:
    """Register somebody at the door whom nobody recognised."""
    page = host.browser.post(
        f"/events/{host.event.id}/signups/walk-in", {"name": name, "unit": "路过", "phone": phone}
    )
    assert page.status < 400
    host.page  # noqa: B018  the roll is drawn
    return db.session.query(Person).order_by(Person.id.desc()).first()  # type: ignore[return-value]


def test_a_walk_in_of_the_roster_is_proposed_merged_and_taken_apart_again(
    host: Host, gathering: Gathering, at: Clock, any_database: str
) -> None:
    at(NINE + 2 * MINUTE)
    guest = walk_in(gathering, host, "党员测试甲")
    at(NINE + 20 * MINUTE)
    assert "姓名相同" in host.section("walk-ins")
    before = gathering.numbers(host.event)
    assert (before.present, before.others_come) == (0, 1)
    host.post("reconcile/merge", walk_in=guest.id, into=gathering.a.id)
    after = gathering.numbers(host.event)
    assert (after.present, after.others_come) == (1, 0)
    entry = gathering.entry(host.event, gathering.a)
    assert (entry.status, entry.arrived_at) == ("present", NINE + 2 * MINUTE)
    assert gathering.entry(host.event, guest).has_come is False
    assert signup_of(host.event, guest) is SignupStatus.CANCELLED
    words = host.section("walk-ins")
    assert "没有这样的人" in words
    mark = [field.get("value") for field in host.page.by("name", "mark")][-1]
    assert host.post("undo", mark=mark, back=f"{host.roll}/reconcile").status == 200
    assert gathering.numbers(host.event) == before
    assert gathering.entry(host.event, guest).arrived_at == NINE + 2 * MINUTE
    assert signup_of(host.event, guest) is SignupStatus.CONFIRMED
    assert "姓名相同" in host.section("walk-ins")


def signup_of(event: Event, person: Person) -> SignupStatus:
    db.session.rollback()
    return db.session.query(Signup).filter_by(event_id=event.id, person_id=person.id).one().status


def test_surname_and_digits_propose_too_but_namesakes_who_are_both_here_do_not(
    host: Host, gathering: Gathering, at: Clock
) -> None:
    at(NINE + 2 * MINUTE)
    walk_in(gathering, host, "党员测试乙")
    gathering.mark(host.event, gathering.b, "present")
    assert "没有这样的人" in host.section("walk-ins")
    walk_in(gathering, host, "党园", "1390000" + gathering.a.phone[-4:])
    assert "同姓，手机尾号相同" in host.section("walk-ins")


def test_nobody_of_the_roster_is_merged_away(host: Host, gathering: Gathering) -> None:
    gathering.mark(host.event, gathering.a, "present")
    page = host.post("reconcile/merge", walk_in=gathering.a.id, into=gathering.b.id)
    assert page.status == 409
    assert gathering.entry(host.event, gathering.a).has_come


def test_what_is_unclear_is_noted_and_changes_nothing(
    host: Host, gathering: Gathering, at: Clock
) -> None:
    at(NINE + 4 * HOUR)
    host.back()
    send(gathering, host.event, seen(gathering.a, NINE - MINUTE))
    send(gathering, host.event, seen(gathering.a, NINE + 3 * MINUTE), device="西门")
    send(gathering, host.event, seen(gathering.b, NINE - 3 * HOUR), seen(gathering.c, NINE))
    before = gathering.statuses(host.event)
    words = host.section("unclear")
    assert "党员测试甲 几分钟内在两处签到" in words
    assert "党员测试乙 签到时间不在签到时段内" in words
    assert "没有任何登记" in words
    assert "党员测试乙" in host.section("late")
    assert "1 条被拒绝的签到" in host.section("refused")
    assert gathering.statuses(host.event) == before


def test_several_who_sign_in_on_one_phone_within_minutes_are_noted(
    host: Host, gathering: Gathering, at: Clock, app: Flask
) -> None:
    phone = Browser(app)
    for who, minutes in (("a", 0), ("b", 3)):
        at(START + minutes * MINUTE)
        code = code_of(gathering, host.event, START + minutes * MINUTE)
        phone.sign_in(who)
        assert phone.post(f"/c/{code}", {}).status == 200
        phone.post("/logout", {})
    at(START + 5 * MINUTE)
    db.session.rollback()
    assert len({mark.browser for mark in db.session.query(AttendanceMark)}) == 1
    assert "用同一部手机签到" in host.section("unclear")


def test_the_page_asks_the_same_of_1_and_of_50(
    host: Host, gathering: Gathering, at: Clock, queries_of
) -> None:
    people = gathering.many(60)
    event = gathering.lesson()
    gathering.open(event)
    host = Host(host.browser, event)
    gathering.mark(event, people[0], "leave_sick")
    at(START + 5 * MINUTE)
    send(gathering, event, seen(people[0], START))
    page = f"{host.roll}/reconcile"
    host.browser.get(page)
    one = queries_of(lambda: host.browser.get(page))
    for person in people[1:]:
        gathering.mark(event, person, "leave_sick")
    send(gathering, event, *(seen(person, START) for person in people[1:]))
    send(gathering, event, *(seen(gathering.d) for _ in range(60)))
    host.browser.get(page)
    assert queries_of(lambda: host.browser.get(page)) == one
    assert one <= 8
    assert "另外还有" in host.section("contradictions")


def test_a_confirmed_roll_is_only_looked_at(host: Host, gathering: Gathering, at: Clock) -> None:
    at(NINE + HOUR)
    host.back()
    gathering.confirm(host.event)
    assert not [form for form in host.page.forms() if "/reconcile" in form.action]
    assert host.post("reconcile/heads", people=3).status == 409
