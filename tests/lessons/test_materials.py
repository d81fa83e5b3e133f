"""Materials of a lesson, its cover, and pictures in its text: versioned, and read by right."""

import io
from typing import Any

import pytest
from flask import Flask

from portal.database import db
from portal.lessons import material_queries, queries
from portal.lessons.models import Lesson, LessonMaterial, LessonState
from portal.materials import services as materials
from portal.materials.models import Material
from tests import factories
from tests.factories import Street
from tests.materials import samples
from tests.page import Browser, text_of


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


def put(street: Street, name: str = "讲稿.pdf", content: bytes | None = None) -> Material:
    made = materials.keep(
        stream=io.BytesIO(samples.pdf() if content is None else content),
        filename=name,
        owner=street.branch_one,
        actor=street.branch,
    )
    factories.commit()
    return made


def picture(street: Street, name: str = "合影.png") -> Material:
    return put(street, name, samples.picture())


def draft(street: Street, **values: Any) -> Lesson:
    state = values.pop("state", LessonState.DRAFT)
    made = factories.lesson(street.branch_one, street.branch, state=state, **values)
    factories.commit()
    return made


def titles(lesson: Lesson) -> list[str]:
    return [one.title for one in material_queries.attached(queries.newest(lesson))]


def test_chosen_from_the_library_and_uploaded_here(
    browser: Browser, street: Street, way: str
) -> None:
    lesson, known = draft(street), put(street)
    path = f"/lessons/{lesson.id}/materials"
    page = browser.sign_in("branch").get(path)
    page = browser.post(
        path,
        {"material": str(known.id), "file": (io.BytesIO(samples.picture()), "合影.png")},
        htmx=way == "htmx",
    )
    assert page.status == 200
    assert titles(lesson) == ["讲稿", "合影"]
    assert "讲稿" in browser.get(f"/lessons/{lesson.id}").text
    first, second = material_queries.attached(queries.newest(lesson))
    browser.post(f"{path}/{second.id}/move", {"way": "up"})
    assert titles(lesson) == ["合影", "讲稿"]
    browser.post(f"{path}/{second.id}/move", {"way": "up"})
    browser.post(f"{path}/{second.id}/move", {"way": "down"})
    assert titles(lesson) == ["讲稿", "合影"]
    browser.post(f"{path}/{first.id}/take-off")
    assert titles(lesson) == ["合影"]
    assert browser.post(f"{path}/{first.id}/take-off").status == 404


def test_nothing_chosen_and_what_is_no_file_are_refused(browser: Browser, street: Street) -> None:
    lesson = draft(street)
    path = f"/lessons/{lesson.id}/materials"
    browser.sign_in("branch")
    assert browser.post(path).status == 422
    hostile = {"file": (io.BytesIO(b"<script>alert(1)</script>"), "合影.png")}
    page = browser.post(path, hostile)
    assert page.status == 422
    assert "合影.png" in page.alert
    assert titles(lesson) == []


def test_who_reads_the_lesson_reads_its_materials(browser: Browser, street: Street) -> None:
    lesson, known = draft(street), put(street)
    writer = browser.sign_in("branch")
    writer.post(f"/lessons/{lesson.id}/materials", {"material": str(known.id)})
    reader = Browser(browser.app).sign_in("d")
    assert reader.get(f"/materials/{known.id}").status == 404
    writer.post(f"/lessons/{lesson.id}/submit")
    Browser(browser.app).sign_in("secretary").post(f"/lessons/{lesson.id}/publish")
    assert reader.get(f"/materials/{known.id}").status == 200
    assert "讲稿" in reader.get(f"/lessons/{lesson.id}").text
    assert "社区治理主题党课" in writer.get(f"/materials/{known.id}").text


def test_a_published_lesson_changes_its_materials_by_a_new_version(
    browser: Browser, street: Street
) -> None:
    lesson, old, new = draft(street, state=LessonState.PUBLISHED), put(street), picture(street)
    shown = queries.shown(lesson)
    db.session.add(LessonMaterial(version_id=shown.id, material_id=old.id, position=1))
    factories.commit()
    browser.sign_in("branch").post(f"/lessons/{lesson.id}/materials", {"material": str(new.id)})
    assert titles(lesson) == ["讲稿", "合影"]
    assert queries.newest(lesson).number == 2
    reader = Browser(browser.app).sign_in("d")
    assert reader.get(f"/materials/{new.id}").status == 404
    assert "合影" not in reader.get(f"/lessons/{lesson.id}").text
    browser.post(f"/lessons/{lesson.id}/submit")
    page = Browser(browser.app).sign_in("secretary").get(f"/lessons/{lesson.id}/review")
    assert [one.text for one in page.find_all("ins")] == ["合影"]


def test_a_picture_on_the_cover(browser: Browser, street: Street, way: str) -> None:
    lesson, face, paper = draft(street), picture(street), put(street)
    path = f"/lessons/{lesson.id}"
    browser.sign_in("branch")
    assert browser.post(f"{path}/cover", {"cover": str(face.id)}).status == 404
    browser.post(f"{path}/materials", {"material": [str(face.id), str(paper.id)]})
    form = browser.get(f"{path}/materials").form("/cover")
    browser.submit(form, htmx=way == "htmx", cover=str(face.id))
    assert queries.newest(lesson).cover_id == face.id
    assert browser.post(f"{path}/cover", {"cover": str(paper.id)}).status == 422
    page = browser.get("/lessons/", state="draft")
    assert f"/materials/{face.id}/thumbnail/960" in page.html
    assert opened(browser, f"/materials/{face.id}/thumbnail/960") == 200
    browser.post(f"{path}/materials/{face.id}/take-off")
    assert queries.newest(lesson).cover_id is None
    browser.post(f"{path}/cover", {"cover": ""})
    assert queries.newest(lesson).cover_id is None


def opened(browser: Browser, address: str) -> int:
    """Open a file, and close it again."""
    with browser.client.get(address, buffered=True) as response:
        return response.status_code


# ---- pictures in the text


def test_a_picture_that_is_pasted_becomes_a_mark_and_is_shown(
    browser: Browser, street: Street
) -> None:
    lesson = draft(street)
    browser.sign_in("branch")
    sent = {"csrf_token": browser.token(), "file": (io.BytesIO(samples.picture()), "合[影].png")}
    answer = browser.client.post(f"/lessons/{lesson.id}/pictures", data=sent)
    mark = answer.get_data(as_text=True)
    kept = db.session.scalars(db.select(Material)).one()
    assert mark == f"![合［影］](/materials/{kept.id}/thumbnail/960)"
    assert titles(lesson) == []
    form = browser.get(f"/lessons/{lesson.id}/edit").form("/edit")
    page = browser.submit(form, body=f"看图\n\n{mark}", then="save")
    (image,) = [one for one in page.find_all("img") if one.get("alt") == "合［影］"]
    assert opened(browser, image.get("src") or "") == 200
    # Taken out of the text it is let go.
    form = browser.get(f"/lessons/{lesson.id}/edit").form("/edit")
    browser.submit(form, body="没有图了", then="save")
    assert db.session.scalars(db.select(LessonMaterial)).all() == []


def test_with_scripts_off_a_picture_comes_by_the_page_of_materials(
    browser: Browser, street: Street
) -> None:
    lesson = draft(street)
    edit = browser.sign_in("branch").get(f"/lessons/{lesson.id}/edit")
    (pasting,) = [one for one in edit.find_all("span") if "粘贴" in text_of(one)]
    assert pasting.get("hidden") is not None, "said by the script that makes it true"
    assert "单张不超过 20 MB" in text_of(pasting)
    without_scripts = " ".join(text_of(one) for one in edit.find_all("noscript"))
    assert "资料和封面" in without_scripts
    path = f"/lessons/{lesson.id}/materials"
    page = browser.post(path, {"file": (io.BytesIO(samples.picture()), "合[影].png")})
    (mark,) = [text_of(one) for one in page.find_all("code")]
    page = browser.submit(edit.form("/edit"), body=mark, then="save")
    (image,) = [one for one in page.find_all("img") if one.get("alt") == "合［影］"]
    assert opened(browser, image.get("src") or "") == 200
    assert titles(lesson) == ["合[影]"], "it stands among the materials as well"


def test_what_is_no_picture_is_answered_with_a_sentence(browser: Browser, street: Street) -> None:
    lesson = draft(street)
    browser.sign_in("branch")
    for sent in ({}, {"file": (io.BytesIO(samples.pdf()), "讲稿.pdf")}):
        answer = browser.client.post(
            f"/lessons/{lesson.id}/pictures", data={"csrf_token": browser.token(), **sent}
        )
        assert answer.status_code == 422
        assert answer.mimetype == "text/plain"
        assert answer.get_data(as_text=True)
    assert db.session.scalars(db.select(LessonMaterial)).all() == []


def test_a_picture_of_the_text_is_shown_only_if_its_writer_may_use_it(
    browser: Browser, street: Street
) -> None:
    lesson = draft(street)
    other = materials.keep(
        stream=io.BytesIO(samples.picture()),
        filename="别人的.png",
        owner=street.haikou,
        actor=street.secretary2,
    )
    factories.commit()
    form = browser.sign_in("branch").get(f"/lessons/{lesson.id}/edit").form("/edit")
    browser.submit(form, body=f"![偷](/materials/{other.id}/content)", then="save")
    assert db.session.scalars(db.select(LessonMaterial)).all() == []
    assert browser.get(f"/materials/{other.id}").status == 404


def test_nothing_is_attached_while_it_is_reviewed_or_put_away(
    browser: Browser, street: Street
) -> None:
    known = put(street)
    for state in (LessonState.IN_REVIEW, LessonState.ARCHIVED):
        lesson = draft(street, state=state)
        path = f"/lessons/{lesson.id}"
        browser.sign_in("branch") if state is LessonState.IN_REVIEW else None
        assert browser.get(f"{path}/materials").status == 409
        assert browser.post(f"{path}/materials", {"material": str(known.id)}).status == 409
        assert browser.post(f"{path}/cover", {"cover": ""}).status == 409
        assert browser.post(f"{path}/pictures").status == 409


def test_a_material_in_use_is_not_removed(browser: Browser, street: Street) -> None:
    lesson, known = draft(street), put(street)
    browser.sign_in("branch").post(f"/lessons/{lesson.id}/materials", {"material": str(known.id)})
    browser.post(f"/materials/{known.id}/archive")
    assert browser.post(f"/materials/{known.id}/remove").status == 409
