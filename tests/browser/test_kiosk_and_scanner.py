"""At the door: a kiosk by touch, a scanner that types faster than the network, a real camera."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import segno
from playwright.sync_api import Locator, Page, Playwright, Route, expect

from tests.browser.conftest import FLAGS, LIMIT, chromium_path, sign_in
from tests.browser.pages import address

Visit = Callable[..., Page]

PIN = "2580"
WIDTH, HEIGHT = 640, 480


def start_kiosk(page: Page, template: Path, *, masked: bool = True) -> None:
    page.goto(address(template, "/events/{running}/kiosk"))
    page.get_by_label("放在哪里").fill("东门")
    page.get_by_label("退出用的 PIN").fill(PIN)
    page.get_by_label("姓名打星号").set_checked(masked)
    page.get_by_label("也可以输入姓名").check()
    page.get_by_role("button", name="启动自助签到").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("请点您姓氏的第一个字母")


def pass_of(visit: Visit, base: str, username: str) -> str:
    """What a member's phone shows."""
    phone = visit(base, username, size="phone")
    phone.goto("/me/pass")
    phone.locator("main form button").first.click()
    text = phone.locator(".pass-text").inner_text()
    phone.context.close()
    return re.sub(r"\s", "", text)


def somebody_missing(page: Page) -> Locator:
    return page.locator(".kiosk-people a:not(:has(.badge))").first


def test_a_kiosk_by_touch(own_demo: str, demo_template: Path, visit: Visit) -> None:
    page = visit(own_demo, "secretary", size="tablet")
    start_kiosk(page, demo_template, masked=False)
    for key in page.locator("a.kiosk-key").all():
        box = key.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 60
    letters = page.locator("a.kiosk-key").all_inner_texts()
    for letter in letters:
        page.locator("a.kiosk-key", has_text=re.compile(f"^{letter}$")).tap()
        expect(page.get_by_role("heading", level=1)).to_have_text("请点您的名字")
        if somebody_missing(page).count():
            break
        page.get_by_role("link", name="重新选").tap()
        expect(page.get_by_role("heading", level=1)).to_have_text("请点您姓氏的第一个字母")
    row = somebody_missing(page)
    box = row.bounding_box()
    assert box is not None
    assert box["height"] >= 60
    name = row.locator(".kiosk-name").inner_text()
    row.tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("是您吗？")
    expect(page.locator(".kiosk-who")).to_contain_text(name)
    page.get_by_role("button", name="是我").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("签到成功")
    # Nobody touches it, and it is ready for the next.
    expect(page.get_by_role("heading", level=1)).to_have_text("请点您姓氏的第一个字母")
    # The browser holds nothing of its host.
    page.goto("/")
    expect(page).to_have_url(re.compile("/login"))
    page.goto(address(demo_template, "/events/{running}/kiosk"))
    page.get_by_role("link", name="工作人员退出").tap()
    page.get_by_label("PIN").fill(PIN)
    page.get_by_role("button", name="退出").tap()
    expect(page).to_have_url(re.compile("/login"))


def test_a_kiosk_without_scripts_by_keyboard_in_large_letters(
    own_demo: str, demo_template: Path, visit: Visit
) -> None:
    page = visit(own_demo, "secretary", scripts=False)
    page.get_by_role("button", name=re.compile("：特大字")).click()
    start_kiosk(page, demo_template)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 1366
    page.locator("a.kiosk-key").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("请点您的名字")
    somebody_missing(page).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="是我").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("签到成功")
    expect(page.locator(".kiosk-name")).to_contain_text("*")
    # The page goes back by itself, without a script.
    expect(page.get_by_role("heading", level=1)).to_have_text("请点您姓氏的第一个字母")


def test_three_passes_typed_while_the_first_is_on_its_way(
    own_demo: str, demo_template: Path, visit: Visit
) -> None:
    shown = [pass_of(visit, own_demo, f"member{number}") for number in (3, 4, 5)]
    page = visit(own_demo, "secretary")
    held: list[Route] = []
    page.goto(address(demo_template, "/events/{running}/scan?door=南门"))
    expect(page.locator("#shown")).to_be_focused()
    page.route("**/scan", lambda route: held.append(route))  # noqa: PLW0108  playwright asks for its name
    for text in shown:
        page.keyboard.type(text.lower())
        page.keyboard.press("Enter")
    expect(page.locator("#scan-queue")).to_have_text("还有 3 条待发送")
    assert len(held) == 1
    # The page is closed by mistake and opened again: the line is still there.
    held[0].abort()
    page.unroute("**/scan")
    page.reload()
    for place in range(3):
        expect(page.locator(".scan-last li").nth(place)).to_contain_text("南门")
    expect(page.locator("#scan-queue")).to_be_hidden()


def test_scans_wait_for_the_network(own_demo: str, demo_template: Path, visit: Visit) -> None:
    shown = pass_of(visit, own_demo, "member6")
    page = visit(own_demo, "secretary")
    page.goto(address(demo_template, "/events/{running}/scan?door=西门"))
    page.context.set_offline(True)
    page.keyboard.type(shown)
    page.keyboard.press("Enter")
    expect(page.locator("#scan-queue")).to_contain_text("网络不通，1 条已记下")
    page.context.set_offline(False)
    expect(page.locator("[data-outcome]")).to_be_visible()
    expect(page.locator("#scan-queue")).to_be_hidden()
    expect(page.locator(".scan-last li").first).to_contain_text("西门")


def test_a_scanner_types_without_scripts(own_demo: str, demo_template: Path, visit: Visit) -> None:
    shown = pass_of(visit, own_demo, "member6")
    page = visit(own_demo, "secretary", scripts=False)
    page.goto(address(demo_template, "/events/{running}/scan"))
    for _ in range(2):
        expect(page.locator("#shown")).to_be_focused()
        page.keyboard.type(shown)
        page.keyboard.press("Enter")
        expect(page.locator("[data-outcome]")).to_be_visible()
    expect(page.locator("[data-outcome]")).to_have_attribute("data-outcome", "already")


ALLOWED, DEVICE = "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"
FILM = "--use-file-for-fake-video-capture"
SCENES = {
    "a code": ([ALLOWED, DEVICE, FILM], ""),
    "refused": ([f"{ALLOWED}=deny", DEVICE], "没有得到摄像头的使用许可"),
    "no camera": ([ALLOWED, f"{DEVICE}=device-count=0"], "没有找到摄像头"),
}


@pytest.mark.parametrize("scene", SCENES)
def test_the_camera_reads_a_code_or_says_why_not(
    own_demo: str,
    demo_template: Path,
    visit: Visit,
    playwright: Playwright,
    tmp_path: Path,
    scene: str,
) -> None:
    flags, words = SCENES[scene]
    shown = "6901234567892" if words else pass_of(visit, own_demo, "member7")
    film = tmp_path / "door.y4m"
    film.write_bytes(filmed(shown))
    camera = [f"{FILM}={film}" if flag == FILM else flag for flag in flags]
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=[*FLAGS, *camera])
    try:
        page = browser.new_page(base_url=own_demo, locale="zh-CN", timezone_id="Asia/Shanghai")
        page.set_default_timeout(LIMIT)
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        sign_in(page, "secretary")
        page.goto(address(demo_template, "/events/{running}/scan?door=南门"))
        page.get_by_role("button", name="用摄像头扫").click()
        if words:
            expect(page.locator("#camera-words")).to_contain_text(words)
            expect(page.locator("#camera-words")).to_contain_text("扫码枪照常能用")
        else:
            expect(page.locator("[data-outcome]")).to_be_visible()
            expect(page.locator(".scan-last li").first).to_contain_text("南门")
            assert page.locator("[data-outcome]").get_attribute("data-outcome") != "bad_pass"
            page.get_by_role("button", name="关掉摄像头").click()
            expect(page.locator("#camera-picture")).to_be_hidden()
        assert not [text for text in complaints if "Content Security Policy" in text]
    finally:
        browser.close()


def filmed(text: str) -> bytes:
    """A second of a QR code that nears a camera, as Chromium's fake device plays it."""
    frames = b"".join(b"FRAME\n" + framed(text, margin) for margin in (80, 140, 110, 170, 95) * 2)
    return f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frames


def framed(text: str, margin: int) -> bytes:
    matrix = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=4)]
    module = (HEIGHT - margin) // len(matrix)
    left, top = (WIDTH - module * len(matrix)) // 2, (HEIGHT - module * len(matrix)) // 2
    grey = bytearray([200]) * (WIDTH * HEIGHT)
    for row, modules in enumerate(matrix):
        for line in range(module):
            start = (top + row * module + line) * WIDTH + left
            grey[start : start + module * len(matrix)] = b"".join(
                (b"\x14" if dark else b"\xf0") * module for dark in modules
            )
    return bytes(grey) + bytes([128]) * (WIDTH * HEIGHT // 2)
