"""Writing a lesson through its pages: beginning, keeping, two people at once, lecturers."""

from typing import Any

import pytest
from flask import Flask

from portal.audit.models import AuditEntry
from portal.database import db
from portal.lessons.models import (
    LecturerOrigin,
    Lesson,
    LessonForm,
    LessonState,
    LessonVersion,
    LessonWriter,
)
from tests import factories
from tests.factories import Street
from tests.page import Browser, Page


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


def only_lesson() -> Lesson:
    return db.session.scalars(db.select(Lesson)).one()


def newest() -> LessonVersion:
    wanted = db.select(LessonVersion).order_by(LessonVersion.number.desc()).limit(1)
    return db.session.scalars(wanted).one()


def begin(browser: Browser, **more: Any) -> Page:
    """Begin a lesson; the page that follows is its writing desk."""
    return browser.post("/lessons/new", {"title": "社区怎样聚起资源", "form": "scenario", **more})


def test_a_title_suffices_and_the_desk_follows(browser: Browser, street: Street, way: str) -> None:
    page = browser.sign_in("branch").post(
        "/lessons/new", {"title": "  社区怎样聚起资源 "}, htmx=way == "htmx"
    )
    assert page.status == 200
    lesson = only_lesson()
    assert page.form(f"/lessons/{lesson.id}/edit").fields["title"] == "社区怎样聚起资源"
    assert lesson.state is LessonState.DRAFT
    assert lesson.preparing is LessonState.DRAFT
    assert lesson.organisation_id == street.branch_one.id
    assert newest().form is LessonForm.LECTURE
    writers = db.session.scalars(db.select(LessonWriter.person_id)).all()
    assert writers == [street.branch.id]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "\u200b"}, "title"),
        ({"title": "字" * 121}, "title"),
        ({"form": "sermon"}, "form"),
        ({"series": "999"}, "series"),
        ({"organisation": "999"}, "organisation"),
    ],
)
def test_a_beginning_that_breaks_a_rule_is_refused(
    browser: Browser, street: Street, wrong: dict[str, str], field: str
) -> None:
    page = begin(browser.sign_in("branch"), **wrong)
    assert page.status == 422
    assert field in page.errors()
    assert db.session.scalars(db.select(Lesson)).all() == []


def test_a_branch_can_not_write_for_another(browser: Browser, street: Street) -> None:
    page = begin(browser.sign_in("branch"), organisation=str(street.branch_two.id))
    assert page.status == 422


def test_every_field_is_kept(browser: Browser, street: Street) -> None:
    series = factories.series(street.shantou, street.secretary)
    page = begin(browser.sign_in("secretary"), series=str(series.id))
    form = page.form("/edit")
    typed: dict[str, Any] = {
        "title": "走读：王䶮和𬱖建国 🎉 <script>alert(1)</script>",
        "form": "walking",
        "series": str(series.id),
        "audience": "青年党员",
        "minutes": "90",
        "takeaway": "认识一条街",
        "lecturer_origin": "invited",
        "lecturer_name": "测试教授",
        "lecturer_unit": "测试学院",
        "lecturer_post": "教授",
        "approval_document": "测批〔2026〕1号",
        "approved_by": "办公室测试甲",
        "body": "# 开头\r\n\r\n**重点**",
        "questions": "第一问\r\n第二问",
        "policy_basis": "依据",
        "policy_document": "测发〔2026〕2号",
        "credit_hours": "1.5",
        "hours_rule": "每小时计 1 学时",
    }
    page = browser.post(form.action, {**form.fields, **typed, "then": "save"})
    assert page.status == 200
    assert page.h1 == typed["title"]
    assert "1.5 学时" in page.text
    assert "测批〔2026〕1号" in page.text
    assert [text.text for text in page.find_all("strong")] == ["重点"]
    version = newest()
    assert version.form is LessonForm.WALKING
    assert version.lecturer_origin is LecturerOrigin.INVITED
    assert version.series_id == series.id
    assert version.credit_halves == 3
    assert version.body == "# 开头\n\n**重点**"
    assert version.question_list == ["第一问", "第二问"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"minutes": "0"}, "minutes"),
        ({"minutes": "很久"}, "minutes"),
        ({"minutes": "9" * 30}, "minutes"),
        ({"credit_hours": "1.3"}, "credit_hours"),
        ({"credit_hours": "25"}, "credit_hours"),
        ({"credit_hours": "NaN"}, "credit_hours"),
        ({"body": "字" * 50_001}, "body"),
        ({"form": "x"}, "form"),
        ({"lecturer_origin": "moon"}, "lecturer_origin"),
        ({"route": "77"}, "route"),
    ],
)
def test_what_breaks_a_rule_comes_back_as_typed(
    browser: Browser, street: Street, wrong: dict[str, str], field: str
) -> None:
    form = begin(browser.sign_in("branch")).form("/edit")
    page = browser.post(form.action, {**form.fields, "takeaway": "不能丢的话", **wrong})
    assert page.status == 422
    assert field in page.errors()
    assert page.form("/edit").fields["takeaway"] == "不能丢的话"
    assert newest().takeaway == ""


# ---- keeping while typing


def test_what_is_typed_keeps_itself(browser: Browser, street: Street) -> None:
    form = begin(browser.sign_in("branch")).form("/edit")
    first = browser.submit(form, htmx=True, body="第一段")
    assert first.status == 200
    assert "已自动保存" in first.text
    assert newest().body == "第一段"
    # The page's own savings are no conflict with it, even when an answer never arrived.
    again = browser.submit(form, htmx=True, body="第一段，第二段")
    assert again.status == 200
    assert newest().body == "第一段，第二段"
    page = browser.submit(form, body="第一段，第二段，第三段", then="save")
    assert page.status == 200
    assert newest().body == "第一段，第二段，第三段"
    noted = db.session.scalars(
        db.select(AuditEntry.action).where(AuditEntry.object_type == "Lesson")
    ).all()
    assert noted.count("lesson.keep_draft") == 1


def test_what_can_not_be_kept_is_said_and_nothing_is_written(
    browser: Browser, street: Street
) -> None:
    form = begin(browser.sign_in("branch")).form("/edit")
    page = browser.submit(form, htmx=True, title="", body="写了一半")
    assert page.status == 422
    assert "标题" in page.text
    assert newest().body == ""


def test_a_version_changes_only_when_something_was_written(
    browser: Browser, street: Street
) -> None:
    form = begin(browser.sign_in("branch")).form("/edit")
    before = newest().revision
    browser.submit(form, then="save")
    assert newest().revision == before


# ---- two people


def test_who_comes_second_is_told_what_changed_and_loses_nothing(
    browser: Browser, street: Street, way: str
) -> None:
    lesson = factories.lesson(
        street.branch_one, street.branch, state=LessonState.DRAFT, body="原来的话", takeaway="旧"
    )
    factories.commit()
    mine = browser.sign_in("branch").get(f"/lessons/{lesson.id}/edit").form("/edit")
    other = Browser(browser.app).sign_in("recorder")
    theirs = other.get(f"/lessons/{lesson.id}/edit").form("/edit")
    other.submit(theirs, body="记录人改的话", takeaway="新", then="save")
    page = browser.submit(mine, htmx=way == "htmx", body="书记改的话", then="save")
    assert page.status == 409
    assert "别人也改了" in page.alert
    again = page.form("/edit")
    assert again.fields["body"] == "书记改的话"
    # What I did not touch is taken over.
    assert again.fields["takeaway"] == "新"
    assert newest().body == "记录人改的话"
    assert browser.submit(again, then="save").status == 200
    assert newest().body == "书记改的话"
    assert newest().takeaway == "新"
    assert {writer.person_id for writer in db.session.scalars(db.select(LessonWriter))} == {
        street.branch.id,
        street.recorder.id,
    }


def test_the_draft_does_not_keep_itself_over_what_somebody_else_wrote(
    browser: Browser, street: Street
) -> None:
    lesson = factories.lesson(street.branch_one, street.branch, state=LessonState.DRAFT)
    factories.commit()
    mine = browser.sign_in("branch").get(f"/lessons/{lesson.id}/edit").form("/edit")
    other = Browser(browser.app).sign_in("recorder")
    other.submit(other.get(f"/lessons/{lesson.id}/edit").form("/edit"), body="别人的", then="save")
    page = browser.submit(mine, htmx=True, body="我的")
    assert page.status == 409
    assert "别人同时改了" in page.text
    assert newest().body == "别人的"


def test_a_draft_that_was_thrown_away_meanwhile_can_be_begun_anew(
    browser: Browser, street: Street
) -> None:
    form = begin(browser.sign_in("branch")).form("/edit")
    Browser(browser.app).sign_in("recorder").post(f"/lessons/{only_lesson().id}/discard")
    page = browser.submit(form, body="写了很久", then="save")
    assert page.status == 404
    again = page.form("/lessons/new")
    assert again.fields["body"] == "写了很久"
    browser.submit(again)
    assert newest().body == "写了很久"


def test_what_is_under_review_is_not_written_and_stays_on_the_page(
    browser: Browser, street: Street
) -> None:
    lesson = factories.lesson(street.branch_one, street.branch, state=LessonState.DRAFT)
    factories.commit()
    form = browser.sign_in("branch").get(f"/lessons/{lesson.id}/edit").form("/edit")
    Browser(browser.app).sign_in("recorder").post(f"/lessons/{lesson.id}/submit")
    page = browser.submit(form, body="晚了一步", then="save")
    assert page.status == 409
    assert "正在审核" in page.alert
    assert page.form("/edit").fields["body"] == "晚了一步"
    kept = browser.submit(form, htmx=True, body="晚了一步")
    assert kept.status == 409
    assert "正在审核" in kept.text
    assert browser.get(f"/lessons/{lesson.id}/edit").status == 409
    assert newest().body == "正文"


# ---- lecturers


def test_a_lecturer_of_the_roster_is_found_by_name(browser: Browser, street: Street) -> None:
    form = begin(browser.sign_in("branch")).form("/edit")
    browser.submit(form, lecturer_name="党员测试丙", then="save")
    assert newest().lecturer_id == street.c.id


def test_namesakes_are_asked_about_and_the_draft_is_kept(browser: Browser, street: Street) -> None:
    twin = factories.person("党员测试丙", street.branch_far)
    form = begin(browser.sign_in("branch")).form("/edit")
    page = browser.submit(form, lecturer_name="党员测试丙", body="内容", then="submit")
    assert page.status == 200
    assert "同名" in page.errors()["lecturer_id"]
    assert newest().body == "内容"
    assert newest().state is LessonState.DRAFT
    page = browser.submit(page.form("/edit"), lecturer_id=str(twin.id), then="save")
    assert newest().lecturer_id == twin.id
    # The choice does not outlive the name that it was made for.
    form = browser.get(f"/lessons/{only_lesson().id}/edit").form("/edit")
    browser.submit(form, lecturer_name="党员测试甲", then="save")
    assert newest().lecturer_id == street.a.id


def test_a_name_that_nobody_bears_is_asked_about(browser: Browser, street: Street) -> None:
    form = begin(browser.sign_in("branch")).form("/edit")
    page = browser.submit(form, lecturer_name="查无此人", then="save")
    assert page.status == 200
    assert "外请" in page.errors()["lecturer_name"]
    assert newest().lecturer_name == "查无此人"
    assert newest().lecturer_id is None


# ---- preview


def test_the_preview_shows_what_readers_will_see(browser: Browser, street: Street) -> None:
    page = browser.sign_in("branch").post("/lessons/preview", {"body": "**好**"}, htmx=True)
    assert page.status == 200
    assert [one.text for one in page.find_all("strong")] == ["好"]
    assert "左边" in browser.post("/lessons/preview", {"body": ""}, htmx=True).text
    assert browser.post("/lessons/preview", {"body": "**好**"}).h1 == "预览"


def test_the_preview_works_without_scripts_and_saves_nothing(
    browser: Browser, street: Street
) -> None:
    form = begin(browser.sign_in("branch")).form("/edit")
    page = browser.submit(form, body="**好**", then="preview")
    assert page.status == 200
    assert [one.text for one in page.find_all("strong")] == ["好"]
    assert page.form("/edit").fields["body"] == "**好**"
    assert newest().body == ""
