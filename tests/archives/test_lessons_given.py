"""The year holds what was taught: the script as it was then, its courseware, and the notices."""

import hashlib
import io
from datetime import datetime, timedelta
from zipfile import ZipFile

from docx import Document
from flask import Flask

from portal.database import db
from portal.events.models import Event
from portal.lessons.models import Lesson, LessonMaterial, LessonState, LessonVersion
from portal.materials import services as materials
from portal.people.models import Person
from tests import factories
from tests.archives.test_archives import AFTER, At, made
from tests.attendance.conftest import NINE, Gathering, at, gathering
from tests.page import Browser

__all__ = ["at", "gathering"]

DAY = timedelta(days=1)
FILM = b"slides\n"
ROOT = "汕头路社区第一党支部2026年度档案"


def taught(gathering: Gathering) -> Lesson:
    """A lesson whose second version was published the day before yesterday, with a file."""
    by: Person = gathering.secretary
    lesson = factories.lesson(
        gathering.shantou,
        by,
        title="基层治理",
        body="# 第一部分\n\n旧的正文。",
        settled_at=NINE - 30 * DAY,
    )
    version(lesson, 1).state = LessonState.REPLACED
    db.session.flush()
    publish(lesson, 2, NINE - 2 * DAY, "# 第一部分\n\n**当时**的正文。", by)
    kept = materials.keep(
        stream=io.BytesIO(FILM), filename="课件.txt", owner=gathering.shantou, actor=by
    )
    second = version(lesson, 2)
    db.session.add(LessonMaterial(version_id=second.id, material_id=kept.id, position=1))
    factories.commit()
    return lesson


def version(lesson: Lesson, number: int) -> LessonVersion:
    return db.session.scalars(
        db.select(LessonVersion).filter_by(lesson_id=lesson.id, number=number)
    ).one()


def publish(lesson: Lesson, number: int, moment: datetime, body: str, by: Person) -> None:
    db.session.add(
        LessonVersion(
            lesson_id=lesson.id,
            number=number,
            state=LessonState.PUBLISHED,
            title="基层治理",
            lecturer_name="李老师",
            body=body,
            questions="怎么治？",
            created_by_id=by.id,
            created_at=moment,
            edited_by_id=by.id,
            edited_at=moment,
            settled_at=moment,
        )
    )
    factories.commit()


def given(gathering: Gathering, lesson: Lesson, moment: datetime = NINE, **values) -> Event:
    return gathering.lesson(
        host=gathering.branch_one,
        starts_at=moment,
        title=values.pop("title", "九点的党课"),
        lesson_id=lesson.id,
        published_at=moment - 3 * DAY,
        **values,
    )


def words(document: bytes) -> list[str]:
    return [one.text for one in Document(io.BytesIO(document)).paragraphs if one.text]


def test_the_script_is_filed_as_it_was_when_it_was_given(
    gathering: Gathering, app: Flask, at: At, browser: Browser, any_database: str
) -> None:
    lesson = taught(gathering)
    given(gathering, lesson)
    given(gathering, lesson, NINE - DAY, title="前一天的党课")
    given(gathering, lesson, NINE + 5 * DAY, title="还没有讲的")
    at(AFTER)
    browser.sign_in("branch")
    first = made(app, browser, gathering.branch_one.id)
    archive = ZipFile(io.BytesIO(first))
    folder = f"{ROOT}/党课讲稿 基层治理（第 2 稿）"
    filed = [name for name in archive.namelist() if "党课讲稿" in name]
    assert filed == [f"{folder}/讲稿.docx", f"{folder}/课件.txt"], (
        "once, however often it was given"
    )
    assert archive.read(filed[1]) == FILM
    assert words(archive.read(filed[0])) == [
        "基层治理",
        "李老师",
        "第一部分",
        "当时的正文。",
        "研讨题",
        "怎么治？",
        "本年度举办",
        "11月24日，汕头路社区第一党支部“前一天的党课”，党群服务中心。",
        "11月25日，汕头路社区第一党支部“九点的党课”，党群服务中心。",
    ]
    # What is published later is another paper: the same archive has the same bytes.
    old = version(lesson, 2)
    old.state = LessonState.REPLACED
    db.session.flush()
    publish(lesson, 3, AFTER, "改过的正文。", gathering.secretary)
    at(AFTER + DAY)
    browser.sign_in("branch")
    second = made(app, browser, gathering.branch_one.id, AFTER + DAY)
    assert hashlib.sha256(second).hexdigest() == hashlib.sha256(first).hexdigest()


def test_what_nobody_has_published_is_no_script(
    gathering: Gathering, app: Flask, at: At, browser: Browser
) -> None:
    lesson = factories.lesson(gathering.shantou, gathering.secretary, state=LessonState.DRAFT)
    given(gathering, lesson)
    at(AFTER)
    archive = ZipFile(io.BytesIO(made(app, browser.sign_in("branch"), gathering.branch_one.id)))
    assert not [name for name in archive.namelist() if "讲稿" in name]


def test_the_notice_is_filed_with_the_event_it_was_posted_for(
    gathering: Gathering, app: Flask, at: At, browser: Browser
) -> None:
    event = given(gathering, taught(gathering), contact="办公室 13900001111")
    db.session.get_one(Event, event.id).contact = "办公室 13900001111"
    factories.commit()
    at(AFTER)
    archive = ZipFile(io.BytesIO(made(app, browser.sign_in("branch"), gathering.branch_one.id)))
    notice = words(archive.read(f"{ROOT}/11-25 九点的党课/通知.docx"))
    assert notice[0] == "关于举办“九点的党课”的通知"
    assert notice[-1] == "2026年11月22日", "the day on which it was posted"
    assert "13900001111" not in "".join(notice)
