"""Pages of hours: one's own, the branch's, the rules; each for whom it is meant."""

import io
import itertools
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.database import db, write_transaction
from portal.events.models import Event, EventKind
from portal.hours import services
from portal.hours.kinds import Cause, Source, Unit
from portal.hours.models import HourEntry, HourRule, HourThreshold
from portal.people.models import ExemptReason, Person, Post
from portal.people.services import exemptions
from tests import factories
from tests.hours.conftest import HOUR, NINE, At, Count, Gathering, changes, halves
from tests.page import Browser, Page, text_of

_numbers = itertools.count(1)
Queries = Callable[[Callable[[], object]], int]


def held(gathering: Gathering, *came: Person, **values) -> Event:
    event = gathering.lesson(gathering.branch_one, gathering.branch_two, **values)
    gathering.open(event)
    for who in came:
        gathering.mark(event, who, "present")
    gathering.confirm(event)
    return event


def number(page: Page, name: str) -> str:
    return text_of(page.by("data-count", name)[0])


def credit(person: Person, *amounts: int, year: int = 2026, is_confirmed: bool = True) -> None:
    """Write entries as a recount would: of trainings, so that no roll is needed."""
    for amount in amounts:
        training = services.enter(
            person=person,
            details=services.Details(
                source=Source.LECTURE,
                title=f"报告会第 {next(_numbers)} 讲",
                organiser="区委组织部",
                document_no="",
                starts_on=date(year, 3, 2),
                ends_on=date(year, 5, 30),
                unit=Unit.HOUR,
                quantity=amount,
            ),
            material=None,
            is_confirmed=is_confirmed,
            actor=person,
        )
        assert training.id


def test_my_page_says_what_is_owed_done_and_where_it_comes_from(
    gathering: Gathering, app: Flask, at: At, count: Count
) -> None:
    at(NINE + 3 * HOUR)
    event = held(gathering, gathering.a)
    count()
    page = Browser(app).sign_in("a").get("/hours/")
    assert (number(page, "owed"), number(page, "confirmed")) == ("32", "2")
    assert number(page, "missing") == "30"
    assert page.links()["社区治理主题党课"] == f"/events/{event.id}"
    assert "120 分钟，每小时 1 学时" in page.text
    assert "第二十条" in page.text
    assert page.by("class", "hours-ring")
    nobody = Browser(app).sign_in("b").get("/hours/")
    assert number(nobody, "confirmed") == "0"
    assert "还没有学时" in nobody.text
    assert nobody.links()["学时"] == "/hours/"


def test_years_are_kept_apart(gathering: Gathering, app: Flask, at: At, count: Count) -> None:
    at(NINE + 3 * HOUR)
    held(gathering, gathering.a)
    count()
    me = Browser(app).sign_in("a")
    assert number(me.get("/hours/", year=2025), "confirmed") == "0"
    assert "2026 年" in me.get("/hours/", year=2025).text
    assert me.get("/hours/", year="x").status == 200


def test_the_exempt_owe_nothing_and_are_in_no_list(
    gathering: Gathering, app: Flask, at: At
) -> None:
    at(NINE)
    exemptions.set_exemption(
        person=gathering.a,
        reason=ExemptReason.FRAIL,
        since=date(2025, 1, 1),
        actor=gathering.secretary,
    )
    factories.commit()
    assert number(Browser(app).sign_in("a").get("/hours/"), "owed") == "不作要求"
    page = Browser(app).sign_in("branch").get("/hours/branch")
    assert gathering.a.name not in page.text
    assert gathering.b.name in page.text


def test_the_list_is_in_stroke_order_and_says_how_many_are_there(
    gathering: Gathering, app: Flask, at: At
) -> None:
    at(NINE)
    with write_transaction():
        credit(gathering.b, 64)
        credit(gathering.a, 20)
        credit(gathering.c, 6, is_confirmed=False)
    page = Browser(app).sign_in("secretary").get("/hours/branch")
    obliged, there = int(number(page, "obliged")), int(number(page, "there"))
    assert (there, int(number(page, "missing"))) == (1, obliged - 1)
    names = [text_of(next(iter(row.iter("td")))) for row in page.by("data-person")]
    assert gathering.b.name not in names
    assert names == [
        name
        for (name,) in db.session.execute(
            select(Person.name).where(Person.name.in_(names)).order_by(Person.stroke_key)
        )
    ]
    row = page.by("data-person", str(gathering.c.id))[0]
    assert "另有 3 待确认" in text_of(row)
    assert "不排名次" in page.text
    # The numbers of the branches add up to the whole.
    lines = page.find_all("tbody")[0].findall("tr")
    sums = [sum(int(text_of(line.findall("td")[at])) for line in lines) for at in range(3)]
    assert sums == [obliged, there, obliged - there]


def test_a_recorder_sees_names_and_no_figures(gathering: Gathering, app: Flask, at: At) -> None:
    at(NINE)
    page = Browser(app).sign_in("recorder").get("/hours/branch")
    assert gathering.a.name in page.text
    assert "还差" not in page.text
    assert f"/hours/people/{gathering.a.id}" not in page.html
    assert Browser(app).sign_in("recorder").get(f"/hours/people/{gathering.a.id}").status == 404
    assert Browser(app).sign_in("recorder").get("/hours/branch.xlsx").status == 403


def test_officers_are_asked_for_more_and_for_a_concentrated_training(
    gathering: Gathering, app: Flask, at: At
) -> None:
    at(NINE)
    with write_transaction():
        db.session.add(
            Post(
                person_id=gathering.a.id, organisation_id=gathering.branch_one.id, title="组织委员"
            )
        )
        credit(gathering.a, 112)
    page = Browser(app).sign_in("branch").get("/hours/branch")
    row = text_of(page.by("data-person", str(gathering.a.id))[0])
    assert "班子成员" in row
    assert "集中培训 1 次" in row
    assert number(Browser(app).sign_in("a").get("/hours/"), "owed") == "56"


@pytest.mark.parametrize("who", ["branch", "secretary", "office"])
def test_secretaries_open_a_members_hours(
    gathering: Gathering, app: Flask, at: At, who: str
) -> None:
    at(NINE)
    assert Browser(app).sign_in(who).get(f"/hours/people/{gathering.a.id}").status == 200
    shown = Browser(app).sign_in(who).get(f"/people/{gathering.a.id}")
    assert shown.links()["看学时"] == f"/hours/people/{gathering.a.id}"


@pytest.mark.parametrize("who", ["b", "secretary2", "keeper", "sysadmin"])
def test_nobody_else_opens_them(gathering: Gathering, app: Flask, at: At, who: str) -> None:
    at(NINE)
    browser = Browser(app).sign_in(who)
    assert browser.get(f"/hours/people/{gathering.a.id}").status in {403, 404}
    if who == "secretary2":
        assert browser.get("/hours/branch", org=gathering.branch_one.id).status == 404
        assert browser.get("/hours/branch.xlsx", org=gathering.branch_one.id).status == 404


def test_the_file_is_in_the_order_of_the_list_and_cannot_be_run(
    gathering: Gathering, app: Flask, at: At
) -> None:
    at(NINE)
    evil = factories.person("=1+1", gathering.branch_one)
    factories.commit()
    with write_transaction():
        credit(gathering.b, 10)
    browser = Browser(app).sign_in("branch")
    response = browser.client.get("/hours/branch.xlsx")
    book = load_workbook(io.BytesIO(response.get_data()))
    sheet = book.worksheets[0]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    names = [row[1] for row in rows if isinstance(row[0], int)]
    assert evil.name in names
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    mine = next(row for row in rows if row[1] == gathering.b.name)
    assert mine[4:8] == (32, 5, 0, 27)
    note = db.session.scalars(select(AuditEntry).filter_by(action="hours.exported")).one()
    assert note.actor_id == gathering.branch.id


def test_pages_take_as_many_statements_with_many_rows_as_with_one(
    gathering: Gathering, app: Flask, at: At, count: Count, queries_of: Queries
) -> None:
    at(NINE + 3 * HOUR)
    event = held(gathering, gathering.a)
    count()
    secretary, me = Browser(app).sign_in("branch"), Browser(app).sign_in("a")
    paths = ["/hours/branch", f"/hours/people/{gathering.a.id}", f"/events/{event.id}/hours"]

    def statements() -> list[int]:
        return [
            *(queries_of(partial(secretary.get, path)) for path in paths),
            queries_of(partial(me.get, "/hours/")),
        ]

    for path in paths:
        secretary.get(path)
    few = statements()
    people = gathering.many(60)
    with write_transaction():
        credit(gathering.a, *[2] * 50)
        for person in people:
            credit(person, 4)
            db.session.add(
                HourEntry(
                    person_id=person.id,
                    year=2026,
                    day=date(2026, 11, 25),
                    title="党课",
                    source=Source.LESSON,
                    halves=4,
                    is_confirmed=True,
                    words="",
                    event_id=event.id,
                )
            )
    assert statements() == few
    assert max(few) <= 8


def test_two_thousand_members_are_turned_over_by_fifty(
    gathering: Gathering, app: Flask, at: At
) -> None:
    at(NINE)
    gathering.many(120)
    browser = Browser(app).sign_in("branch")
    seen: list[str] = []
    for page in (1, 2, 3, 4):
        answer = browser.get("/hours/branch", page=page)
        seen += [str(row.get("data-person")) for row in answer.by("data-person")]
    assert len(seen) == len(set(seen)) == int(number(browser.get("/hours/branch"), "missing"))
    assert browser.get("/hours/branch", page=99).by("data-person") == []


# ---- rules

RULE: dict[str, Any] = {
    "valid_from": "2026-11-01",
    "per_hour": "1",
    "per_half_day": "3",
    "per_day": "6",
    "cap_event": "",
    "cap_year": "",
    "citation": "示例〔2026〕9 号第三条",
    "note": "按区里的新办法",
}


def test_everybody_reads_the_rules_with_their_sources(gathering: Gathering, app: Flask) -> None:
    page = Browser(app).sign_in("a").get("/hours/rules")
    assert len(page.by("data-source")) == len(Source)
    assert "不计" in text_of(page.by("data-source", "online")[0])
    assert "《中国共产党党员教育管理工作条例》第二十条" in page.text
    assert "/edit" not in page.html


def test_the_office_enters_a_rule_and_hours_are_reckoned_anew_and_explained(
    gathering: Gathering, app: Flask, at: At, count: Count, any_database: str
) -> None:
    early = held_at(gathering, at, NINE - timedelta(days=30))
    late = held_at(gathering, at, NINE)
    count()
    assert halves(gathering.a) == [8, 8]
    office = Browser(app).sign_in("office")
    form = office.get("/hours/rules/lesson/edit").form("/hours/rules/lesson/edit")
    page = office.submit(form, **RULE)
    assert page.status == 200
    assert "正在按新规则重新核算" in page.text
    assert "示例〔2026〕9 号第三条" in page.text
    count()
    assert halves(gathering.a, early) == [8]  # before the day of the rule
    assert halves(gathering.a, late) == [6]
    (told,) = changes(gathering.a)
    assert (told.cause, told.from_halves, told.to_halves) == (Cause.RULE, 8, 6)
    mine = Browser(app).sign_in("a").get("/hours/")
    assert "4 → 3 学时，因为折算规则有变" in mine.text
    # Nothing is overwritten: the next one is a row of its own.
    office.submit(form, **{**RULE, "per_half_day": "4", "per_day": "8"})
    db.session.rollback()
    assert len(db.session.scalars(select(HourRule)).all()) == 2


def held_at(gathering: Gathering, at: At, moment) -> Event:
    at(moment + 4 * HOUR)
    return held(gathering, gathering.a, starts_at=moment, ends_at=moment + 3 * HOUR)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"citation": ""}, "citation"),
        ({"per_hour": "1.3"}, "per_hour"),
        ({"per_hour": "viel"}, "per_hour"),
        ({"per_day": "-1"}, "per_day"),
        ({"per_day": "2"}, "per_half_day"),
        ({"valid_from": "2019-01-01"}, "valid_from"),
        ({"valid_from": ""}, "valid_from"),
        ({"cap_year": "401"}, "cap_year"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_beside_its_field(
    gathering: Gathering, app: Flask, at: At, changed: dict, field: str
) -> None:
    at(NINE)
    page = Browser(app).sign_in("office").post("/hours/rules/lesson/edit", {**RULE, **changed})
    assert page.status == 422
    assert field in page.errors()
    assert page.form("/hours/rules/lesson/edit").fields["note"] == RULE["note"]
    assert db.session.scalars(select(HourRule)).all() == []


def test_a_threshold_is_entered_for_a_year_and_shown_with_its_source(
    gathering: Gathering, app: Flask, at: At
) -> None:
    at(NINE)
    office = Browser(app).sign_in("office")
    form = office.get("/hours/thresholds/member/edit").form("/hours/thresholds/member/edit")
    assert form.fields["hours"] == "32"
    page = office.submit(form, hours="40", citation="示例〔2026〕10 号")
    assert "40 学时" in text_of(page.by("data-category", "member")[0])
    mine = Browser(app).sign_in("a").get("/hours/")
    assert number(mine, "owed") == "40"
    assert "示例〔2026〕10 号" in mine.text
    assert number(Browser(app).sign_in("a").get("/hours/", year=2025), "owed") == "32"
    refused = office.submit(form, hours="40", year_from="2020", citation="示例")
    assert refused.status == 422
    db.session.rollback()
    assert len(db.session.scalars(select(HourThreshold)).all()) == 1


@pytest.mark.parametrize("who", ["secretary", "branch", "a", "sysadmin"])
def test_only_the_office_keeps_the_rules(gathering: Gathering, app: Flask, who: str) -> None:
    browser = Browser(app).sign_in(who)
    assert browser.post("/hours/rules/lesson/edit", RULE).status == 403
    assert browser.post("/hours/thresholds/member/edit", {"hours": "1"}).status == 403


def test_another_streets_rules_do_not_reach_here(
    gathering: Gathering, app: Flask, at: At, count: Count
) -> None:
    other = factories.organisation("香港路街道党工委", code="XGL")
    at(NINE + 3 * HOUR)
    figures = services.RuleFigures(
        Source.LESSON, date(2026, 1, 1), 0, 0, 0, 0, None, None, False, 1, "示例", ""
    )
    with write_transaction():
        services.set_rule(organisation=other, figures=figures, actor=gathering.office)
    held(gathering, gathering.a)
    count()
    assert halves(gathering.a) == [4]
    assert "香港路" not in Browser(app).sign_in("a").get("/hours/rules").text


# ---- the event's page


def test_the_event_says_what_it_gives_and_afterwards_what_one_got(
    gathering: Gathering, app: Flask, at: At, count: Count
) -> None:
    at(NINE - 5 * HOUR)
    event = gathering.lesson(ends_at=NINE + 3 * HOUR)
    me = Browser(app).sign_in("a")
    assert number(me.get(f"/events/{event.id}"), "offered") == "4"
    host = Browser(app).sign_in("secretary").get(f"/events/{event.id}/hours")
    assert number(host, "offered") == "4"
    assert "满 3 小时按半天计" in host.text
    assert me.get(f"/events/{event.id}/hours").status == 403
    at(NINE + 4 * HOUR)
    gathering.open(event)
    gathering.mark(event, gathering.a, "present")
    gathering.confirm(event)
    count()
    me = Browser(app).sign_in("a")
    assert number(me.get(f"/events/{event.id}"), "own-hours") == "4"
    after = Browser(app).sign_in("secretary").get(f"/events/{event.id}/hours")
    assert (number(after, "people"), number(after, "halves")) == ("1", "4")
    assert after.by("data-person", str(gathering.a.id))


def test_what_is_no_study_says_so(gathering: Gathering, app: Flask, at: At) -> None:
    at(NINE - 5 * HOUR)
    event = gathering.lesson(kind=EventKind.FAIR)
    page = Browser(app).sign_in("secretary").get(f"/events/{event.id}/hours")
    assert "这类活动不计学时" in page.text
    assert not Browser(app).sign_in("a").get(f"/events/{event.id}").by("data-count", "offered")


def test_the_ring_of_the_home_is_fetched_and_is_a_page_of_its_own(
    gathering: Gathering, app: Flask, at: At, count: Count
) -> None:
    at(NINE + 3 * HOUR)
    held(gathering, gathering.a)
    count()
    me = Browser(app).sign_in("a")
    assert me.get("/").links()["我的学时"] == "/hours/ring"
    assert "还差 30" in me.get("/hours/ring").text
    fragment = me.get("/hours/ring", htmx=True)
    assert not fragment.whole
    assert "已确认 2" in fragment.text


def test_what_the_portal_keeps_of_my_hours_i_take_along(
    gathering: Gathering, app: Flask, at: At
) -> None:
    at(NINE)
    with write_transaction():
        credit(gathering.a, 10)
        factories.certificate(gathering.a)
    kept = Browser(app).sign_in("a").client.get("/me/data.json").get_json()
    assert kept["学时"][0]["学时"] == "5"
    assert kept["其他培训"][0]["状态"] == "已认定"
    assert kept["学时证明"][0]["学时"] == "2"


def test_how_far_the_reckoning_is_is_said_until_it_is_done(
    gathering: Gathering, app: Flask, at: At, count: Count
) -> None:
    at(NINE + 3 * HOUR)
    held(gathering, gathering.a)
    count()
    office = Browser(app).sign_in("office")
    office.post("/hours/rules/lesson/edit", RULE)
    waiting = office.get("/hours/rules", htmx=True)
    assert "正在按新规则重新核算" in waiting.text
    assert waiting.by("hx-trigger")
    count()
    done = office.get("/hours/rules", htmx=True)
    assert "已经核算完毕" in done.text
    assert not done.by("hx-trigger")


def test_whoever_takes_over_is_told_of_training_that_waits(
    gathering: Gathering, app: Flask, at: At
) -> None:
    at(NINE)
    with write_transaction():
        waiting = factories.training(gathering.a)
    page = Browser(app).sign_in("branch").get("/archives/handover")
    assert "其他培训待认定" in page.text
    assert f"/hours/{waiting.id}" in page.html
