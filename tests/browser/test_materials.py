"""A film of 60 MB: uploaded over a line that breaks, found again after a reload, seeked."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Request, Response, Route, expect

from portal.demo.films import film
from tests.browser.conftest import Visit

SECONDS = 120
PIECE = 4 * 1024 * 1024


@pytest.fixture(scope="module")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of two minutes whose colour tells the second, 60 MB long."""
    pictures = [Image.new("RGB", (320, 180), (second * 2, 80, 120)) for second in range(SECONDS)]
    path = tmp_path_factory.mktemp("film") / "第四讲录像.webm"
    path.write_bytes(film(pictures, padding=512 * 1024))
    assert path.stat().st_size > 60 * 1024 * 1024
    return path


def choose(page: Page, path: Path) -> None:
    page.get_by_label("选择文件").set_input_files(path)


def test_a_film_is_uploaded_over_a_breaking_line_and_seeked(
    own_demo: str, visit: Visit, long_film: Path
) -> None:
    page = visit(own_demo, "secretary")
    page.on("dialog", lambda dialog: dialog.accept())
    offsets: list[int] = []

    def note(request: Request) -> None:
        if request.method == "PATCH":
            offsets.append(int(request.headers["upload-offset"]))

    def cut(route: Route) -> None:
        if route.request.method == "PATCH" and len(offsets) > 3:
            route.abort("connectionfailed")
        else:
            route.continue_()

    page.on("request", note)
    page.route("**/materials/uploads/*", cut)
    page.goto("/materials/new")
    choose(page, long_film)
    # The line is cut after three pieces: the page says so, and waits.
    expect(page.get_by_text("网络不通，等待接着传")).to_be_visible()
    page.reload()
    expect(page.get_by_text("没有传完的文件")).to_be_visible()
    expect(page.get_by_text("已收到 12 MB")).to_be_visible()
    # The line is back: the same file goes on where it stopped.
    page.unroute("**/materials/uploads/*")
    offsets.clear()
    choose(page, long_film)
    expect(page.get_by_text("已上传", exact=True)).to_be_visible(timeout=60_000)
    assert offsets[0] == 3 * PIECE
    page.get_by_role("link", name="第四讲录像").click()
    assert_seeks(page)


def assert_seeks(page: Page) -> None:
    """Jump to the 100th second of a film: only what lies there is fetched."""
    starts: list[int] = []

    def note(response: Response) -> None:
        if response.status == 206:
            told = re.match(r"bytes (\d+)-", response.headers.get("content-range", ""))
            assert told is not None
            starts.append(int(told[1]))

    page.on("response", note)
    shown = page.evaluate(
        """() => new Promise((resolve, reject) => {
          const film = document.getElementById("film");
          film.muted = true;
          const jump = () => {
            film.onseeked = () => {
              const canvas = document.createElement("canvas");
              canvas.width = canvas.height = 1;
              const drawn = canvas.getContext("2d");
              drawn.drawImage(film, 0, 0, 1, 1);
              resolve([film.duration, film.currentTime, drawn.getImageData(0, 0, 1, 1).data[0]]);
            };
            film.currentTime = 100.5;
          };
          film.onerror = () => reject(film.error.message);
          film.readyState >= 1 ? jump() : (film.onloadedmetadata = jump);
        })"""
    )
    duration, at, red = shown
    assert duration == pytest.approx(SECONDS, abs=1)
    assert at == pytest.approx(100.5, abs=0.1)
    # The frame of the hundredth second, give or take what compression does to colours.
    assert red == pytest.approx(200, abs=12)
    assert max(starts) > 40 * 1024 * 1024, starts


def test_a_file_chosen_before_the_script_came_is_uploaded_all_the_same(
    own_demo: str, visit: Visit, tmp_path: Path
) -> None:
    (tmp_path / "早选的通知.txt").write_text("周五上午九点集合。", encoding="utf-8")
    page = visit(own_demo, "secretary")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/uploads.js", hold)
    with page.expect_request("**/uploads.js"):
        page.goto("/materials/new", wait_until="commit")
    choose(page, tmp_path / "早选的通知.txt")
    held[0].continue_()
    expect(page.get_by_text("已上传", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="早选的通知")).to_be_visible()


def test_a_hostile_file_is_refused_beside_its_name_and_the_others_arrive(
    own_demo: str, visit: Visit, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "照片.jpg").write_text("<!doctype html><script>alert(1)</script>")
    (folder / "通知.txt").write_text("周四下午两点集合。", encoding="utf-8")
    (folder / "空.txt").write_bytes(b"")
    page = visit(own_demo, "secretary", size="phone")
    page.goto("/materials/new")
    page.get_by_label("选择文件").set_input_files(sorted(folder.iterdir()))
    expect(page.get_by_text("文件的内容是网页或脚本")).to_be_visible()
    expect(page.get_by_text("文件是空的")).to_be_visible()
    expect(page.get_by_role("link", name="通知")).to_be_visible()


def test_an_upload_is_cancelled_and_leaves_nothing(
    own_demo: str, visit: Visit, long_film: Path
) -> None:
    page = visit(own_demo, "secretary")
    held: list[Route] = []
    page.route(
        "**/materials/uploads/*",
        lambda route: held.append(route) if route.request.method == "PATCH" else route.continue_(),
    )
    page.goto("/materials/new")
    with page.expect_request(lambda asked: asked.method == "PATCH"):
        choose(page, long_film)
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.get_by_role("button", name="取消上传 第四讲录像.webm").click()
    expect(page.locator(".upload-name")).to_have_count(0)
    page.unroute("**/materials/uploads/*")
    page.goto("/materials/new")
    expect(page.get_by_text("没有传完的文件")).to_have_count(0)


def test_files_are_uploaded_to_an_event_and_read_by_a_member(
    own_demo: str, visit: Visit, tmp_path: Path
) -> None:
    (tmp_path / "讨论题.txt").write_text("这件事我们社区能不能做？", encoding="utf-8")
    page = visit(own_demo, "secretary")
    page.goto("/events/")
    page.get_by_role("link", name=re.compile("第四讲")).first.click()
    address = page.url
    page.get_by_role("link", name="资料", exact=True).last.click()
    choose(page, tmp_path / "讨论题.txt")
    expect(page.get_by_text("已加入 1 份资料")).to_be_visible()
    member = visit(own_demo, "member1", size="phone")
    member.goto(address)
    member.get_by_role("link", name="讨论题", exact=True).click()
    expect(member.get_by_text("这件事我们社区能不能做？")).to_be_visible()
    with member.expect_download() as got:
        member.get_by_role("link", name="下载").click()
    assert got.value.suggested_filename == "讨论题.txt"


def test_with_scripts_off_the_same_form_uploads(
    own_demo: str, visit: Visit, tmp_path: Path
) -> None:
    (tmp_path / "通知.txt").write_text("周四下午两点集合。", encoding="utf-8")
    page = visit(own_demo, "secretary", scripts=False)
    page.goto("/materials/new")
    choose(page, tmp_path / "通知.txt")
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("通知")
