"""Scoring: off by default, on by a document, hand by hand, sums that hold, no ranking."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal import clock
from portal.database import db
from portal.errors import InvalidInputError
from portal.messages.models import Message
from portal.sites import telling
from portal.sites.models import (
    Criterion,
    CriterionKind,
    ScoreEntry,
    ScoreSheet,
    ScoringScheme,
    SheetStage,
    Site,
)
from portal.sites.reviews import NOTICE
from portal.sites.scoring import rules
from portal.sites.scoring.rules import Line, lines_typed
from tests import factories
from tests.chores import work_at
from tests.factories import Street
from tests.page import Browser, Page

TREE = """前置条件：已成立党组织
党建引领好 30
- 组织设立 5
- 作用发挥 25
-- 亮身份 10
-- 结对子 15
治理机制好 32
一票否决：列入失信名单"""


def test_a_tree_is_read_from_lines() -> None:
    gate, first, second, veto = lines_typed(TREE)
    assert (gate.kind, veto.kind) == (CriterionKind.CONDITION, CriterionKind.VETO)
    assert [child.name for child in first.below] == ["组织设立", "作用发挥"]
    assert [child.points for child in first.below[1].below] == [10, 15]
    assert (second.points, second.below) == (32, [])


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("前置条件：只有门槛", "至少"),
        ("没有分值", "第 1 行"),
        ("好 0", "1 到"),
        ("好 1001", "1 到"),
        ("- 没有上级 5", "紧跟"),
        ("甲 9\n-- 跳级 5", "紧跟"),
        ("甲 9\n- 乙 9\n-- 丙 9\n--- 丁 9", "3 级"),
        ("甲 10\n- 乙 6\n- 丙 5", "合计 11 分"),
        ("甲 10\n- 乙 6\n-- 丙 7", "合计 7 分"),
        ("甲 10\n- 一票否决：丙", "单独成行"),
        ("甲 10\n一票否决：", "写明内容"),
        ("长" * 121 + " 5", "120"),
        ("\n".join(f"项{n} 1" for n in range(121)), "120"),
    ],
)
def test_a_tree_that_does_not_add_up_is_refused(typed: str, word: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        lines_typed(typed)
    assert word in refused.value.message
    assert refused.value.field == "criteria"


def kept(lines: list[Line]) -> list[Criterion]:
    made: list[Criterion] = []

    def keep(line: Line, parent: int | None) -> None:
        one = Criterion(
            id=len(made) + 1,
            parent_id=parent,
            kind=line.kind,
            name=line.name,
            max_points=line.points,
        )
        made.append(one)
        for child in line.below:
            keep(child, one.id)

    for line in lines:
        keep(line, None)
    return made


trees = st.lists(st.lists(st.integers(1, 20), max_size=4), min_size=1, max_size=5)


@given(trees, st.data())
def test_sums_never_exceed_what_stands_above(parts: list[list[int]], data: st.DataObject) -> None:
    text = "\n".join(
        "\n".join([f"项{n} {sum(below) or 7}", *(f"- 子{n} {points}" for points in below)])
        for n, below in enumerate(parts)
    )
    criteria = kept(lines_typed(text))
    answers = {one.id: data.draw(st.integers(0, one.max_points)) for one in rules.leaves(criteria)}
    found = rules.sums(criteria, answers)
    for one in criteria:
        assert 0 <= found[one.id] <= one.max_points
        below = [found[child.id] for child in criteria if child.parent_id == one.id]
        assert not below or found[one.id] == sum(below)
    assert rules.total(criteria, answers) == sum(answers.values()) <= rules.highest(criteria)


def test_gates_close_by_what_is_missing_and_by_what_is_found() -> None:
    criteria = kept(lines_typed(TREE))
    condition, veto = criteria[0], criteria[-1]
    assert rules.closed_gates(criteria, {}) == [condition]
    assert rules.closed_gates(criteria, {condition.id: 1}) == []
    assert rules.closed_gates(criteria, {condition.id: 1, veto.id: 1}) == [veto]


# ------------------------------------------------------------------ pages


def switch_on(office: Browser, **changes: Any) -> Page:
    form = office.get("/sites/scoring").form("/scoring")
    typed: dict[str, Any] = {
        "document_title": "关于评价的通知",
        "document_number": "示例〔2026〕5 号",
        "document_date": "2026-01-05",
        "name": "评价办法",
        "publicity_days": "5",
        "criteria": TREE,
        **changes,
    }
    return office.submit(form, **typed)


def test_scoring_is_off_until_the_office_names_a_document(
    browser: Browser, street: Street, site: Site
) -> None:
    keeper = browser.sign_in("keeper")
    assert "评分没有开启" in keeper.get(f"/sites/{site.id}/score").text
    assert keeper.post(f"/sites/{site.id}/score").status == 409
    assert keeper.get("/sites/scoring").status == 403
    office = Browser(browser.app).sign_in("office")
    for field in ("document_title", "document_number", "document_date", "name"):
        page = switch_on(office, **{field: ""})
        assert page.status == 422
        assert field in page.errors()
    assert "晚于今天" in switch_on(office, document_date="2999-01-01").errors()["document_date"]
    assert switch_on(office, publicity_days="0").status == 422
    assert switch_on(office, document_number="长" * 61).status == 422
    assert "合计" in switch_on(office, criteria="甲 1\n- 乙 2").errors()["criteria"]
    assert db.session.scalar(select(func.count(ScoringScheme.id))) == 0
    page = switch_on(office)
    assert "已开启" in page.text
    assert "示例〔2026〕5 号" in page.text
    assert "62 分" in page.text


def test_only_one_scheme_is_on_at_a_time(
    browser: Browser, street: Street, any_database: str
) -> None:
    office = browser.sign_in("office")
    form = office.get("/sites/scoring").form("/scoring")
    assert switch_on(office).status == 200
    again = office.submit(
        form,
        document_title="又一份",
        document_number="6 号",
        document_date="2026-01-06",
        name="又一套",
        publicity_days="5",
        criteria=TREE,
    )
    assert again.status == 409
    scheme_id = db.session.scalar(select(ScoringScheme.id))
    page = office.submit(office.get("/sites/scoring").form("/close"))
    assert "已停用" in page.text
    assert office.post(f"/sites/scoring/{scheme_id}/close").status == 409
    assert office.post("/sites/scoring/9999/close").status == 404
    assert switch_on(office).status == 200


def answers(page: Page, **changes: str) -> dict[str, Any]:
    """Full points, gates met, something said for each."""
    form = page.form(_action(page))
    names = [name for name in form.fields if name.startswith("points-")]
    typed: dict[str, Any] = {}
    criteria = {one.id: one for one in db.session.scalars(select(Criterion))}
    for name in names:
        one = criteria[int(name.partition("-")[2])]
        full = str(one.max_points) if one.kind is CriterionKind.POINTS else "1"
        typed[name] = "0" if one.kind is CriterionKind.VETO else full
        typed[name.replace("points", "evidence")] = "见会议记录"
    return {**typed, **changes}


def _action(page: Page) -> str:
    return next(one.action for one in page.forms() if "/score/" in one.action)


def hand_on(who: Browser, path: str, **changes: str) -> Page:
    page = who.get(path)
    return who.submit(page.form(_action(page)), then="done", **answers(page, **changes))


def test_a_sheet_goes_from_hand_to_hand_and_to_the_public(
    browser: Browser, street: Street, site: Site, any_database: str
) -> None:
    office = browser.sign_in("office")
    switch_on(office)
    keeper = Browser(browser.app).sign_in("keeper")
    page = keeper.submit(keeper.get(f"/sites/{site.id}/score").form("/score"))
    assert "点位自评" in page.text
    path = _action(page)
    keeper.post(f"/sites/{site.id}/score")
    assert db.session.scalar(select(func.count(ScoreSheet.id))) == 1
    member = Browser(browser.app).sign_in("a")
    assert member.get(path).status == 404
    secretary = Browser(browser.app).sign_in("secretary")
    names = sorted(answers(page))
    first = next(name for name in names if name.startswith("points-"))
    early = keeper.submit(page.form(path), then="done", **{**answers(page), first: ""})
    assert early.status == 422
    assert first in early.errors()
    much = keeper.submit(page.form(path), then="save", **{**answers(page), first: "99"})
    assert much.status == 422
    no_words = {name: "" for name in names if name.startswith("evidence-")}
    assert hand_on(keeper, path, **no_words).status == 422
    long = dict.fromkeys(no_words, "长" * 501)
    assert hand_on(keeper, path, **long).status == 422
    assert db.session.scalar(select(func.count(ScoreEntry.id))) == 0
    saved = keeper.submit(page.form(path), then="save", **answers(page))
    assert saved.status == 200
    stale = keeper.submit(page.form(path), then="done", **answers(page))
    assert stale.status == 409
    assert "社区核查" in hand_on(keeper, path).text
    assert keeper.post(path, {"then": "done"}).status == 403
    changed = secretary.get(path)
    some = next(
        name for name in answers(changed) if name.startswith("points-") and _is_points(name)
    )
    silent = hand_on(secretary, path, **{some: "1", some.replace("points", "evidence"): ""})
    assert silent.status == 422
    assert "理由" in silent.errors()[some.replace("points", "evidence")]
    assert "街道评定" in hand_on(secretary, path, **{some: "1"}).text
    assert secretary.post(path, {"then": "done"}).status == 403
    shown = hand_on(office, path)
    assert "公示中" in shown.text
    assert "62 分" in shown.text
    assert "公示中" in member.get(path).text
    settle = f"{path}/settle"
    assert office.post(settle, {"result": "认定"}).status == 409
    with time_machine.travel(clock.now() + timedelta(days=6), tick=False):
        again = Browser(browser.app).sign_in("office")
        assert again.post(settle, {"result": ""}).status == 422
        assert "结论：认定" in again.post(settle, {"result": "认定"}).text
        assert again.post(settle, {"result": "再定"}).status == 409


def _is_points(name: str) -> bool:
    kind = db.session.scalar(
        select(Criterion.kind).where(Criterion.id == int(name.partition("-")[2]))
    )
    return kind is CriterionKind.POINTS


def test_a_closed_gate_ends_the_sheet_without_publicity(
    browser: Browser, street: Street, site: Site
) -> None:
    office = browser.sign_in("office")
    switch_on(office)
    office.post(f"/sites/{site.id}/score")
    sheet_id = db.session.scalar(select(ScoreSheet.id))
    path = f"/sites/{site.id}/score/{sheet_id}"
    hand_on(office, path)
    hand_on(office, path)
    veto = db.session.scalar(select(Criterion.id).where(Criterion.kind == CriterionKind.VETO))
    page = hand_on(office, path, **{f"points-{veto}": "1"})
    assert "不予认定" in page.text
    assert "列入失信名单" in page.text
    assert office.post(path, {"then": "save"}).status == 403


def test_a_sheet_stops_when_scoring_is_switched_off(
    browser: Browser, street: Street, site: Site
) -> None:
    office = browser.sign_in("office")
    switch_on(office)
    office.post(f"/sites/{site.id}/score")
    sheet_id = db.session.scalar(select(ScoreSheet.id))
    office.submit(office.get("/sites/scoring").form("/close"))
    path = f"/sites/{site.id}/score/{sheet_id}"
    page = office.get(path)
    assert "提交社区核查" not in page.text
    version = page.form(path).fields["version"]
    assert office.post(path, {"then": "save", "version": version}).status == 409
    assert office.get(f"/sites/{site.id}/score/999").status == 404


def test_points_never_order_a_list(browser: Browser, street: Street) -> None:
    """Burden rule B1: sites stand by organisation and name, whatever their sheets say."""
    scheme = factories.scheme(street.street, street.office)
    for name, points in (("甲点", 1), ("乙点", 10)):
        site = factories.site(street.branch_one, street.office, name=name)
        sheet = factories.sheet(site, scheme, stage=SheetStage.SETTLED, result="认定")
        db.session.add(
            ScoreEntry(
                sheet_id=sheet.id,
                criterion_id=scheme.criteria[0].id,
                stage=SheetStage.OFFICE,
                points=points,
                by_id=street.office.id,
            )
        )
    factories.commit()
    browser.sign_in("office")
    text = browser.get("/sites/").text
    assert text == browser.get("/sites/", sort="points", order="score").text
    assert "10 分" not in text


# ------------------------------------------------------------------ telling the keepers


def messages_to(person_id: int) -> list[str]:
    db.session.rollback()
    return list(
        db.session.scalars(
            select(Message.subject).where(Message.person_id == person_id).order_by(Message.id)
        )
    )


def test_keepers_are_reminded_once_of_each_due_day(
    browser: Browser, street: Street, site: Site, any_database: str
) -> None:
    site.review_due_on = clock.today() + timedelta(days=30)
    factories.site(street.branch_far, street.office, name="别处", review_due_on=date(2020, 1, 1))
    factories.commit()
    office = browser.sign_in("office")
    form = office.get("/sites/reviews").form("/remind")
    assert "已通知" in office.submit(form).text
    assert "没有重复发送" in office.submit(form).text
    assert messages_to(street.keeper.id) == [f"到期复审：{site.name}"]
    assert messages_to(street.a.id) == []
    assert messages_to(street.secretary2.id) == ["到期复审：别处"]
    site = db.session.get_one(Site, site.id)
    site.review_due_on = clock.today() + timedelta(days=40)
    db.session.commit()
    telling.remind_of_reviews(organisation_path=street.shantou.path)
    db.session.commit()
    assert len(messages_to(street.keeper.id)) == 2
    assert len(messages_to(street.secretary2.id)) == 1


def test_keepers_are_reminded_by_the_clock_by_day(
    app: Flask, browser: Browser, street: Street, site: Site
) -> None:
    site.review_due_on = clock.today() + NOTICE
    factories.commit()
    name, keeper = site.name, street.keeper.id
    eight = clock.from_local(datetime.combine(clock.today(), time(8))) + timedelta(days=1)
    work_at(app, eight - timedelta(minutes=1))
    assert messages_to(keeper) == []
    work_at(app, eight)
    work_at(app, eight + timedelta(days=1))
    assert messages_to(keeper) == [f"到期复审：{name}"]
    assert f"到期复审：{name}" in browser.sign_in("keeper").get("/inbox/").text


def test_keepers_hear_of_a_decision_and_whoever_decided_does_not(
    browser: Browser, street: Street, site: Site
) -> None:
    office = browser.sign_in("office")
    page = office.get(f"/sites/{site.id}/decide/review")
    office.submit(page.form("/decide/review"), reason="年度复审")
    assert messages_to(street.keeper.id) == [f"{site.name}：复审中"]
    assert messages_to(street.office.id) == []


def test_a_home_asks_for_what_is_due(browser: Browser, street: Street, site: Site) -> None:
    site.review_due_on = clock.today()
    factories.commit()
    keeper = browser.sign_in("keeper")
    assert "/sites/reviews/due" in keeper.get("/").links().values()
    assert site.name in keeper.get("/sites/reviews/due", htmx=True).text
    assert "/sites/reviews/due" not in Browser(browser.app).sign_in("a").get("/").links().values()
    nothing = Browser(browser.app).sign_in("secretary2").get("/sites/reviews/due")
    assert "近期没有到期" in nothing.text
