"""Journey 7: in December a branch presses one button and has its year, in two actions."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from tests import live
from tests.browser.conftest import _copy
from tests.browser.steps import Hand

Visit = Callable[..., Page]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_branch_has_its_year_in_two_actions(
    demo_template: Path, tmp_path: Path, visit: Visit, size: str, scripts: bool
) -> None:
    instance = _copy(demo_template, tmp_path / "demo")
    database = f"sqlite:///{instance / 'portal.sqlite'}"
    with live.running(instance, database, worker=True) as server:
        page = visit(server.address, "branch", size=size, scripts=scripts)
        hand = Hand()
        page.goto("/archives/")
        hand.click(page.get_by_role("button", name="制作年度档案"))
        expect(page.get_by_role("heading", level=1)).to_contain_text("年度档案")
        link = page.get_by_role("link", name="下载档案（zip）")
        for _ in range(0 if scripts else 300):
            if link.is_visible():
                break
            page.reload()
        # A worker has to start first, on a machine that is busy.
        expect(link).to_be_visible(timeout=60_000)
        with page.expect_download() as download:
            hand.click(link)
        assert hand.count <= 2
        place = Path(download.value.path())
        assert download.value.suggested_filename.endswith("年度档案.zip")
        assert hashlib.sha256(place.read_bytes()).hexdigest() in page.content()
        with ZipFile(place) as archive:
            assert archive.testzip() is None
            assert len(archive.namelist()) > 3
