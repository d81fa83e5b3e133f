"""A real Chromium against a real server: the portal as people meet it.

`demo` is one server for everybody who only looks; `own_demo` and `empty` are servers of one
test, because the test changes things.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests import live
from tests.instances import left_out
from tests.page import PASSWORD

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"desktop": (1366, 768), "phone": (390, 844), "tablet": (1024, 768), "narrow": (320, 640)}

# How long a state may be waited for: machines that test are busy ones.
LIMIT = 15_000

Visit = Callable[..., Page]

expect.set_options(timeout=LIMIT)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium_path() -> str | None:
    """Return where Chromium is, None where there is none."""
    # The shell is the same engine without a window around it: a page opens five times faster.
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return os.environ.get("PORTAL_TEST_CHROMIUM") or next(
        filter(None, map(shutil.which, names)), None
    )


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, headless; left out in plain words where there is none."""
    path = chromium_path()
    if path is None:
        left_out("browser", "no Chromium is installed")
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def demo(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the demo, for tests that only look."""
    yield from _serving(_copy(demo_template, tmp_path_factory.mktemp("looking")))


@pytest.fixture
def own_demo(demo_template: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a server with the demo that this test may change."""
    yield from _serving(_copy(demo_template, tmp_path / "demo"))


@pytest.fixture
def empty_instance(sqlite_template: Path, tmp_path: Path) -> Path:
    """An instance folder with a migrated, empty database."""
    instance = tmp_path / "empty"
    instance.mkdir()
    shutil.copy(sqlite_template, instance)
    return instance


@pytest.fixture
def empty(empty_instance: Path) -> Iterator[str]:
    """The address of a server on an empty database."""
    yield from _serving(empty_instance)


def _copy(template: Path, to: Path) -> Path:
    shutil.copytree(template, to, dirs_exist_ok=True)
    return to


def _serving(instance: Path) -> Iterator[str]:
    database = f"sqlite:///{instance / 'portal.sqlite'}"
    # Nobody's code runs out while a busy machine takes its time.
    with live.running(instance, database, PORTAL_CODE_SECONDS=1800) as server:
        yield server.address


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """Open a browser window: `visit(base, "secretary", size="phone", scripts=False)`."""
    opened: list[BrowserContext] = []

    def open_window(
        base: str, username: str | None = None, *, size: str = "desktop", scripts: bool = True
    ) -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(
            base_url=base,
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            has_touch=size in {"phone", "tablet"},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            accept_downloads=True,
        )
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(LIMIT)
        page.on("console", lambda message: _no_violation(message.text))
        if username is not None:
            sign_in(page, username)
        return page

    yield open_window
    for context in opened:
        context.close()


def _no_violation(text: str) -> None:
    assert "Content Security Policy" not in text, text


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Sign in as a person does."""
    page.goto("/login")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "/login" not in url)
