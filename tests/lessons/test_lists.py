"""Finding lessons, and the series that they belong to."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.database import db
from portal.lessons import queries
from portal.lessons.models import Lesson, LessonForm, LessonSeries, LessonState
from portal.lessons.services.keeping import index
from portal.people.models import Organisation
from tests import factories
from tests.factories import Street
from tests.page import Browser, Page, text_of


@pytest.fixture
def street(app: Flask, any_database: str) -> Street:
    street = Street()
    series = factories.series(street.shantou, street.secretary, "一条街系列")

    def add(title: str, **values: Any) -> Lesson:
        owner: Organisation = values.pop("owner", street.shantou)
        made = factories.lesson(owner, street.secretary, title=title, **values)
        lesson = queries.lesson(made.id)
        index(lesson, queries.shown(lesson))
        return lesson

    add("小区里的红色物业", series_id=series.id, form=LessonForm.SCENARIO)
    add("从水准零点说起", form=LessonForm.WALKING, lecturer_name="单田芳", owner=street.haikou)
    add("一枚徽章的故事", form=LessonForm.MICRO, owner=street.branch_one, body="老党员**讲述**")
    add("海口路的草稿", owner=street.haikou, state=LessonState.DRAFT)
    add("汕头路的草稿", state=LessonState.DRAFT)
    add("等审核的课", state=LessonState.IN_REVIEW)
    add("旧课", state=LessonState.ARCHIVED)
    factories.commit()
    return street


def found(page: Page) -> set[str]:
    titles = set()
    for row in page.find_all("p", class_="plate-title title"):
        link = next(element for element in row.iter() if element.tag == "a")
        assert (link.get("href") or "").startswith("/lessons/")
        titles.add(text_of(link))
    return titles


PUBLISHED = {"小区里的红色物业", "从水准零点说起", "一枚徽章的故事"}


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, PUBLISHED),
        ({"q": "物业"}, {"小区里的红色物业"}),
        ({"q": "hswy"}, {"小区里的红色物业"}),
        ({"q": "shantian"}, {"从水准零点说起"}),
        ({"q": "讲述"}, {"一枚徽章的故事"}),
        ({"q": "一条街"}, {"小区里的红色物业"}),
        ({"form": "micro"}, {"一枚徽章的故事"}),
        (
            {"form": "nonsense", "state": "nonsense", "org": "x", "page": "-1", "series": "y"},
            PUBLISHED,
        ),
        ({"state": "archived"}, {"旧课"}),
        ({"state": "draft"}, {"汕头路的草稿"}),
        ({"state": "in_review"}, {"等审核的课"}),
        ({"state": "returned"}, set()),
        ({"q": '"'}, set()),
        ({"org": "9" * 40}, PUBLISHED),
        ({"series": "99999"}, set()),
    ],
)
def test_filters_stand_in_the_address(
    browser: Browser, street: Street, query: dict[str, Any], titles: set[str]
) -> None:
    page = browser.sign_in("secretary").get("/lessons/", **query)
    assert page.status == 200
    assert found(page) == titles
    if not titles:
        assert "没有符合条件的党课" in page.text


def test_readers_are_shown_what_is_published_whatever_they_ask(
    browser: Browser, street: Street
) -> None:
    browser.sign_in("a")
    assert found(browser.get("/lessons/", state="draft")) == PUBLISHED
    page = browser.get("/lessons/")
    assert "草稿" not in page.text
    assert "写一堂课" not in page.links()


def test_a_list_narrows_to_an_organisation_and_a_series(browser: Browser, street: Street) -> None:
    browser.sign_in("a")
    assert found(browser.get("/lessons/", org=street.shantou.id)) == {
        "小区里的红色物业",
        "一枚徽章的故事",
    }
    series: LessonSeries = db.session.scalars(db.select(LessonSeries)).one()
    assert found(browser.get("/lessons/", series=series.id)) == {"小区里的红色物业"}


def test_htmx_gets_the_results_and_a_clean_address(browser: Browser, street: Street) -> None:
    page = browser.sign_in("a").get("/lessons/", htmx=True, q="物业", form="", state="", org="")
    assert not page.whole
    assert found(page) == {"小区里的红色物业"}
    pushed = page.response.headers["HX-Push-Url"]
    assert pushed == "/lessons/?q=%E7%89%A9%E4%B8%9A"
    page = browser.get("/lessons/", htmx=True, form="micro", state="archived", page="2")
    assert page.response.headers["HX-Push-Url"] == "/lessons/?form=micro&state=archived&page=2"
    assert browser.get("/lessons/", htmx=True).response.headers["HX-Push-Url"] == "/lessons/"


def test_an_empty_portal_says_what_to_do_next(browser: Browser) -> None:
    Street()
    assert "写第一堂课" in browser.sign_in("branch").get("/lessons/").links()
    assert "看看近期活动" in Browser(browser.app).sign_in("a").get("/lessons/").links()
    assert "回到第一页" in browser.get("/lessons/", page="4").links()
    assert "新建第一个系列" in browser.get("/lessons/series/").links()


def test_as_many_questions_for_one_lesson_as_for_fifty(
    browser: Browser, app: Flask, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    street = Street()
    series = factories.series(street.shantou, street.secretary)
    factories.lesson(street.shantou, street.secretary, series_id=series.id)
    factories.commit()
    browser.sign_in("secretary").get("/lessons/")
    addresses = ("/lessons/", "/lessons/?q=课", f"/lessons/series/{series.id}", "/lessons/series/")
    few = [queries_of(lambda at=at: browser.get(at)) for at in addresses]  # type: ignore[misc]
    for number in range(50):
        factories.lesson(
            street.shantou, street.secretary, title=f"第{number}课", series_id=series.id
        )
        factories.series(street.shantou, street.secretary, f"系列{number}")
    factories.commit()
    many = [queries_of(lambda at=at: browser.get(at)) for at in addresses]  # type: ignore[misc]
    assert few == many
    assert max(many) <= 8
    page = browser.get("/lessons/")
    assert len(page.find_all("li", class_="lesson-card")) == 24
    assert "/lessons/?page=2" in page.links().values()
    assert len(browser.get("/lessons/", page=3).find_all("li", class_="lesson-card")) == 3


def test_the_page_of_a_lesson_asks_few_questions(
    browser: Browser, street: Street, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    lesson = db.session.scalars(db.select(Lesson).where(Lesson.title == "小区里的红色物业")).one()
    browser.sign_in("secretary").get(f"/lessons/{lesson.id}")
    assert queries_of(lambda: browser.get(f"/lessons/{lesson.id}")) <= 8


# ---- series


def test_a_series_is_begun_changed_and_thrown_away(
    browser: Browser, street: Street, way: str
) -> None:
    htmx = way == "htmx"
    browser.sign_in("branch")
    form = browser.get("/lessons/series/new").form("/series/new")
    page = browser.submit(form, htmx=htmx, name="徽章系列", summary="老党员讲述")
    assert page.h1 == "徽章系列"
    assert "老党员讲述" in page.text
    assert "写第一堂" in page.links()
    series = db.session.scalars(
        db.select(LessonSeries).where(LessonSeries.name == "徽章系列")
    ).one()
    assert series.organisation_id == street.branch_one.id
    form = browser.get(f"/lessons/series/{series.id}/edit").form("/edit")
    page = browser.submit(form, htmx=htmx, name="徽章故事系列")
    assert page.h1 == "徽章故事系列"
    # The lesson begun from the series stands in it.
    form = browser.get(f"/lessons/new?series={series.id}").form("/lessons/new")
    assert form.fields["series"] == str(series.id)
    page = browser.get(f"/lessons/series/{series.id}")
    page = browser.submit(page.form("/discard"), htmx=htmx)
    assert "徽章故事系列”已删除" in page.text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "字" * 81}, "name"),
        ({"name": "一条街系列"}, "name"),
        ({"name": "新系列", "summary": "字" * 2_001}, "summary"),
        ({"name": "新系列", "organisation": "99999"}, "organisation"),
    ],
)
def test_a_series_that_breaks_a_rule_is_refused(
    browser: Browser, street: Street, typed: dict[str, str], field: str
) -> None:
    page = browser.sign_in("secretary").post(
        "/lessons/series/new", {"organisation": str(street.shantou.id), **typed}
    )
    assert page.status == 422
    assert field in page.errors()


def test_a_series_with_lessons_is_not_thrown_away(browser: Browser, street: Street) -> None:
    series = db.session.scalars(db.select(LessonSeries)).one()
    page = browser.sign_in("secretary").post(f"/lessons/series/{series.id}/discard")
    assert page.status == 409
    assert "还有课" in page.alert
    assert browser.get("/lessons/series/99999").status == 404


def test_the_second_editor_of_a_series_is_told(browser: Browser, street: Street) -> None:
    series = db.session.scalars(db.select(LessonSeries)).one()
    mine = browser.sign_in("secretary").get(f"/lessons/series/{series.id}/edit").form("/edit")
    other = Browser(browser.app).sign_in("office")
    other.submit(other.get(f"/lessons/series/{series.id}/edit").form("/edit"), name="街道改的名")
    page = browser.submit(mine, name="书记改的名")
    assert page.status == 409
    assert "街道改的名" in page.alert
    assert page.form("/edit").fields["name"] == "书记改的名"
    page = browser.submit(page.form("/edit"))
    assert page.h1 == "书记改的名"
    taken = browser.submit(browser.get(f"/lessons/series/{series.id}/edit").form("/edit"), name="")
    assert taken.status == 422
