"""The roll as its host meets it, plain and with htmx."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from portal.attendance import queries
from portal.database import db
from portal.events import queries as events
from portal.events.models import Audience, EventState
from portal.people import naming
from portal.people.models import Person, PersonKey
from tests import factories
from tests.attendance.conftest import HOUR, MINUTE, NINE, Gathering
from tests.page import Browser, Page, text_of

Clock = Callable[[datetime], None]


@pytest.fixture
def secretary(gathering: Gathering, at: Clock, browser: Browser) -> Browser:
    return browser.sign_in("secretary")


def counts(page: Page) -> dict[str, str]:
    return {element.get("data-count", ""): text_of(element) for element in page.by("data-count")}


def rows(page: Page) -> dict[str, str]:
    return {
        row.get("data-person", ""): row.get("data-status", "") for row in page.by("data-person")
    }


def findable(person: Person) -> None:
    for key in {*naming.search_keys(person.name), *naming.phone_keys(person.phone)}:
        db.session.add(PersonKey(person_id=person.id, key=key))
    factories.commit()


def named(gathering: Gathering, name: str, **values) -> Person:
    made = factories.person(name, gathering.branch_one, **values)
    findable(made)
    return made


def test_the_four_numbers_and_the_rows_say_the_same(
    gathering: Gathering, secretary: Browser, any_database: str
) -> None:
    event = gathering.lesson()
    gathering.mark(event, gathering.a, "present")
    gathering.mark(event, gathering.b, "leave_public")
    page = secretary.get(f"/events/{event.id}/attendance")
    assert counts(page) == {"due": "7", "present": "1", "leave": "1", "absent": "5"}
    assert sorted(rows(page).values()) == ["expected"] * 5 + ["leave_public", "present"]
    assert "未到" in page.text


def test_a_tap_counts_somebody_present(
    gathering: Gathering, secretary: Browser, way: str, any_database: str
) -> None:
    event = gathering.lesson()
    page = secretary.get(f"/events/{event.id}/attendance")
    form = page.form(f"/attendance/{gathering.a.id}")
    answer = secretary.submit(form, htmx=way == "htmx", status="present")
    assert answer.status == 200
    assert rows(answer)[str(gathering.a.id)] == "present"
    assert counts(answer)["present"] == "1"
    assert "党员测试甲：已到" in answer.text
    assert answer.form("/attendance/undo").fields["mark"]


def test_a_tap_sent_twice_counts_once(gathering: Gathering, secretary: Browser, way: str) -> None:
    event = gathering.lesson()
    page = secretary.get(f"/events/{event.id}/attendance")
    form = page.form(f"/attendance/{gathering.a.id}")
    for _ in range(2):
        secretary.submit(form, htmx=way == "htmx", status="present")
    entry = gathering.entry(event, gathering.a)
    assert len(queries.history(entry)) == 1


def test_tapping_again_does_no_harm(gathering: Gathering, secretary: Browser, way: str) -> None:
    event = gathering.lesson()
    gathering.mark(event, gathering.a, "late")
    page = secretary.get(f"/events/{event.id}/attendance")
    button = next(b for b in page.find_all("button") if b.get("id") == f"tap-{gathering.a.id}")
    form = page.form(f"/attendance/{gathering.a.id}")
    answer = secretary.submit(form, htmx=way == "htmx", status=button.get("value"))
    assert rows(answer)[str(gathering.a.id)] == "late"


def test_undo_takes_the_last_mark_back(gathering: Gathering, secretary: Browser, way: str) -> None:
    event = gathering.lesson()
    address = f"/events/{event.id}/attendance"
    secretary.post(f"{address}/{gathering.a.id}", {"status": "present"})
    form = secretary.get(address).form("/attendance/undo")
    answer = secretary.submit(form, htmx=way == "htmx")
    assert counts(answer)["present"] == "0"
    assert gathering.statuses(event)["党员测试甲"] == "expected"
    refused = secretary.submit(form, htmx=way == "htmx")
    assert refused.status == 409
    assert "撤销" in refused.alert


def test_undo_without_a_number_takes_ones_own_last_mark_back(
    gathering: Gathering, secretary: Browser
) -> None:
    event = gathering.lesson()
    gathering.mark(event, gathering.a, "present")
    gathering.mark(event, gathering.b, "present", actor=gathering.recorder)
    secretary.post(f"/events/{event.id}/attendance/undo")
    statuses = gathering.statuses(event)
    assert (statuses["党员测试甲"], statuses["党员测试乙"]) == ("expected", "present")
    assert secretary.post(f"/events/{event.id}/attendance/undo").status in {404, 409}


@pytest.mark.parametrize("number", ["abc", "-1", "0", "2147483648", "9" * 19, "4\x00"])
def test_a_step_that_cannot_be_is_not_taken_back_nor_another_instead(
    gathering: Gathering, secretary: Browser, number: str, any_database: str
) -> None:
    event = gathering.lesson()
    gathering.mark(event, gathering.a, "present")
    page = secretary.post(f"/events/{event.id}/attendance/undo", {"mark": number})
    assert page.status == 404
    assert "没有改动" in page.alert
    assert gathering.statuses(event)["党员测试甲"] == "present"


@pytest.mark.parametrize("typed", ["王建", "wangjian", "wjg", "WJ", "5678", "建国"])
def test_somebody_is_found_by_name_pinyin_initials_and_phone(
    gathering: Gathering, secretary: Browser, typed: str, any_database: str
) -> None:
    wanted = named(gathering, "王建国", phone="13812345678")
    named(gathering, "李秀兰")
    event = gathering.lesson()
    page = secretary.get(f"/events/{event.id}/attendance", q=typed)
    assert list(rows(page)) == [str(wanted.id)]


def test_two_keys_and_enter_tick_the_one_who_is_left(
    gathering: Gathering, secretary: Browser, way: str
) -> None:
    wanted = named(gathering, "王建国")
    event = gathering.lesson()
    form = secretary.get(f"/events/{event.id}/attendance").form("/attendance/find")
    answer = secretary.submit(form, htmx=way == "htmx", q="wj")
    assert gathering.entry(event, wanted).status.value == "present"
    assert counts(answer)["present"] == "1"
    (field,) = answer.find_all("input", id="roll-q")
    assert field.get("value") == ""


def test_enter_never_guesses_between_two(
    gathering: Gathering, secretary: Browser, way: str
) -> None:
    for name in ("王建国", "王建军"):
        named(gathering, name)
    event = gathering.lesson()
    form = secretary.get(f"/events/{event.id}/attendance").form("/attendance/find")
    answer = secretary.submit(form, htmx=way == "htmx", q="wj")
    assert len(rows(answer)) == 2
    assert set(rows(answer).values()) == {"expected"}
    assert gathering.numbers(event).present == 0


def test_whom_nobody_finds_can_be_registered_at_the_door(
    gathering: Gathering, secretary: Browser
) -> None:
    event = gathering.lesson()
    page = secretary.get(f"/events/{event.id}/attendance", q="查无此人")
    assert "名册上没有" in page.text
    assert "/walk-in?q=" in page.links()["现场登记"]


@pytest.mark.parametrize(
    ("show", "who"),
    [
        ("missing", "党员测试乙"),
        ("present", "党员测试甲"),
        ("leave", "支书测试甲"),
        ("others", "物业测试甲"),
    ],
)
def test_a_chip_shows_one_kind_of_rows(
    gathering: Gathering, secretary: Browser, show: str, who: str
) -> None:
    event = gathering.lesson()
    for person, status in (
        (gathering.a, "present"),
        (gathering.branch, "leave_sick"),
        (gathering.keeper, "exempt"),
    ):
        gathering.mark(event, person, status)
    page = secretary.get(f"/events/{event.id}/attendance", show=show)
    names = [text_of(element) for element in page.by("class", "roll-name")]
    assert who in names
    assert len(names) == (4 if show == "missing" else 1)


def test_to_htmx_the_roll_answers_with_its_rows_alone(
    gathering: Gathering, secretary: Browser
) -> None:
    event = gathering.lesson()
    fragment = secretary.get(f"/events/{event.id}/attendance", htmx=True, q="党员测试甲")
    assert not fragment.whole
    assert list(rows(fragment)) == [str(gathering.a.id)]
    assert not fragment.find_all("input", id="roll-q")


def test_an_open_screen_hears_of_other_devices(
    gathering: Gathering, secretary: Browser, any_database: str
) -> None:
    event = gathering.lesson()
    page = secretary.get(f"/events/{event.id}/attendance")
    (numbers,) = page.by("id", "roll-numbers")
    address = numbers.get("hx-get", "")
    assert secretary.client.get(address, headers={"HX-Request": "true"}).status_code == 204
    gathering.mark(event, gathering.a, "present", actor=gathering.recorder)
    heard = secretary.get(address, htmx=True)
    assert counts(heard)["present"] == "1"
    assert "roll-changed" in heard.response.headers["HX-Trigger"]
    (again,) = heard.by("id", "roll-numbers")
    assert again.get("hx-get") != address


def test_an_open_screen_hears_of_a_new_sign_up(gathering: Gathering, secretary: Browser) -> None:
    event = gathering.lesson(audience=Audience.OPEN)
    page = secretary.get(f"/events/{event.id}/attendance")
    address = page.by("id", "roll-numbers")[0].get("hx-get", "")
    gathering.sign_up(event, gathering.c, NINE - 12 * MINUTE)
    assert counts(secretary.get(address, htmx=True))["due"] == "1"


def test_a_tap_tells_the_page_when_others_have_tapped_too(
    gathering: Gathering, secretary: Browser
) -> None:
    event = gathering.lesson()
    page = secretary.get(f"/events/{event.id}/attendance")
    revision = page.find_all("input", id="roll-revision")[0].get("value")
    form = page.form(f"/attendance/{gathering.a.id}")
    alone = secretary.submit(form, htmx=True, status="present", revision=revision)
    assert "HX-Trigger" not in alone.response.headers
    gathering.mark(event, gathering.b, "present", actor=gathering.recorder)
    known = alone.find_all("input", id="roll-revision")[0].get("value")
    form = page.form(f"/attendance/{gathering.branch.id}")
    second = secretary.submit(form, htmx=True, status="present", revision=known)
    assert "roll-changed" in second.response.headers["HX-Trigger"]


def test_all_present_except_those_who_are_ticked(gathering: Gathering, secretary: Browser) -> None:
    event = gathering.lesson()
    page = secretary.get(f"/events/{event.id}/attendance/all-present")
    form = page.form("/attendance/all-present")
    exceptions: dict[str, Any] = {"except": [str(gathering.a.id), str(gathering.b.id)]}
    answer = secretary.submit(form, **exceptions)
    assert counts(answer) == {"due": "7", "present": "5", "leave": "0", "absent": "2"}
    assert "5 人：已到" in answer.text
    assert gathering.statuses(event)["党员测试甲"] == "expected"


@pytest.mark.parametrize("up_to", ["0", "-1", "abc", "", "9" * 40])
def test_that_nobody_was_marked_is_said(
    gathering: Gathering, secretary: Browser, up_to: str
) -> None:
    event = gathering.lesson()
    form = secretary.get(f"/events/{event.id}/attendance/all-present").form("/all-present")
    boxes = [box.get("value") for box in form.element.iter("input") if box.get("name") == "except"]
    everybody: dict[str, Any] = {"up_to": up_to, "except": boxes}
    answer = secretary.submit(form, **everybody)
    assert "没有把任何人登记为已到" in answer.text
    assert counts(answer)["present"] == "0"


def test_a_balanced_roll_is_confirmed_in_two_actions(
    gathering: Gathering, secretary: Browser, at: Clock
) -> None:
    event = gathering.lesson()
    gathering.mark(event, gathering.a, "present")
    assert "确认名册" not in secretary.get(f"/events/{event.id}/attendance").links()
    at(NINE + 10 * MINUTE)
    page = secretary.get(f"/events/{event.id}/attendance")
    review = secretary.get(page.links()["确认名册"])
    assert "还有 6 人未到，将记为缺席" in review.text
    done = secretary.submit(review.form("/attendance/confirm"))
    assert counts(done) == {"due": "7", "present": "1", "leave": "0", "absent": "6"}
    assert "缺席" in done.text
    assert "名册已确认" in done.text
    assert not done.by("data-live")
    assert events.event(event.id).state is EventState.RECORDED


def test_the_roll_can_be_confirmed_by_its_address_alone(
    gathering: Gathering, secretary: Browser, at: Clock
) -> None:
    event = gathering.lesson()
    early = secretary.post(f"/events/{event.id}/attendance/confirm")
    assert early.status == 409
    assert "还没有开始" in early.alert
    at(NINE + MINUTE)
    assert secretary.post(f"/events/{event.id}/attendance/confirm").status == 200
    again = secretary.post(f"/events/{event.id}/attendance/confirm")
    assert again.status == 409
    assert secretary.get(f"/events/{event.id}/attendance/confirm").status == 409


def test_a_correction_needs_its_reason_and_is_listed(
    gathering: Gathering, secretary: Browser, at: Clock
) -> None:
    event = gathering.lesson()
    at(NINE + MINUTE)
    gathering.confirm(event)
    address = f"/events/{event.id}/attendance/{gathering.a.id}"
    page = secretary.get(address)
    refused = secretary.submit(page.form(address), status="present", reason="")
    assert refused.status == 422
    assert "理由" in refused.errors()["reason"]
    assert refused.form(address).fields["status"] == "present"
    done = secretary.submit(page.form(address), status="present", reason="签到表上有签名")
    assert counts(done)["present"] == "1"
    assert "签到表上有签名" in done.text
    assert "缺席 → 已到" in done.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"reason": "很长" * 101}, "最多 200 个字"), ({"status": "nonsense"}, "没有这种签到状态")],
)
def test_a_correction_that_cannot_be_comes_back_as_typed(
    gathering: Gathering, secretary: Browser, at: Clock, changes: dict[str, str], said: str
) -> None:
    event = gathering.lesson()
    at(NINE + MINUTE)
    gathering.confirm(event)
    address = f"/events/{event.id}/attendance/{gathering.a.id}"
    typed = {"status": "present", "reason": "签到表上有签名", **changes}
    refused = secretary.post(address, typed)
    assert refused.status == 422
    assert said in refused.text
    assert refused.form(address).fields["reason"] == typed["reason"]


def test_a_screen_that_missed_the_confirmation_is_told(
    gathering: Gathering, secretary: Browser, at: Clock
) -> None:
    event = gathering.lesson()
    form = secretary.get(f"/events/{event.id}/attendance").form(f"/{gathering.a.id}")
    at(NINE + MINUTE)
    gathering.confirm(event)
    answer = secretary.submit(form, htmx=True, status="present")
    assert answer.status == 422
    assert "理由" in answer.alert
    assert answer.response.headers["HX-Retarget"] == "#messages"


@pytest.mark.parametrize("status", ["", "nonsense", "出席"])
def test_an_unknown_status_is_refused(
    gathering: Gathering, secretary: Browser, way: str, status: str
) -> None:
    event = gathering.lesson()
    path = f"/events/{event.id}/attendance/{gathering.a.id}"
    page = secretary.post(path, {"status": status}, htmx=way == "htmx")
    assert page.status == 422
    assert page.alert


def test_before_the_opening_rows_cannot_be_ticked_but_leave_can(
    gathering: Gathering, secretary: Browser
) -> None:
    event = gathering.lesson(starts_at=NINE + 24 * HOUR)
    page = secretary.get(f"/events/{event.id}/attendance")
    offered = {button.get("value") for button in page.find_all("button", name="status")}
    assert "leave_sick" in offered
    assert not offered & {"present", "late", "absent"}
    path = f"/events/{event.id}/attendance/{gathering.a.id}"
    assert secretary.post(path, {"status": "present"}).status == 409
    assert secretary.post(path, {"status": "leave_sick"}).status == 200


def test_the_person_page_tells_every_mark(gathering: Gathering, secretary: Browser) -> None:
    event = gathering.lesson()
    gathering.mark(event, gathering.a, "present")
    gathering.mark(event, gathering.a, "left_early", actor=gathering.recorder)
    page = secretary.get(f"/events/{event.id}/attendance/{gathering.a.id}")
    assert "未到 → 已到" in page.text
    assert "已到 → 早退" in page.text
    assert "记录测试甲" in page.text


@pytest.mark.parametrize(
    ("username", "status"),
    [
        ("secretary", 200),
        ("office", 200),
        ("branch", 403),
        ("recorder", 403),
        ("secretary2", 404),
        ("a", 403),
        ("c", 404),
        ("d", 404),
    ],
)
def test_only_the_hosts_of_an_event_see_its_roll(
    gathering: Gathering, at: Clock, browser: Browser, username: str, status: int
) -> None:
    event = gathering.lesson()  # hosted by the community, due to branch one
    gathering.open(event)
    browser.sign_in(username)
    for path in ("attendance", "attendance/live", "screen", "sign-in-sheet", "sign-in-sheet.xlsx"):
        answer = browser.client.get(f"/events/{event.id}/{path}")
        assert answer.status_code == status, path
    if status != 200:
        path = f"/events/{event.id}/attendance/{gathering.a.id}"
        refused = browser.post(path, {"status": "present"})
        assert refused.status == status
        assert refused.alert
        assert browser.post(f"/events/{event.id}/attendance/confirm").status == status
        assert gathering.statuses(event)["党员测试甲"] == "expected"


def test_what_does_not_take_place_has_no_roll_page(
    gathering: Gathering, secretary: Browser
) -> None:
    event = gathering.lesson(state=EventState.DRAFT)
    page = secretary.get(f"/events/{event.id}/attendance")
    assert page.status == 409
    assert page.alert


def test_the_roll_asks_the_database_the_same_for_one_and_for_fifty(
    gathering: Gathering, secretary: Browser, queries_of: Callable, any_database: str
) -> None:
    small = gathering.lesson(gathering.branch_far)
    gathering.many(120)
    large = gathering.lesson()
    for event in (small, large):
        gathering.open(event)
    numbers = []
    for event in (small, large):
        address = f"/events/{event.id}/attendance"
        secretary.get(address)
        numbers.append(queries_of(lambda address=address: secretary.get(address)))
        assert queries_of(lambda address=address: secretary.get(address, htmx=True)) <= 8
    assert numbers[0] == numbers[1] <= 8
    page = secretary.get(f"/events/{large.id}/attendance")
    assert len(rows(page)) == 50
    assert len(rows(secretary.get(page.links()["下一页"]))) == 50


def test_lists_and_rolls_tell_the_numbers_of_this_moment_after_every_act(
    gathering: Gathering, secretary: Browser, at: Clock, any_database: str
) -> None:
    event = gathering.lesson()
    at(NINE + MINUTE)
    address = f"/events/{event.id}/attendance"
    a, b = gathering.a.id, gathering.b.id
    acts: list[tuple[str, dict[str, Any]]] = [
        (f"{address}/{a}", {"status": "present"}),
        (f"{address}/{b}", {"status": "leave_sick"}),
        (f"{address}/undo", {}),
        (f"{address}/{a}", {"status": "expected"}),
        (f"{address}/all-present", {"except": [str(b)], "up_to": "100000"}),
        (f"{address}/confirm", {"seen_expected": "1"}),
        (f"{address}/{b}", {"status": "present", "reason": "补登"}),
    ]
    told = set()
    for path, fields in acts:
        secretary.get(address)  # the numbers as they were are known by now
        secretary.get("/events/")
        answer = secretary.post(path, fields)
        assert answer.status < 400, (path, answer.text)
        db.session.expire_all()
        counted = queries.numbers(event.id)
        shown = secretary.get(address)
        page = counts(shown)
        assert page["present"] == str(counted.present), path
        assert page["leave"] == str(counted.leave), path
        statuses = {
            int(row.get("data-person", "")): row.get("data-status")
            for row in shown.by("data-person")
        }
        assert statuses == {
            entry.person_id: entry.status.value
            for entry in db.session.scalars(queries.entries(event.id))
        }, path
        in_list = f"实到 {counted.present}/{counted.due}"
        listed = secretary.get("/events/?when=week").text
        assert (in_list in listed) == bool(counted.present), path
        told.add(counted.present)
    assert len(told) > 2


def test_numbers_of_a_roll_that_has_not_changed_are_not_counted_again(
    gathering: Gathering, secretary: Browser, queries_of: Callable
) -> None:
    event = gathering.lesson()
    gathering.mark(event, gathering.a, "present")
    first = queries_of(lambda: secretary.get("/events/"))
    assert queries_of(lambda: secretary.get("/events/")) == first - 1


def test_rows_of_a_roll_that_has_not_changed_are_not_read_again(
    gathering: Gathering, secretary: Browser, queries_of: Callable
) -> None:
    event = gathering.lesson()
    address = f"/events/{event.id}/attendance"
    gathering.mark(event, gathering.a, "present")
    changed, unchanged = (queries_of(lambda: secretary.get(address)) for _ in range(2))
    assert changed == unchanged + 2  # its numbers, its rows
    assert queries_of(lambda: secretary.get(address, show="present")) == unchanged + 1


def test_a_poll_without_news_costs_next_to_nothing(
    gathering: Gathering, secretary: Browser, queries_of: Callable
) -> None:
    event = gathering.lesson()
    page = secretary.get(f"/events/{event.id}/attendance")
    address = page.by("id", "roll-numbers")[0].get("hx-get", "")
    quiet = queries_of(lambda: secretary.client.get(address, headers={"HX-Request": "true"}))
    assert quiet <= 3  # who reads, their grants, the roll


def test_the_event_page_tells_hosts_and_the_person_how_it_stands(
    gathering: Gathering, secretary: Browser
) -> None:
    event = gathering.lesson()
    gathering.mark(event, gathering.a, "present")
    page = secretary.get(f"/events/{event.id}")
    assert re.search(r"应到 7 ?，实到 1", page.text)
    mine = Browser(secretary.app).sign_in("a").get(f"/events/{event.id}")
    assert mine.by("data-my-attendance", "present")
    assert "应到 7" not in mine.text
    other = Browser(secretary.app).sign_in("b").get(f"/events/{event.id}")
    assert not other.by("data-my-attendance")


def test_those_who_watch_share_what_was_counted_and_are_never_told_anything_older(
    gathering: Gathering, app: Flask, secretary: Browser
) -> None:
    app.config["PORTAL_WATCHERS_SHARE_MS"] = 3_600_000
    event = gathering.lesson()
    gathering.open(event)

    def told(known: int) -> tuple[int, int] | None:
        """Return revision and present as a screen that knows this revision is told them."""
        page = secretary.get(f"/events/{event.id}/attendance/live?revision={known}", htmx=True)
        if page.status == 204:
            return None
        revision = int(page.by("name", "revision")[0].get("value") or "")
        return revision, int(text_of(page.by("data-count", "present")[0]))

    before = told(-1)
    assert before is not None
    gathering.mark(event, gathering.a, "present")
    assert told(-1) == before  # as another screen was told just now
    assert told(before[0]) is None
    gathering.mark(event, gathering.b, "present")
    # Whoever made the first mark has seen its revision: counted anew, and for the others too.
    assert told(before[0] + 1) == (before[0] + 2, 2)
    assert told(before[0]) == (before[0] + 2, 2)
