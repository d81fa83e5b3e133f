"""A lesson's life: reviewed by a second person, revised while readers see the old version."""

from typing import Any

import pytest
from flask import Flask

from portal.audit.models import AuditEntry
from portal.database import db, write_transaction
from portal.errors import ConflictError
from portal.lessons import queries, services
from portal.lessons.models import Lesson, LessonMove, LessonState, LessonVersion, LessonWriter
from portal.messages.models import Message
from tests import factories
from tests.factories import Street
from tests.page import Browser


@pytest.fixture
def street(app: Flask, any_database: str) -> Street:
    return Street()


def as_(browser: Browser, name: str) -> Browser:
    return Browser(browser.app).sign_in(name)


def state_of(lesson: Lesson) -> tuple[LessonState, LessonState | None]:
    found = db.session.get(Lesson, lesson.id)
    assert found is not None
    return found.state, found.preparing


def versions(lesson: Lesson) -> list[LessonState]:
    return list(
        db.session.scalars(
            db.select(LessonVersion.state)
            .where(LessonVersion.lesson_id == lesson.id)
            .order_by(LessonVersion.number)
        )
    )


def draft(street: Street, **values: Any) -> Lesson:
    made = factories.lesson(street.branch_one, street.branch, state=LessonState.DRAFT, **values)
    factories.commit()
    return made


def messages_of(street: Street, name: str) -> list[str]:
    wanted = db.select(Message.subject).where(Message.person_id == getattr(street, name).id)
    return list(db.session.scalars(wanted.order_by(Message.id)))


def test_written_reviewed_published_and_seen(browser: Browser, street: Street, way: str) -> None:
    lesson = draft(street)
    htmx = way == "htmx"
    page = browser.sign_in("branch").get(f"/lessons/{lesson.id}")
    page = browser.submit(page.form("/submit"), htmx=htmx)
    assert state_of(lesson) == (LessonState.IN_REVIEW, LessonState.IN_REVIEW)
    assert "已提交审核" in page.text
    assert as_(browser, "a").get(f"/lessons/{lesson.id}").status == 404

    assert messages_of(street, "secretary") == ["请您审核：社区治理主题党课"]
    assert messages_of(street, "office") == ["请您审核：社区治理主题党课"]
    assert messages_of(street, "branch") == []
    reviewer = as_(browser, "secretary")
    page = reviewer.get(f"/lessons/{lesson.id}")
    page = reviewer.get(page.links()["去审核"])
    page = reviewer.submit(page.form("/publish"), htmx=htmx)
    assert page.status == 200
    assert state_of(lesson) == (LessonState.PUBLISHED, None)
    assert as_(browser, "a").get(f"/lessons/{lesson.id}").h1 == "社区治理主题党课"
    assert messages_of(street, "branch") == ["已审核发布：社区治理主题党课"]
    acts = db.session.scalars(
        db.select(AuditEntry.action).where(AuditEntry.object_type == "Lesson")
    ).all()
    assert acts == ["lesson.submit", "lesson.publish"]


def test_nobody_reviews_what_they_wrote_in(browser: Browser, street: Street) -> None:
    lesson = draft(street)
    secretary = as_(browser, "secretary")
    form = secretary.get(f"/lessons/{lesson.id}/edit").form("/edit")
    secretary.submit(form, takeaway="书记添的一句", then="submit")
    assert messages_of(street, "secretary") == []
    page = secretary.get(f"/lessons/{lesson.id}/review")
    assert "由另一位审核人" in page.text
    assert not [form for form in page.forms() if form.action.endswith("/publish")]
    assert secretary.post(f"/lessons/{lesson.id}/publish").status == 403
    assert secretary.post(f"/lessons/{lesson.id}/return", {"remark": "不行"}).status == 403
    assert state_of(lesson)[0] is LessonState.IN_REVIEW
    office = as_(browser, "office")
    assert office.post(f"/lessons/{lesson.id}/publish").status == 200
    assert state_of(lesson)[0] is LessonState.PUBLISHED


def test_a_branch_publishes_nothing_for_itself(browser: Browser, street: Street) -> None:
    lesson = draft(street)
    recorder = as_(browser, "recorder")
    as_(browser, "branch").post(f"/lessons/{lesson.id}/submit")
    assert recorder.get(f"/lessons/{lesson.id}/review").status == 403
    assert recorder.post(f"/lessons/{lesson.id}/publish").status == 403


@pytest.mark.parametrize(
    "lacking",
    [
        {"body": ""},
        {"minutes": None},
        {"lecturer_name": ""},
        {"lecturer_id": None},
        {"lecturer_origin": "invited"},
    ],
)
def test_what_is_not_complete_is_not_reviewed(
    browser: Browser, street: Street, lacking: dict[str, Any]
) -> None:
    lesson = draft(street, **lacking)
    page = browser.sign_in("branch").post(f"/lessons/{lesson.id}/submit")
    assert page.status == 409
    assert "缺少" in page.alert
    assert state_of(lesson)[0] is LessonState.DRAFT


def test_an_invited_lecturer_without_approval_is_not_published(
    browser: Browser, street: Street
) -> None:
    lesson = factories.lesson(
        street.branch_one,
        street.branch,
        state=LessonState.IN_REVIEW,
        lecturer_origin="invited",
        lecturer_name="测试教授",
        lecturer_unit="测试学院",
    )
    factories.commit()
    page = browser.sign_in("secretary").post(f"/lessons/{lesson.id}/publish")
    assert page.status == 409
    assert "审批文件" in page.alert
    assert state_of(lesson)[0] is LessonState.IN_REVIEW


def test_saved_and_submitted_at_once_says_what_is_missing_and_keeps_the_draft(
    browser: Browser, street: Street
) -> None:
    lesson = draft(street, body="")
    form = browser.sign_in("branch").get(f"/lessons/{lesson.id}/edit").form("/edit")
    page = browser.submit(form, takeaway="写好的话", then="submit")
    assert "正文" in page.alert
    assert state_of(lesson)[0] is LessonState.DRAFT
    assert queries.newest(lesson).takeaway == "写好的话"
    page = browser.submit(page.form("/edit"), body="正文来了", then="submit")
    assert state_of(lesson)[0] is LessonState.IN_REVIEW


def test_returned_with_a_remark_and_written_on_as_the_next_version(
    browser: Browser, street: Street, way: str
) -> None:
    lesson = draft(street)
    writer = browser.sign_in("branch")
    writer.post(f"/lessons/{lesson.id}/submit")
    reviewer = as_(browser, "secretary")
    page = reviewer.get(f"/lessons/{lesson.id}/review")
    refused = reviewer.submit(page.form("/return"), remark="", htmx=way == "htmx")
    assert refused.status == 422
    assert "remark" in refused.errors()
    too_long = reviewer.submit(page.form("/return"), remark="字" * 1_001)
    assert too_long.status == 422
    reviewer.submit(page.form("/return"), remark="请补充\n政策文号", htmx=way == "htmx")
    assert state_of(lesson) == (LessonState.RETURNED, LessonState.RETURNED)
    assert messages_of(street, "branch") == ["已退回，请修改：社区治理主题党课"]

    page = writer.get(f"/lessons/{lesson.id}")
    assert "政策文号" in page.text
    page = writer.get(page.links()["按意见修改"])
    assert "政策文号" in page.text
    writer.submit(page.form("/edit"), policy_document="测发〔2026〕2号", then="submit")
    assert versions(lesson) == [LessonState.RETURNED, LessonState.IN_REVIEW]
    assert queries.version(lesson, 1).policy_document == ""
    # The reviewer sees what is new since the version that was returned.
    page = reviewer.get(f"/lessons/{lesson.id}/review")
    assert "和第 1 稿（已退回）相比" in page.text
    assert [one.text for one in page.find_all("ins")] == ["测发〔2026〕2号"]


def test_a_published_lesson_is_revised_while_readers_see_the_old_version(
    browser: Browser, street: Street
) -> None:
    lesson = factories.lesson(street.branch_one, street.branch, body="第一版")
    factories.commit()
    writer, reader = as_(browser, "branch"), as_(browser, "a")
    form = writer.get(f"/lessons/{lesson.id}/edit").form("/edit")
    writer.submit(form, title="新的题目", body="第二版", then="save")
    assert state_of(lesson) == (LessonState.PUBLISHED, LessonState.DRAFT)
    page = reader.get(f"/lessons/{lesson.id}")
    assert page.h1 == "社区治理主题党课"
    assert "第一版" in page.text
    assert "第二版" not in page.text
    assert "新的题目" not in reader.get("/lessons/").text
    assert reader.get("/lessons/", q="第二版").find_all("li", class_="lesson-card") == []

    writer.post(f"/lessons/{lesson.id}/submit")
    as_(browser, "secretary").post(f"/lessons/{lesson.id}/publish")
    assert versions(lesson) == [LessonState.REPLACED, LessonState.PUBLISHED]
    assert state_of(lesson) == (LessonState.PUBLISHED, None)
    assert reader.get(f"/lessons/{lesson.id}").h1 == "新的题目"
    assert len(reader.get("/lessons/", q="第二版").find_all("li", class_="lesson-card")) == 1
    # The first version is kept as it was, and told apart to the character.
    page = writer.get(f"/lessons/{lesson.id}/versions")
    assert "改了：标题、正文" in page.text
    page = writer.get(f"/lessons/{lesson.id}/versions/1")
    assert "第一版" in page.text
    page = writer.get(f"/lessons/{lesson.id}/compare?from=1&to=2")
    assert ("一", "二") in list(
        zip(
            [one.text for one in page.find_all("del")],
            [one.text for one in page.find_all("ins")],
            strict=False,
        )
    )
    same = writer.get(f"/lessons/{lesson.id}/compare?from=2&to=2")
    assert "两稿内容一样" in same.text
    assert writer.get(f"/lessons/{lesson.id}/versions/9").status == 404
    assert writer.get(f"/lessons/{lesson.id}/compare", to="9").status == 404


def test_a_revision_can_be_thrown_away_and_a_first_draft_goes_altogether(
    browser: Browser, street: Street
) -> None:
    published = factories.lesson(street.branch_one, street.branch)
    first = factories.lesson(street.branch_one, street.branch, state=LessonState.DRAFT)
    factories.commit()
    writer = browser.sign_in("branch")
    form = writer.get(f"/lessons/{published.id}/edit").form("/edit")
    writer.submit(form, body="改一改", then="save")
    writer.post(f"/lessons/{published.id}/discard")
    assert versions(published) == [LessonState.PUBLISHED]
    assert state_of(published) == (LessonState.PUBLISHED, None)
    first_id = first.id
    writer.post(f"/lessons/{first_id}/discard")
    assert db.session.scalar(db.select(Lesson.id).where(Lesson.id == first_id)) is None
    assert writer.get(f"/lessons/{first_id}").status == 404
    assert writer.post(f"/lessons/{published.id}/discard").status == 409


def test_withdrawn_from_review_and_written_on(browser: Browser, street: Street) -> None:
    lesson = draft(street)
    writer = browser.sign_in("branch")
    writer.post(f"/lessons/{lesson.id}/submit")
    page = writer.submit(writer.get(f"/lessons/{lesson.id}").form("/withdraw"))
    assert state_of(lesson)[0] is LessonState.DRAFT
    page = as_(browser, "secretary").get(f"/lessons/{lesson.id}/review")
    assert page.status == 409
    assert versions(lesson) == [LessonState.DRAFT]


def test_the_reviewer_settles_the_version_that_was_read(browser: Browser, street: Street) -> None:
    """Returned, changed and submitted anew meanwhile: the old page publishes nothing."""
    lesson = draft(street)
    writer, office = browser.sign_in("branch"), as_(browser, "office")
    writer.post(f"/lessons/{lesson.id}/submit")
    page = office.get(f"/lessons/{lesson.id}/review")
    as_(browser, "secretary").post(f"/lessons/{lesson.id}/return", {"remark": "再改"})
    form = writer.get(f"/lessons/{lesson.id}/edit").form("/edit")
    writer.submit(form, body="没有看过的内容", then="submit")
    answer = office.submit(page.form("/publish"))
    assert answer.status == 409
    assert state_of(lesson)[0] is LessonState.IN_REVIEW


def test_put_away_and_published_again(browser: Browser, street: Street) -> None:
    lesson = factories.lesson(street.branch_one, street.branch)
    factories.commit()
    writer, secretary = browser.sign_in("branch"), as_(browser, "secretary")
    assert writer.post(f"/lessons/{lesson.id}/archive").status == 403
    secretary.submit(secretary.get(f"/lessons/{lesson.id}").form("/archive"))
    assert state_of(lesson) == (LessonState.ARCHIVED, None)
    assert "社区治理主题党课" not in as_(browser, "a").get("/lessons/").text
    assert as_(browser, "a").get(f"/lessons/{lesson.id}").status == 200
    assert writer.get(f"/lessons/{lesson.id}/edit").status == 409
    assert secretary.post(f"/lessons/{lesson.id}/archive").status == 409
    secretary.post(f"/lessons/{lesson.id}/restore")
    assert state_of(lesson) == (LessonState.PUBLISHED, None)


def test_nothing_is_put_away_while_a_revision_is_open(browser: Browser, street: Street) -> None:
    lesson = factories.lesson(street.branch_one, street.branch)
    factories.commit()
    form = browser.sign_in("branch").get(f"/lessons/{lesson.id}/edit").form("/edit")
    browser.submit(form, body="改一改", then="save")
    page = as_(browser, "secretary").post(f"/lessons/{lesson.id}/archive")
    assert page.status == 409
    assert "修改稿" in page.alert


def test_what_came_back_of_a_published_lesson_does_not_keep_it_from_being_put_away(
    browser: Browser, street: Street
) -> None:
    lesson = factories.lesson(street.branch_one, street.branch)
    factories.commit()
    writer, secretary = browser.sign_in("branch"), as_(browser, "secretary")
    form = writer.get(f"/lessons/{lesson.id}/edit").form("/edit")
    writer.submit(form, body="改一改", then="submit")
    secretary.post(f"/lessons/{lesson.id}/return", {"remark": "不用改"})
    assert state_of(lesson) == (LessonState.PUBLISHED, LessonState.RETURNED)
    assert secretary.post(f"/lessons/{lesson.id}/archive").status == 200
    assert state_of(lesson) == (LessonState.ARCHIVED, None)
    assert writer.post(f"/lessons/{lesson.id}/edit", {"title": "又来"}).status == 409


def test_the_history_tells_every_step(browser: Browser, street: Street) -> None:
    lesson = draft(street)
    writer = browser.sign_in("branch")
    writer.post(f"/lessons/{lesson.id}/submit")
    as_(browser, "secretary").post(f"/lessons/{lesson.id}/publish")
    steps = db.session.scalars(db.select(LessonMove.to_state).order_by(LessonMove.id)).all()
    assert steps == [LessonState.IN_REVIEW, LessonState.PUBLISHED]
    page = writer.get(f"/lessons/{lesson.id}/versions")
    assert page.text.index("第 1 稿 已发布") < page.text.index("第 1 稿 待审核")
    assert "书记测试甲" in page.text


def test_two_revisions_at_once_are_refused_by_the_database(
    browser: Browser, street: Street
) -> None:
    lesson = factories.lesson(street.branch_one, street.branch)
    factories.commit()
    with write_transaction():
        services.revise(lesson=queries.lesson(lesson.id), actor=street.branch)
    with pytest.raises(ConflictError), write_transaction():
        services.revise(lesson=queries.lesson(lesson.id), actor=street.recorder)
    assert versions(lesson) == [LessonState.PUBLISHED, LessonState.DRAFT]


def test_the_queue_of_a_reviewer_leaves_out_own_work(browser: Browser, street: Street) -> None:
    lessons = [draft(street, title=f"第{number}课") for number in range(3)]
    for lesson in lessons:
        browser_of = as_(browser, "branch")
        browser_of.post(f"/lessons/{lesson.id}/submit")
    mine = queries.newest(lessons[1])
    factories._added(
        LessonWriter(
            version_id=mine.id,
            person_id=street.secretary.id,
            first_at=mine.created_at,
            last_at=mine.created_at,
        )
    )
    factories.commit()
    page = as_(browser, "secretary").get("/lessons/", state="in_review")
    assert len(page.find_all("li", class_="lesson-card")) == 3
    from tests.lessons.test_rules import somebody

    waiting = queries.waiting_for(somebody(street, "secretary"), limit=10)
    assert [version.title for version in waiting.to_review] == ["第0课", "第2课"]
    for name in ("branch", "secretary2", "a", "auditor"):
        assert queries.waiting_for(somebody(street, name), limit=10) == ([], [])


def test_the_home_of_a_reviewer_and_of_a_writer_brings_it_to_mind(
    browser: Browser, street: Street
) -> None:
    lesson = draft(street)
    writer, reviewer = browser.sign_in("branch"), as_(browser, "secretary")
    writer.post(f"/lessons/{lesson.id}/submit")
    page = reviewer.get("/")
    assert page.by("data-task", "review_lesson")
    page = reviewer.get(page.links()["去审核"])
    reviewer.submit(page.form("/return"), remark="请补充出处")
    assert not reviewer.get("/").by("data-task", "review_lesson")
    page = writer.get("/")
    assert page.by("data-task", "lesson_returned")
    assert "请补充出处" in page.text
