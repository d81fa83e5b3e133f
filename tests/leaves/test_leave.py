"""Leave from one event: asked for, entered by telephone, granted, refused, taken back."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.database import db
from portal.events.models import Audience, EventState
from portal.leaves.models import LeaveKind, LeaveRequest, LeaveState
from portal.messages.models import Message
from portal.people.models import Person
from portal.signups.models import Signup, SignupStatus
from tests import chores, factories
from tests.attendance.conftest import HOUR, MINUTE, NINE
from tests.leaves.conftest import Gathering
from tests.page import Browser, Page, text_of

At = Callable[[datetime], None]


@pytest.fixture
def as_(app: Flask) -> Callable[[str], Browser]:
    return lambda username: Browser(app).sign_in(username)


def request_of(person: Person) -> LeaveRequest:
    db.session.rollback()
    return db.session.scalars(
        select(LeaveRequest)
        .where(LeaveRequest.person_id == person.id)
        .order_by(LeaveRequest.id.desc())
    ).first()  # type: ignore[return-value]


def told(person: Person) -> list[str]:
    return list(db.session.scalars(select(Message.subject).where(Message.person_id == person.id)))


def asked(browser: Browser, event_id: int, **typed: str) -> Page:
    form = browser.get(f"/events/{event_id}/leave").form("/leave")
    fields: dict[str, Any] = {"kind": "sick", "reason": "发烧", **typed}
    return browser.submit(form, **fields)


def test_a_member_asks_the_branch_secretary_grants_and_the_roll_says_so(
    gathering: Gathering, as_: Callable[[str], Browser], at: At, any_database: str
) -> None:
    event = gathering.lesson()
    at(NINE - 3 * HOUR)
    member = as_("a")
    panel = member.get(f"/events/{event.id}")
    assert panel.by("data-leave", "none")
    page = asked(member, event.id)
    assert page.by("data-leave", "pending")
    assert gathering.statuses(event)["党员测试甲"] == "expected"

    secretary = as_("branch")
    home = secretary.get("/leaves/")
    assert [text_of(row) for row in home.by("data-task", "decide_leave")]
    page = secretary.get(f"/events/{event.id}/leaves/{request_of(gathering.a).id}")
    assert "发烧" in page.text
    page = secretary.submit(page.form("/grant"), proof_seen="y")
    assert page.status == 200
    assert gathering.statuses(event)["党员测试甲"] == "leave_sick"
    numbers = gathering.numbers(event)
    assert numbers.due == numbers.present + numbers.leave + numbers.absent
    assert numbers.leave == 1
    assert told(gathering.a)[-1].startswith("请假已批准")
    page = member.get(f"/events/{event.id}")
    assert page.by("data-leave", "granted")
    assert "支书测试甲批准" in page.text


def test_the_reason_is_shown_to_those_who_decide_alone(
    gathering: Gathering, as_: Callable[[str], Browser], at: At
) -> None:
    event = gathering.lesson()
    at(NINE - 3 * HOUR)
    asked(as_("a"), event.id, reason="住院检查")
    number = request_of(gathering.a).id
    assert "住院检查" in as_("branch").get(f"/events/{event.id}/leaves/{number}").text
    assert as_("b").get(f"/events/{event.id}/leaves/{number}").status == 403
    assert as_("secretary2").get(f"/events/{event.id}/leaves/{number}").status == 403
    as_("branch").post(f"/events/{event.id}/leaves/{number}/grant")
    gathering.open(event)
    for path in (f"/events/{event.id}/attendance", f"/events/{event.id}/leaves"):
        page = as_("secretary").get(path)
        assert page.status == 200
        assert "住院检查" not in page.text


def test_what_is_asked_after_the_start_is_marked_so_for_good(
    gathering: Gathering, as_: Callable[[str], Browser], at: At
) -> None:
    event = gathering.lesson()
    at(NINE + 5 * MINUTE)
    member = as_("a")
    assert "事后请假" in member.get(f"/events/{event.id}/leave").text
    asked(member, event.id, kind="public")
    assert request_of(gathering.a).is_after_start
    address = f"/events/{event.id}/leaves/{request_of(gathering.a).id}"
    assert "事后请假" in as_("branch").get(address).text


def test_after_the_confirmation_a_late_leave_is_a_correction_with_its_reason(
    gathering: Gathering, as_: Callable[[str], Browser], at: At
) -> None:
    event = gathering.lesson()
    at(NINE + HOUR)
    gathering.confirm(event)
    assert gathering.statuses(event)["党员测试甲"] == "absent"
    asked(as_("a"), event.id, kind="personal")
    as_("branch").post(f"/events/{event.id}/leaves/{request_of(gathering.a).id}/grant")
    assert gathering.statuses(event)["党员测试甲"] == "leave_personal"
    assert "事假获准" in as_("secretary").get(f"/events/{event.id}/attendance").text


@pytest.mark.parametrize(
    ("who", "sentence"),
    [("d", "没有找到"), ("c", "不用请假"), ("exempt", "不用请假"), ("present", "不用请假")],
)
def test_nobody_asks_who_need_not_come_or_has_come(
    gathering: Gathering, as_: Callable[[str], Browser], at: At, who: str, sentence: str
) -> None:
    event = gathering.lesson(audience=Audience.DUE)
    at(NINE)
    if who == "exempt":
        gathering.open(event)
        gathering.mark(event, gathering.a, "exempt")
    if who == "present":
        gathering.open(event)
        gathering.mark(event, gathering.a, "present")
    browser = as_(who if who in {"c", "d"} else "a")
    page = browser.post(f"/events/{event.id}/leave", {"kind": "sick"})
    assert page.status in {403, 404, 409}
    assert request_of(gathering.a) is None
    assert page.alert


def test_one_request_at_a_time_and_another_after_a_refusal(
    gathering: Gathering, as_: Callable[[str], Browser], at: At, any_database: str
) -> None:
    event = gathering.lesson()
    at(NINE - 3 * HOUR)
    member = as_("a")
    asked(member, event.id)
    again = member.post(f"/events/{event.id}/leave", {"kind": "sick"})
    assert (again.status, again.alert) == (409, "党员测试甲已经请过假了，不用再请。")
    first = request_of(gathering.a)
    secretary = as_("branch")
    silent = secretary.post(f"/events/{event.id}/leaves/{first.id}/refuse", {"note": " "})
    assert silent.status == 422
    assert silent.errors() == {"note": "请写明不批准的理由，本人会看到。"}
    secretary.post(f"/events/{event.id}/leaves/{first.id}/refuse", {"note": "请克服一下"})
    assert request_of(gathering.a).state is LeaveState.REFUSED
    assert "请克服一下" in member.get(f"/events/{event.id}").text
    assert secretary.post(f"/events/{event.id}/leaves/{first.id}/grant").status == 409
    asked(member, event.id, kind="public")
    assert request_of(gathering.a).id != first.id


def test_two_who_decide_at_once_decide_once(
    gathering: Gathering, as_: Callable[[str], Browser], at: At
) -> None:
    event = gathering.lesson()
    at(NINE - 3 * HOUR)
    asked(as_("a"), event.id)
    number = request_of(gathering.a).id
    assert as_("branch").post(f"/events/{event.id}/leaves/{number}/grant").status == 200
    late = as_("secretary").post(f"/events/{event.id}/leaves/{number}/refuse", {"note": "不行"})
    assert (late.status, late.alert) == (409, "这份请假已经处理过了。")
    assert gathering.statuses(event)["党员测试甲"] == "leave_sick"


def test_a_granted_leave_frees_the_place_for_the_next_in_line(
    gathering: Gathering, as_: Callable[[str], Browser], at: At
) -> None:
    event = gathering.lesson(audience=Audience.OPEN, capacity=1)
    at(NINE - 5 * HOUR)
    as_("a").post(f"/events/{event.id}/signups")
    as_("b").post(f"/events/{event.id}/signups")
    asked(as_("a"), event.id)
    as_("secretary").post(f"/events/{event.id}/leaves/{request_of(gathering.a).id}/grant")
    db.session.rollback()
    states = {signup.person_id: signup.status for signup in db.session.scalars(select(Signup))}
    assert states == {
        gathering.a.id: SignupStatus.CANCELLED,
        gathering.b.id: SignupStatus.CONFIRMED,
    }
    gathering.open(event)
    assert gathering.statuses(event) == {"党员测试甲": "leave_sick", "党员测试乙": "expected"}


def test_leave_is_withdrawn_until_the_start_and_one_is_expected_again(
    gathering: Gathering, as_: Callable[[str], Browser], at: At
) -> None:
    event = gathering.lesson()
    at(NINE - 3 * HOUR)
    member = as_("a")
    asked(member, event.id)
    as_("branch").post(f"/events/{event.id}/leaves/{request_of(gathering.a).id}/grant")
    page = member.get(f"/events/{event.id}")
    page = member.submit(page.form("/leave/withdraw"))
    assert page.by("data-leave", "withdrawn")
    assert gathering.statuses(event)["党员测试甲"] == "expected"
    asked(member, event.id)
    as_("branch").post(f"/events/{event.id}/leaves/{request_of(gathering.a).id}/grant")
    at(NINE)
    late = as_("a").post(f"/events/{event.id}/leave/withdraw")
    assert late.status == 409
    assert gathering.statuses(event)["党员测试甲"] == "leave_sick"


def test_a_leave_granted_by_mistake_is_taken_back_with_a_reason(
    gathering: Gathering, as_: Callable[[str], Browser], at: At
) -> None:
    event = gathering.lesson()
    at(NINE - 3 * HOUR)
    asked(as_("a"), event.id)
    secretary = as_("branch")
    number = request_of(gathering.a).id
    secretary.post(f"/events/{event.id}/leaves/{number}/grant")
    assert secretary.post(f"/events/{event.id}/leaves/{number}/take-back").status == 422
    secretary.post(f"/events/{event.id}/leaves/{number}/take-back", {"note": "点错了人"})
    assert gathering.statuses(event)["党员测试甲"] == "expected"
    assert told(gathering.a)[-1].startswith("准假已撤销")


def test_who_came_all_the_same_is_not_put_on_leave(
    gathering: Gathering, as_: Callable[[str], Browser], at: At
) -> None:
    event = gathering.lesson()
    at(NINE - 3 * HOUR)
    asked(as_("a"), event.id)
    at(NINE)
    gathering.mark(event, gathering.a, "present")
    page = as_("branch").post(f"/events/{event.id}/leaves/{request_of(gathering.a).id}/grant")
    assert page.status == 409
    assert "已经到场" in page.alert
    assert request_of(gathering.a).state is LeaveState.PENDING
    assert gathering.statuses(event)["党员测试甲"] == "present"


def test_a_telephone_call_is_entered_and_says_by_whom(
    gathering: Gathering, as_: Callable[[str], Browser], at: At, way: str
) -> None:
    event = gathering.lesson(host=gathering.branch_one)
    at(NINE - 3 * HOUR)
    secretary = as_("recorder")
    page = secretary.get(f"/events/{event.id}/leaves/enter", q="党员测试乙")
    form = page.forms()[-1]
    assert form.fields["person"] == str(gathering.b.id)
    bare = secretary.submit(form, htmx=way == "htmx")
    assert bare.status == 422
    assert "请选择哪种假。" in bare.errors().values() or "请选择哪种假。" in bare.text
    secretary.submit(form, kind="sick", reason="电话说明", htmx=way == "htmx")
    assert gathering.statuses(event)["党员测试乙"] == "leave_sick"
    leave = request_of(gathering.b)
    assert (leave.state, leave.is_entered) == (LeaveState.GRANTED, True)
    assert "记录测试甲代录" in as_("secretary").get(f"/events/{event.id}/leaves").text


def test_nobody_enters_their_own(
    gathering: Gathering, as_: Callable[[str], Browser], at: At
) -> None:
    event = gathering.lesson(host=gathering.branch_one)
    at(NINE - 3 * HOUR)
    page = as_("recorder").post(
        f"/events/{event.id}/leaves/enter", {"person": gathering.recorder.id, "kind": "sick"}
    )
    assert page.status == 409
    assert request_of(gathering.recorder) is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"kind": "holiday"}, "kind"), ({"kind": ""}, "kind"), ({"reason": "长" * 201}, "reason")],
)
def test_bad_input_comes_back_with_a_sentence_beside_it(
    gathering: Gathering,
    as_: Callable[[str], Browser],
    at: At,
    typed: dict[str, str],
    field: str,
) -> None:
    event = gathering.lesson()
    at(NINE - 3 * HOUR)
    page = asked(as_("a"), event.id, **typed)
    assert page.status == 422
    assert field in page.errors()
    assert request_of(gathering.a) is None


def test_no_leave_from_what_is_called_off_or_long_over(
    gathering: Gathering, as_: Callable[[str], Browser], at: At
) -> None:
    at(NINE - 3 * HOUR)
    off = gathering.lesson(state=EventState.CANCELLED)
    assert as_("a").post(f"/events/{off.id}/leave", {"kind": "sick"}).status == 409
    over = gathering.lesson()
    at(NINE + 8 * 24 * HOUR)
    assert as_("a").get(f"/events/{over.id}/leave").status == 409


def test_reasons_are_forgotten_half_a_year_after_the_event(
    gathering: Gathering,
    app: Flask,
    as_: Callable[[str], Browser],
    at: At,
    any_database: str,
) -> None:
    event = gathering.lesson()
    at(NINE - 3 * HOUR)
    asked(as_("a"), event.id)
    as_("branch").post(f"/events/{event.id}/leaves/{request_of(gathering.a).id}/grant")
    for days, reason in ((179, "发烧"), (182, "")):
        chores.work_at(app, NINE + 24 * days * HOUR)
        db.session.rollback()
        leave = request_of(gathering.a)
        assert (leave.reason, leave.kind) == (reason, LeaveKind.SICK)


def test_ones_own_data_tell_of_leave_and_of_what_was_made_up(
    gathering: Gathering, as_: Callable[[str], Browser], at: At
) -> None:
    event = gathering.lesson()
    at(NINE - 3 * HOUR)
    asked(as_("a"), event.id)
    factories.make_up(event, gathering.a)
    factories.commit()
    kept = as_("a").client.get("/me/data.json")
    told_of = json.loads(kept.get_data(as_text=True))
    assert [one["事由"] for one in told_of["请假"]] == ["发烧"]
    assert [one["方式"] for one in told_of["补课"]] == ["自学"]


def test_lists_of_leave_ask_the_same_for_one_and_for_fifty(
    gathering: Gathering,
    as_: Callable[[str], Browser],
    at: At,
    queries_of: Callable[[Callable[[], object]], int],
) -> None:
    event = gathering.lesson()
    at(NINE - 3 * HOUR)
    factories.leave(event, gathering.a)
    factories.commit()
    secretary = as_("secretary")
    pages = (f"/events/{event.id}/leaves", "/leaves/")
    for path in pages:
        secretary.get(path)
    few = [queries_of(partial(secretary.get, path)) for path in pages]
    for person in gathering.many(50):
        factories.leave(event, person)
    factories.commit()
    many = [queries_of(partial(secretary.get, path)) for path in pages]
    assert few == many
    assert max(many) <= 8
