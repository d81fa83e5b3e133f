"""Sites, the map and routes in Chromium: journeys, and what only a browser shows."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.pages import address

Visit = Callable[..., Page]


def _calls(page: Page) -> list[str]:
    """Note the hosts that are asked for anything from now on."""
    hosts: list[str] = []
    page.on("request", lambda request: hosts.append(urlsplit(request.url).netloc))
    return hosts


def test_the_map_asks_nobody_else_and_is_moved_by_keys(demo: str, visit: Visit) -> None:
    page = visit(demo, "member1")
    hosts = _calls(page)
    page.goto("/sites/?view=map")
    pins = page.locator(".map .pin")
    items = page.locator("#on-map > li")
    expect(pins).to_have_count(items.count())
    sketch = page.locator(".leaflet-image-layer")
    before = sketch.bounding_box()
    page.get_by_role("button", name="放大").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-zoom-anim")).to_have_count(0)
    wider = "width => document.querySelector('.leaflet-image-layer').width > width"
    page.wait_for_function(wider, arg=before["width"] if before else 0)
    first = items.first
    pins.first.focus()
    page.keyboard.press("Enter")
    popup = page.locator(".leaflet-popup")
    expect(popup).to_contain_text(first.locator("a").inner_text())
    expect(first).to_have_class("is-shown")
    assert not Axe().run(page).response["violations"]
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    name = first.locator("a").inner_text()
    pins.first.focus()
    page.keyboard.press("Enter")
    popup.locator(".leaflet-popup-content a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)
    assert set(hosts) == {urlsplit(demo).netloc}


def test_every_pin_of_a_small_map_can_be_read_in_the_largest_letters(
    demo: str, visit: Visit
) -> None:
    page = visit(demo, "member1", size="narrow")
    page.context.add_cookies([{"name": "care", "value": "2", "url": demo}])
    page.goto("/sites/?view=map")
    pins = page.locator(".map .pin")
    expect(pins.first).to_be_visible()
    page.locator(".map").scroll_into_view_if_needed()
    hidden = """() => [...document.querySelectorAll(".map .pin")].filter(pin => {
      const box = pin.getBoundingClientRect();
      return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) !== pin;
    }).map(pin => pin.textContent)"""
    page.evaluate("document.querySelector('.map').scrollIntoView({block: 'center'})")
    assert page.evaluate(hidden) == []
    small = page.evaluate("document.querySelector('.map .pin').clientWidth")
    page.get_by_role("button", name="放大").click()
    page.wait_for_function(
        "width => document.querySelector('.map .pin').clientWidth > width", arg=small
    )


def test_the_map_follows_the_filters(demo: str, visit: Visit) -> None:
    page = visit(demo, "member1")
    page.goto("/sites/?view=map")
    expect(page.locator(".map .pin").first).to_be_visible()
    page.select_option("#kind", "science_base")
    expect(page.locator("#on-map > li")).to_have_count(1)
    expect(page.locator(".map .pin")).to_have_count(1)
    assert "kind=science_base" in page.url
    assert "view=map" in page.url


def test_without_scripts_the_map_is_a_picture_and_a_list(demo: str, visit: Visit) -> None:
    page = visit(demo, "member1", scripts=False, size="phone")
    page.goto("/sites/?view=map")
    count = page.locator("#on-map > li").count()
    assert count > 3
    expect(page.locator(".map .sketch-pin")).to_have_count(count)
    page.locator("#on-map a").first.click()
    expect(page.locator("h1")).to_be_visible()


def test_no_map_code_is_sent_to_pages_without_a_map(demo: str, visit: Visit) -> None:
    page = visit(demo, "member1")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/sites/", "/events/"):
        page.goto(path)
    assert not [url for url in asked if "leaflet" in url or "map.js" in url]


def _lay(page: Page, names: list[str]) -> None:
    page.goto("/routes/")
    page.get_by_role("link", name="建立路线").click()
    page.fill("input[name=name]", "三站红色路线")
    page.fill("input[name=starts_minute]", "9:00")
    page.get_by_role("button", name="建立，接着排点位").click()
    for name in names:
        page.select_option("#site", label=name)
        page.fill("input[name=minutes]", "30")
        page.fill("input[name=walk_minutes]", "15")
        page.get_by_role("button", name="添加到最后").click()
        expect(page.locator(".stop", has_text=name)).to_be_visible()


NAMES = ["鲁商首府小区红色物业示范点", "一家亲为老服务中心", "中国水准零点科普教育基地"]


def test_a_three_site_route_is_planned_put_in_order_and_printed(
    own_demo: str, visit: Visit, tmp_path: Path
) -> None:
    page = visit(own_demo, "secretary")
    _lay(page, NAMES)
    expect(page.locator("#stops")).to_contain_text("9:00 – 11:00")
    page.get_by_role("button", name=f"上移 {NAMES[2]}").click()
    expect(page.locator("#stops .stop .title").nth(1)).to_have_text(NAMES[2])
    assert page.url.endswith("/stops"), "the order changed in place"
    page.get_by_role("link", name="回到路线").click()
    expect(page.locator(".map .pin")).to_have_count(3)
    page.fill("#start", "14:00")
    page.locator("#start").dispatch_event("change")
    expect(page.locator("#walk")).to_contain_text("14:00 – 16:00")
    page.get_by_role("link", name="行程单").click()
    expect(page.locator(".walk-sheet h1")).to_have_text("三站红色路线")
    paper = tmp_path / "sheet.pdf"
    page.pdf(path=paper, format="A4")
    assert paper.read_bytes().count(b"/Type /Page\n") <= 1, "one sheet of paper"
    page.emulate_media(media="print")
    expect(page.locator(".masthead")).to_be_hidden()
    expect(page.locator(".walk-sheet .sketch-pin")).to_have_count(3)


def test_a_route_is_planned_without_scripts(own_demo: str, visit: Visit) -> None:
    page = visit(own_demo, "secretary", scripts=False, size="phone")
    _lay(page, NAMES)
    page.get_by_role("button", name=f"上移 {NAMES[1]}").click()
    expect(page.locator("#stops .stop .title").first).to_have_text(NAMES[1])


def test_a_click_on_the_sketch_fills_in_the_place(
    own_demo: str, demo_template: Path, visit: Visit
) -> None:
    page = visit(own_demo, "keeper")
    page.goto(address(demo_template, "/sites/{site}/edit"))
    sketch = page.locator(".pick .sketch")
    sketch.scroll_into_view_if_needed()
    box = sketch.bounding_box()
    assert box is not None
    sketch.click(position={"x": box["width"] / 2, "y": box["height"] / 4})
    assert abs(int(page.input_value("#sketch_x")) - 500) <= 3
    assert abs(int(page.input_value("#sketch_y")) - 250) <= 5


def test_the_card_prints_on_one_small_sheet(
    demo: str, demo_template: Path, visit: Visit, tmp_path: Path
) -> None:
    page = visit(demo, "member1")
    page.goto(address(demo_template, "/sites/{site}/card"))
    for size in ("A4", "A5"):
        paper = tmp_path / f"{size}.pdf"
        page.pdf(path=paper, format=size)
        content = paper.read_bytes()
        assert content.startswith(b"%PDF")
        assert content.count(b"/Type /Page\n") <= 2
    page.emulate_media(media="print")
    expect(page.locator(".qr")).to_be_visible()
    expect(page.locator(".masthead")).to_be_hidden()


def test_a_score_sheet_can_be_filled_in_by_everyone(own_demo: str, visit: Visit) -> None:
    page = visit(own_demo, "office")
    page.goto("/sites/scoring")
    page.fill("input[name=document_title]", "关于评价的通知")
    page.fill("input[name=document_number]", "示例 1 号")
    page.fill("input[name=document_date]", "2026-01-05")
    page.fill("input[name=name]", "评价办法")
    page.fill("textarea[name=criteria]", "前置条件：有党组织\n治理好 10\n- 议事 4\n- 公开 6")
    page.get_by_role("button", name="按文件开启").click()
    page.goto("/sites/")
    page.get_by_role("link", name=NAMES[0]).click()
    page.get_by_role("link", name="评分", exact=True).click()
    page.get_by_role("button", name="年自评").click()
    assert not Axe().run(page).response["violations"]
    page.get_by_label("得分：议事").fill("9")
    page.get_by_role("button", name="先保存").click()
    expect(page.locator(".field-error")).to_contain_text("0 到 4")
    page.get_by_label("得分：议事").fill("4")
    page.get_by_role("button", name="先保存").click()
    expect(page.locator("main")).to_contain_text("点位自评 4 分")
