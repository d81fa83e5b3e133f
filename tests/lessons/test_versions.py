"""The list of versions and the comparison: what was attached, taken off, moved and replaced."""

import io
from collections.abc import Callable

import pytest
from flask import Flask

from portal.database import db
from portal.lessons.attachments import AttachmentChange, Attachments
from portal.lessons.comparison import Change, FieldChange
from portal.lessons.models import Lesson, LessonMaterial, LessonState, LessonVersion
from portal.materials import services as materials
from portal.materials.models import Material
from tests import factories
from tests.factories import Street
from tests.materials import samples
from tests.page import Browser, Page


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


@pytest.fixture
def lesson(street: Street) -> Lesson:
    return factories.lesson(street.branch_one, street.branch)


def put(street: Street, title: str, content: bytes, extension: str = "pdf") -> Material:
    """Put a file into the library under a title."""
    return materials.keep(
        stream=io.BytesIO(content),
        filename=f"{title}.{extension}",
        owner=street.branch_one,
        actor=street.branch,
    )


def version(
    street: Street, lesson: Lesson, *attached: Material, cover: Material | None = None
) -> None:
    """Let the lesson have one version more, which says the same and has this attached."""
    db.session.flush()
    made = LessonVersion(
        lesson_id=lesson.id,
        number=lesson.last_number + 1,
        state=LessonState.RETURNED,
        title=lesson.title,
        minutes=90,
        lecturer_name=street.branch.name,
        lecturer_id=street.branch.id,
        body="正文",
        created_by_id=street.branch.id,
        created_at=lesson.created_at,
        edited_by_id=street.branch.id,
        edited_at=lesson.created_at,
        cover_id=cover.id if cover else None,
    )
    db.session.add(made)
    db.session.flush()
    lesson.last_number = made.number
    db.session.add_all(
        LessonMaterial(version_id=made.id, material_id=one.id, position=position)
        for position, one in enumerate(attached, 1)
    )


def told(page: Page) -> list[str]:
    """Return what each version of the list says of its changes, the newest first."""
    rows = page.find_all("ul", class_="rows version-rows")[0]
    lines = [element for element in rows.iter() if element.tag == "p" and not element.get("class")]
    return ["".join(element.itertext()) for element in lines]


def test_versions_name_the_materials_that_came_and_went(
    browser: Browser,
    street: Street,
    lesson: Lesson,
    queries_of: Callable[[Callable[[], object]], int],
) -> None:
    speech, roster = put(street, "讲稿", samples.pdf("1")), put(street, "名单", samples.pdf("2"))
    face = put(street, "合影", samples.picture(), "png")
    version(street, lesson, speech, roster)
    version(street, lesson, speech, face, cover=face)
    factories.commit()
    address = f"/lessons/{lesson.id}/versions"
    browser.sign_in("branch").get(address)
    asked = queries_of(lambda: browser.get(address))
    version(street, lesson, face, speech, cover=face)
    version(street, lesson, face, put(street, "讲稿", samples.pdf("3")), cover=face)
    version(street, lesson, face, cover=face)
    version(street, lesson, face, cover=face)
    factories.commit()
    pages: list[Page] = []
    assert queries_of(lambda: pages.append(browser.get(address))) == asked
    assert told(pages[0]) == [
        "内容没有变化",
        "资料：取下 讲稿",
        "资料：加入 讲稿（换了文件）；取下 讲稿",
        "改了：资料顺序",
        "改了：封面图片",
        "资料：加入 合影；取下 名单",
        "资料：加入 讲稿、名单",
    ]

    page = browser.get(f"/lessons/{lesson.id}/compare?from=2&to=3")
    assert "改了 2 项：资料、封面图片" in page.text
    assert [one.text for one in page.find_all("del")][1:] == ["名单"]
    assert [one.text for one in page.find_all("ins")][1:] == ["合影", "合影"]
    page = browser.get(f"/lessons/{lesson.id}/compare?from=4&to=5")
    assert [one.text for one in page.find_all("ins")][1:] == ["讲稿（换了文件）"]
    page = browser.get(f"/lessons/{lesson.id}/compare?from=3&to=4")
    assert [one.text for one in page.find_all("del")][1:] == ["讲稿、合影"]
    assert [one.text for one in page.find_all("ins")][1:] == ["合影、讲稿"]


def lines(field: FieldChange) -> list[tuple[Change, str]]:
    return [piece for line in field.lines if line is not None for piece in line]


def test_what_was_taken_off_is_told_where_it_stood_and_what_moved_is_told_once() -> None:
    before = Attachments({1: "甲", 2: "乙", 3: "丙"})
    now = Attachments({3: "丙", 1: "甲", 4: "丁"})
    materials, order = AttachmentChange(before, now).fields()
    assert sorted(lines(materials), key=lambda piece: piece[1]) == [
        (Change.NEW, "丁"),
        (Change.SAME, "丙"),
        (Change.GONE, "乙"),
        (Change.SAME, "甲"),
    ]
    assert lines(order) == [(Change.GONE, "甲、丙"), (Change.NEW, "丙、甲")]
    assert AttachmentChange(now, now).fields() == []
