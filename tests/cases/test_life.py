"""From the spoken word to 销号: through the front door, as plain forms and as htmx."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.cases.models import Case, CaseState, CaseStep, Move
from portal.database import db
from portal.messages.models import Message
from tests import factories
from tests.cases.conftest import SignedIn, again
from tests.factories import Street
from tests.page import Page, text_of

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)  # 10:00 in China
DAY = timedelta(days=1)


def only_case() -> Case:
    db.session.expire_all()
    return db.session.scalars(select(Case)).one()


def taken_down(as_: SignedIn, street: Street, user: str = "secretary", **typed: Any) -> Page:
    browser = as_(user)
    form = browser.get("/cases/new").form("/cases/new")
    fields: dict[str, Any] = {
        "words": "三号楼的路灯坏了半个月，晚上老人不敢下楼。",
        "kind": "question",
        "organisation": str(street.branch_one.id),
        "place": "三号楼",
        "asker_name": "测试居民",
        "asker_phone": "13900000001",
        **typed,
    }
    return browser.submit(form, **fields)


def step(as_: SignedIn, user: str, move: Move, way: str = "plain", **typed: str) -> Page:
    browser = as_(user)
    address = f"/cases/{only_case().id}/steps/{move.value}"
    page = browser.get(address)
    if page.status != 200:
        return page
    return browser.submit(page.form(move.value), htmx=way == "htmx", **typed)


def moves() -> list[str]:
    return [one.move.value for one in db.session.scalars(select(CaseStep).order_by(CaseStep.id))]


def test_a_case_goes_from_the_spoken_word_to_the_askers_confirmation(
    street: Street, as_: SignedIn, way: str
) -> None:
    page = taken_down(as_, street)
    assert page.status == 200
    assert "三号楼的路灯坏了半个月" in text_of(page.by("data-words")[0])
    assert page.by("data-code")
    case = only_case()
    assert case.state is CaseState.REGISTERED
    told = select(Message.subject).where(Message.person_id == street.branch.id)
    assert "交给您办理" in db.session.scalars(told).one()

    assert step(as_, "branch", Move.ACCEPT, way, words="当天去看", contacted="y").status == 200
    assert again(case).contacted_at is not None
    step(as_, "branch", Move.REPORT, way, words="已报修，等配件")
    page = step(as_, "branch", Move.SETTLE, way, words="换了三盏灯，晚上已亮")
    assert again(case).state is CaseState.SETTLED
    # The unit says it is done: that closes nothing.
    assert again(case).closed_at is None
    page = step(as_, "secretary", Move.CLOSE, way)
    assert page.status == 422, "an answer must be the asker's"
    assert "不能替诉求人填" in page.text
    step(
        as_,
        "secretary",
        Move.CLOSE,
        way,
        method="phone",
        is_solved="yes",
        satisfaction="satisfied",
        words="亮了，谢谢",
    )
    closed = again(case)
    assert closed.state is CaseState.CLOSED
    assert closed.called_back_by_id == street.secretary.id
    page = as_("secretary").get(f"/cases/{case.id}")
    assert "由书记测试甲代为登记" in page.text
    assert moves() == ["register", "accept", "report", "settle", "close"]
    acts = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.like("case.%")).order_by(AuditEntry.id)
    ).all()
    assert acts == [f"case.{move}" for move in moves()]


def test_groups_that_are_called_alike_are_told_apart(street: Street, as_: SignedIn) -> None:
    for branch in (street.branch_one, street.branch_two):
        factories.organisation(f"{branch.name}第1党小组", branch, short_name="第1党小组")
    factories.commit()
    browser = as_("secretary")
    for address, name in (
        ("/cases/new", "organisation"),
        ("/cases/new", "lead"),
        ("/cases/", "org"),
    ):
        page = browser.get(address)
        shown = [
            "".join(option.itertext()).strip()
            for field in page.find_all("select", name=name)
            for option in field.iter("option")
        ]
        assert "汕头路社区第一党支部第1党小组" in shown
        assert "第1党小组" not in shown
        assert len(shown) == len(set(shown))


def test_what_the_asker_calls_solved_and_good_is_not_done_again(
    street: Street, as_: SignedIn
) -> None:
    taken_down(as_, street)
    step(as_, "branch", Move.SETTLE, words="修好了")
    for satisfaction in ("satisfied", "fairly"):
        refused = step(
            as_, "secretary", Move.REDO, is_solved="yes", satisfaction=satisfaction, words="好"
        )
        assert refused.status == 422
        assert "回访销号" in refused.errors()["satisfaction"]
    assert only_case().state is CaseState.SETTLED
    step(as_, "secretary", Move.REDO, is_solved="yes", satisfaction="not", words="弄脏了墙")
    assert only_case().state is CaseState.REWORK


def test_who_is_not_content_has_it_done_again_with_a_new_deadline(
    street: Street, as_: SignedIn
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        taken_down(as_, street)
        step(as_, "branch", Move.SETTLE, words="修好了")
    with time_machine.travel(MONDAY + 3 * DAY, tick=False):
        refused = step(
            as_, "secretary", Move.CLOSE, is_solved="yes", satisfaction="not", words="又坏了"
        )
        assert refused.status == 422
        assert "退回重办" in refused.text
        step(as_, "secretary", Move.REDO, is_solved="no", satisfaction="not", words="又坏了")
        case = only_case()
        assert case.state is CaseState.REWORK
        assert case.rework_count == 1
        assert case.due_day.isoformat() == "2026-03-12"
        step(as_, "branch", Move.SETTLE, words="换了线路")
        step(as_, "secretary", Move.CLOSE, is_solved="yes", satisfaction="fairly", words="可以")
        assert only_case().state is CaseState.CLOSED
        page = step(as_, "secretary", Move.REOPEN, words="雨后又不亮")
        assert page.status == 200
        assert only_case().state is CaseState.REWORK
        assert moves()[-1] == "reopen"


def test_what_is_not_ones_duty_is_sent_back_within_two_working_days_with_a_reason(
    street: Street, as_: SignedIn
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        taken_down(as_, street)
        assert step(as_, "branch", Move.RETURN).status == 422
        step(as_, "branch", Move.RETURN, words="路灯归市政，建议转市政")
        assert only_case().state is CaseState.RETURNED
        step(as_, "secretary", Move.ASSIGN, lead=str(street.branch_two.id), words="二支部先看")
        assert only_case().lead_id == street.branch_two.id
    with time_machine.travel(MONDAY + 3 * DAY, tick=False):
        page = step(as_, "secretary", Move.RETURN, words="还是不归我们")
        assert page.status == 409
        assert "2 个工作日" in page.alert


def test_an_extension_is_asked_for_and_granted_by_somebody_else(
    street: Street, as_: SignedIn
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        taken_down(as_, street)
        step(as_, "branch", Move.ACCEPT)
        page = step(as_, "branch", Move.ASK_EXTENSION, days="11", words="等配件")
        assert page.status == 422
        assert "10 个工作日" in page.text
        step(as_, "branch", Move.ASK_EXTENSION, days="3", words="等配件")
        case = only_case()
        assert (case.asked_days, case.due_day.isoformat()) == (3, "2026-03-09")
        refused = step(as_, "branch", Move.EXTEND, words="同意")
        assert refused.status == 403
        assert "由别人批复" in refused.alert
        step(as_, "secretary", Move.EXTEND, words="同意")
        case = only_case()
        assert (case.asked_days, case.granted_days) == (None, 3)
        assert case.due_day.isoformat() == "2026-03-12"
        assert case.first_due_at < case.due_at
        step(as_, "branch", Move.ASK_EXTENSION, days="8", words="还要")
        assert only_case().asked_days is None, "ten in all"
        step(as_, "branch", Move.ASK_EXTENSION, days="7", words="还要")
        step(as_, "secretary", Move.REFUSE_EXTENSION, words="不能再拖")
        assert only_case().due_day.isoformat() == "2026-03-12"


def test_what_cannot_be_done_is_explained_and_called_back_all_the_same(
    street: Street, as_: SignedIn
) -> None:
    taken_down(as_, street)
    step(as_, "branch", Move.TAKE_BACK, words="请示街道后答复")
    case = only_case()
    assert case.phase(case.updated_at).value == "taken_back"
    step(as_, "branch", Move.EXPLAIN, words="规划未批，暂不能加装")
    step(as_, "secretary", Move.NO_ANSWER, method="phone", words="没人接")
    assert only_case().state is CaseState.EXPLAINED
    step(as_, "secretary", Move.CLOSE, is_solved="no", satisfaction="fairly", words="理解")
    closed = only_case()
    assert closed.state is CaseState.CLOSED
    assert closed.is_solved is False


def test_no_answer_for_a_week_reads_not_called_back(street: Street, as_: SignedIn) -> None:
    with time_machine.travel(MONDAY, tick=False):
        taken_down(as_, street)
        step(as_, "branch", Move.SETTLE, words="修好了")
    with time_machine.travel(MONDAY + 8 * DAY, tick=False):
        case = only_case()
        page = as_("secretary").get(f"/cases/{case.id}")
        assert page.by("data-phase", "unanswered")
        assert "未回访" in page.text
        assert case.state is CaseState.SETTLED
        assert case.satisfaction is None


def test_the_words_are_never_changed_only_supplemented(street: Street, as_: SignedIn) -> None:
    taken_down(as_, street)
    case = only_case()
    form = as_("secretary").get(f"/cases/{case.id}/edit").form("/edit")
    assert "words" not in form.fields
    as_("secretary").submit(form, words="改写的话", place="三号楼北侧")
    assert again(case).place == "三号楼北侧"
    assert again(case).words.startswith("三号楼的路灯")
    step(as_, "recorder", Move.SUPPLEMENT, words="昨天有人摔了一跤")
    assert "昨天有人摔了一跤" in as_("secretary").get(f"/cases/{case.id}").text


def test_two_who_change_at_once_are_told(street: Street, as_: SignedIn) -> None:
    taken_down(as_, street)
    case = only_case()
    first = as_("secretary").get(f"/cases/{case.id}/edit").form("/edit")
    second = as_("branch").get(f"/cases/{case.id}/edit").form("/edit")
    as_("branch").submit(second, place="五号楼")
    page = as_("secretary").submit(first, place="七号楼")
    assert page.status == 409
    assert "支书测试甲" in page.alert
    assert page.form("/edit").fields["place"] == "七号楼"
    assert again(case).place == "五号楼"


def test_settled_on_the_spot_in_two_sentences(street: Street, as_: SignedIn, way: str) -> None:
    event = factories.event(street.branch_one, street.branch, place="汕头路 8 号院")
    factories.commit()
    browser = as_("branch")
    page = browser.get(f"/events/{event.id}")
    assert f"/cases/of-event/{event.id}" in page.links().values()
    tab = browser.get(f"/cases/of-event/{event.id}")
    page = browser.get(tab.links()["当场办结"])
    browser.submit(
        page.form("/cases/spot"),
        htmx=way == "htmx",
        words="健身器材松了",
        measures="当场拧紧了螺丝",
        confirmed="y",
    )
    case = only_case()
    assert (case.state, case.course.value if case.course else "") == (CaseState.CLOSED, "on_site")
    assert (case.event_id, case.organisation_id) == (event.id, street.branch_one.id)
    assert case.place == "汕头路 8 号院"
    assert moves() == ["register", "settle", "close"]


def test_settled_on_the_spot_without_the_askers_word_waits_for_a_call(
    street: Street, as_: SignedIn
) -> None:
    browser = as_("branch")
    form = browser.get("/cases/spot").form("/cases/spot")
    browser.submit(form, words="健身器材松了", measures="当场拧紧")
    assert only_case().state is CaseState.SETTLED


def test_pressing_twice_takes_it_down_once(street: Street, as_: SignedIn) -> None:
    taken_down(as_, street)
    taken_down(as_, street)
    assert len(db.session.scalars(select(Case.id)).all()) == 1


def test_wrong_input_comes_back_as_typed(street: Street, as_: SignedIn, way: str) -> None:
    browser = as_("secretary")
    form = browser.get("/cases/new").form("/cases/new")
    page = browser.submit(form, htmx=way == "htmx", words="", place="三号楼")
    assert page.status == 422
    assert "请写下原话" in page.errors()["words"]
    assert "请选择类别" in page.text
    assert page.form("/cases/new").fields["place"] == "三号楼"


def test_like_words_at_the_same_place_are_suggested_and_linked_never_merged(
    street: Street, as_: SignedIn
) -> None:
    taken_down(as_, street)
    first = only_case()
    browser = as_("secretary")
    page = browser.get(
        "/cases/similar",
        htmx=True,
        words="三号楼路灯一直坏着，老人晚上不敢出门",
        place="三号楼",
        organisation=str(street.branch_one.id),
    )
    assert page.by("data-similar", "1")
    assert "三号楼的路灯" in page.text
    none = browser.get("/cases/similar", htmx=True, words="想学手机摄影", place="活动室")
    assert none.by("data-similar", "0")
    taken_down(as_, street, words="三号楼路灯一直坏着，老人晚上不敢出门")
    second = db.session.scalars(select(Case).where(Case.id != first.id)).one()
    page = browser.get(f"/cases/{second.id}")
    assert "看起来相像" in page.text
    page = browser.submit(page.form("/links"))
    assert "取消关联" in page.text
    assert db.session.scalars(select(Case.state)).all() == [CaseState.REGISTERED] * 2


def test_hidden_askers_are_masked_and_asking_who_it_was_is_noted(
    street: Street, as_: SignedIn
) -> None:
    taken_down(as_, street, asker_sight="masked")
    case = only_case()
    page = as_("branch").get(f"/cases/{case.id}")
    assert "测**" in page.text
    assert "测试居民" not in page.text
    assert "13900000001" not in page.text
    page = as_("branch").submit(page.form("/asker"))
    assert "测试居民 13900000001" in page.text
    noted = select(AuditEntry).where(AuditEntry.action == "case.asker_shown")
    assert db.session.scalars(noted).one().actor_id == street.branch.id


def test_nothing_is_kept_of_somebody_who_stays_anonymous(street: Street, as_: SignedIn) -> None:
    taken_down(as_, street, asker_sight="anonymous")
    case = only_case()
    assert (case.asker_name, case.asker_phone, case.asker_id) == ("", "", None)
    assert "匿名" in as_("branch").get(f"/cases/{case.id}").text


def test_a_missing_year_of_the_calendar_is_warned_of(street: Street, as_: SignedIn) -> None:
    assert as_("secretary").get("/cases/new").by("data-missing-years")
    taken_down(as_, street)
    assert as_("secretary").get(f"/cases/{only_case().id}").by("data-missing-years")


@pytest.mark.parametrize("user", ["secretary2", "d", "keeper", "officer", "auditor"])
def test_another_branchs_case_is_not_found_by_any_path(
    app: Flask, street: Street, as_: SignedIn, user: str
) -> None:
    taken_down(as_, street)
    case = only_case()
    browser = as_(user)
    assert browser.get(f"/cases/{case.id}").status in {403, 404}
    assert browser.get(f"/cases/{case.id}/edit").status in {403, 404}
    assert browser.get(f"/cases/{case.id}/steps/accept").status in {403, 404}
    assert browser.get(f"/cases/{case.id}/materials").status in {403, 404}
    for address in (
        "/cases/?show=all",
        "/cases/?show=all&q=路灯",
        "/cases/board",
        "/cases/calendar",
        "/cases/waiting",
        "/cases/rates",
        "/cases/rates/rows?figure=registered",
        "/search?q=路灯&kind=case",
        f"/cases/?show=all&org={street.branch_one.id}",
    ):
        page = browser.get(address)
        assert "路灯坏了" not in page.html, address
        assert page.status in {200, 403, 404}
