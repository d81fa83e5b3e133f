"""The library: finding, renaming, archiving, removing; the page of one material."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, select

from portal.audit.models import AuditEntry
from portal.database import db
from portal.events.models import EventMaterial, EventState
from portal.lessons.models import LessonMaterial, LessonVersion
from portal.materials import queries, settings
from portal.materials.models import Material
from portal.sites.models import SitePicture
from tests import factories
from tests.factories import Street
from tests.materials import samples
from tests.materials.conftest import Put
from tests.page import Browser


def titles(browser: Browser, *, htmx: bool = False, **asked: object) -> list[str]:
    page = browser.get("/materials/", htmx=htmx, **asked)
    assert page.status == 200
    return ["".join(element.itertext()).strip() for element in page.by("class", "tile-title")]


def test_the_library_is_narrowed_by_words_kind_organisation_and_state(
    browser: Browser, any_database: str, street: Street, put: Put, way: str
) -> None:
    put(title="情景党课讲稿")
    put(samples.picture(), "合影.png", title="合影", owner=street.branch_one)
    put(samples.wav(), "歌.wav", title="开场曲", owner=street.street, actor=street.office)
    put(b"far away", "远.txt", title="海口路的", owner=street.haikou, actor=street.secretary2)
    browser.sign_in("secretary")
    htmx = way == "htmx"
    assert titles(browser, htmx=htmx) == ["开场曲", "合影", "情景党课讲稿"]
    assert titles(browser, htmx=htmx, q="情景") == ["情景党课讲稿"]
    assert titles(browser, htmx=htmx, q="heying") == ["合影"]
    assert titles(browser, htmx=htmx, kind="audio") == ["开场曲"]
    assert titles(browser, htmx=htmx, org=street.branch_one.id) == ["合影"]
    assert titles(browser, htmx=htmx, state="archived") == []
    assert titles(browser, htmx=htmx, kind="nonsense", org="x", page="-3") != []


def test_an_empty_library_offers_the_first_step(browser: Browser, street: Street) -> None:
    page = browser.sign_in("secretary").get("/materials/")
    assert page.links()["上传第一份资料"] == "/materials/new"
    assert "清除条件" in browser.get("/materials/", q="没有").text


def test_pages_of_tiles_follow_each_other(browser: Browser, street: Street, put: Put) -> None:
    for number in range(queries.TILES_PER_PAGE + 1):
        put(b"text %d" % number, f"{number}.txt")
    browser.sign_in("secretary")
    assert len(titles(browser)) == queries.TILES_PER_PAGE
    assert titles(browser, page=2) == ["0"]
    assert "这一页之后没有资料了" in browser.get("/materials/", page=9).text


def test_a_full_page_costs_as_many_statements_as_one_tile(
    browser: Browser, street: Street, put: Put, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    put()
    browser.sign_in("secretary").get("/materials/")
    one = queries_of(lambda: browser.get("/materials/"))
    for number in range(queries.TILES_PER_PAGE):
        put(b"text %d" % number, f"{number}.txt")
    assert queries_of(lambda: browser.get("/materials/")) == one <= 8


def test_the_page_of_a_file_asks_the_same_wherever_it_is_used(
    browser: Browser, street: Street, put: Put, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    material = put()

    def use(number: int) -> None:
        event = factories.event(street.shantou, street.secretary, title=f"活动{number:02}")
        lesson = factories.lesson(street.shantou, street.secretary, title=f"党课{number:02}")
        site = factories.site(street.branch_one, street.secretary, name=f"点位{number:02}")
        version_id = db.session.scalar(
            select(LessonVersion.id).where(LessonVersion.lesson_id == lesson.id)
        )
        db.session.add_all(
            [
                EventMaterial(event_id=event.id, material_id=material.id),
                LessonMaterial(version_id=version_id, material_id=material.id),
                SitePicture(site_id=site.id, material_id=material.id, alt_text="合影", position=1),
            ]
        )
        db.session.commit()

    use(0)
    path = f"/materials/{material.id}"
    looks = [browser.sign_in("secretary"), Browser(browser.app).sign_in("d")]
    one = [queries_of(lambda by=by: by.get(path)) for by in looks]  # type: ignore[misc]
    for number in range(1, 50):
        use(number)
    assert [queries_of(lambda by=by: by.get(path)) for by in looks] == one  # type: ignore[misc]
    assert max(one) <= 8


def test_the_page_shows_what_the_file_is_and_where_it_is_used(
    browser: Browser, street: Street, put: Put
) -> None:
    material = put(title="讲稿一")
    draft = factories.event(
        street.shantou, street.secretary, title="还没发布的党课", state=EventState.DRAFT
    )
    event = factories.event(street.shantou, street.secretary, title="公开的党课")
    for one in (draft, event):
        db.session.add(EventMaterial(event_id=one.id, material_id=material.id))
    db.session.commit()
    page = browser.sign_in("secretary").get(f"/materials/{material.id}")
    assert page.h1 == "讲稿一"
    assert page.find_all("iframe")[0].get("src", "").startswith(f"/materials/{material.id}/content")
    assert {"公开的党课", "还没发布的党课"} <= page.links().keys()
    page = Browser(browser.app).sign_in("d").get(f"/materials/{material.id}")
    assert "公开的党课" in page.links()
    assert "还没发布的党课" not in page.text
    assert not [form for form in page.forms() if "/materials/" in form.action]


def test_a_member_goes_back_to_what_led_here(browser: Browser, street: Street, put: Put) -> None:
    material = put()
    events = [
        factories.event(street.shantou, street.secretary, title=title)
        for title in ("第一次党课", "第二次党课")
    ]
    for one in events:
        db.session.add(EventMaterial(event_id=one.id, material_id=material.id))
    db.session.commit()
    first, second = (f"/events/{one.id}" for one in events)
    keeper = Browser(browser.app).sign_in("secretary")
    cases: list[tuple[Browser, str, str]] = [
        (browser.sign_in("d"), second, second),
        (browser, first, first),
        (browser, "/inbox", second),
        (browser, "", second),
        (keeper, "/materials/", "/materials/"),
        (keeper, "", "/materials/"),
        (keeper, second, second),
    ]
    for reader, came_from, back in cases:
        reader.client.environ_base["HTTP_REFERER"] = f"http://localhost{came_from}"
        page = reader.get(f"/materials/{material.id}")
        (crumb,) = page.by("class", "crumbs")
        assert crumb[0].get("href") == back, (came_from, back)


@pytest.mark.parametrize(
    ("content", "name", "tag"),
    [
        (samples.picture(), "x.png", "img"),
        (samples.mp4(), "x.mp4", "video"),
        (samples.wav(), "x.wav", "audio"),
        ("第一行\n<b>不是标记</b>".encode("gb18030"), "x.txt", "pre"),
    ],
)
def test_what_browsers_show_is_shown_in_the_page(
    browser: Browser, put: Put, content: bytes, name: str, tag: str
) -> None:
    material = put(content, name)
    page = browser.sign_in("secretary").get(f"/materials/{material.id}")
    assert page.find_all(tag)
    if tag == "pre":
        assert "<b>不是标记</b>" in page.text


def test_what_browsers_do_not_show_is_offered_for_download(browser: Browser, put: Put) -> None:
    ofd = samples.zipped({"OFD.xml": "<ofd/>"})
    material = put(ofd, "x.ofd")
    page = browser.sign_in("secretary").get(f"/materials/{material.id}")
    assert "没有可用的预览" in page.text
    assert page.links()["下载"] == f"/materials/{material.id}/download"


def test_a_missing_file_is_said_in_words(browser: Browser, put: Put) -> None:
    material = put(b"some text", "x.txt")
    settings.files().path(material.file.digest).unlink()
    browser.sign_in("secretary")
    assert browser.get(f"/materials/{material.id}").status == 200
    assert "不在服务器上" in browser.get(f"/materials/{material.id}/download").alert


# ---- keeping


def test_a_material_is_renamed_and_found_by_its_new_name(browser: Browser, put: Put) -> None:
    material = put()
    browser.sign_in("secretary")
    page = browser.get(f"/materials/{material.id}")
    page = browser.submit(page.form("/rename"), title="第三讲课件")
    assert page.h1 == "第三讲课件"
    assert titles(browser, q="第三讲") == ["第三讲课件"]
    assert titles(browser, q="讲稿") == ["第三讲课件"]  # its file is still called so


@pytest.mark.parametrize(("title", "words"), [("", "请填写名称"), ("长" * 121, "最多 120 个字")])
def test_a_bad_name_comes_back_as_typed(browser: Browser, put: Put, title: str, words: str) -> None:
    material = put()
    browser.sign_in("secretary")
    form = browser.get(f"/materials/{material.id}").form("/rename")
    page = browser.submit(form, title=title)
    assert page.status == 422
    assert words in page.errors()["title"]
    assert page.form("/rename").fields["title"] == title


def test_who_renames_second_is_told_of_the_first(browser: Browser, put: Put) -> None:
    material = put()
    browser.sign_in("secretary")
    form = browser.get(f"/materials/{material.id}").form("/rename")
    browser.submit(form, title="第一个名字")
    page = browser.submit(form, title="第二个名字")
    assert page.status == 409
    assert "现在叫“第一个名字”" in page.errors()["title"]
    assert page.form("/rename").fields["title"] == "第二个名字"
    assert browser.submit(page.form("/rename")).h1 == "第二个名字"


def test_archiving_hides_it_from_the_library_and_can_be_undone(browser: Browser, put: Put) -> None:
    material = put()
    browser.sign_in("secretary")
    page = browser.get(f"/materials/{material.id}")
    page = browser.submit(page.form("/archive"))
    assert "已归档" in page.text
    assert titles(browser) == []
    assert titles(browser, state="archived") == ["讲稿"]
    page = browser.submit(page.form("/restore"))
    assert titles(browser) == ["讲稿"]
    assert browser.post(f"/materials/{material.id}/restore").status == 409


def test_removing_asks_first_and_spares_what_is_used(
    browser: Browser, street: Street, put: Put
) -> None:
    material = put()
    browser.sign_in("secretary")
    browser.post(f"/materials/{material.id}/archive")
    event = factories.event(street.shantou, street.secretary)
    db.session.add(EventMaterial(event_id=event.id, material_id=material.id))
    db.session.commit()
    page = browser.get(f"/materials/{material.id}")
    form = page.form("/remove")
    assert "不能找回" in "".join(form.element.itertext())
    refused = browser.submit(form)
    assert refused.status == 409
    assert "还有活动" in refused.alert
    db.session.execute(delete(EventMaterial))
    db.session.commit()
    page = browser.submit(form)
    assert "已彻底删除" in page.text
    assert db.session.query(Material).count() == 0


# ---- posters


def test_a_picture_stands_for_a_video(browser: Browser, app: Flask, put: Put) -> None:
    material = put(samples.mp4(), "x.mp4")
    browser.sign_in("secretary")
    form = browser.get(f"/materials/{material.id}").form("/poster")
    page = browser.submit(form, file=(io.BytesIO(samples.picture()), "封面.png"))
    film = page.find_all("video")[0]
    assert film.get("poster") == f"/materials/{material.id}/thumbnail/960"
    small = browser.client.get(f"/materials/{material.id}/thumbnail/320", buffered=True)
    assert (small.status_code, small.mimetype) == (200, "image/webp")
    page = browser.submit(page.form("/poster/remove"))
    assert page.find_all("video")[0].get("poster") is None
    assert (
        browser.client.get(f"/materials/{material.id}/thumbnail/320", buffered=True).status_code
        == 404
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [(samples.pdf(), "这里只收图片"), (samples.svg_with_script(), "SVG"), (b"", "先选择")],
)
def test_what_is_no_picture_stands_for_nothing(
    browser: Browser, put: Put, content: bytes, words: str
) -> None:
    material = put(samples.mp4(), "x.mp4")
    form = browser.sign_in("secretary").get(f"/materials/{material.id}").form("/poster")
    page = browser.submit(form, file=(io.BytesIO(content), "x.jpg" if content else ""))
    assert page.status == 422
    assert words in page.alert


def test_only_a_video_has_a_poster(browser: Browser, put: Put) -> None:
    material = put()
    page = browser.sign_in("secretary").post(
        f"/materials/{material.id}/poster", {"file": (io.BytesIO(samples.picture()), "x.png")}
    )
    assert page.status == 422
    assert "只有视频" in page.alert


def test_every_act_is_in_the_audit(browser: Browser, put: Put) -> None:
    material = put()
    browser.sign_in("secretary")
    browser.post(f"/materials/{material.id}/rename", {"title": "新名"})
    for act in ("archive", "restore", "archive", "remove"):
        browser.post(f"/materials/{material.id}/{act}")
    acts = db.session.scalars(
        db.select(AuditEntry.action)
        .where(AuditEntry.object_type == "Material")
        .order_by(AuditEntry.id)
    )
    assert [act.removeprefix("material.") for act in acts] == [
        *("uploaded", "renamed", "archived", "restored", "archived", "removed"),
    ]
