"""What people do on the pages, in words that the journeys share; and a hand that counts."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from tests import commands


@dataclass
class Hand:
    """Does what a person does and counts it: a click, a filled field, a key."""

    count: int = 0

    def click(self, what: Locator) -> None:
        self.count += 1
        what.click()

    def fill(self, what: Locator, text: str) -> None:
        self.count += 1
        what.fill(text)

    def type(self, page: Page, keys: str) -> None:
        for key in keys:
            self.press(page, key)

    def press(self, page: Page, key: str) -> None:
        self.count += 1
        page.keyboard.press(key)


@dataclass(frozen=True)
class SignInSheet:
    """A sign-in sheet as a spreadsheet program reads it."""

    title: str
    due: int
    present: int
    rows: list[dict[str, Any]]

    @property
    def names(self) -> list[str]:
        return [row["姓名"] for row in self.rows]


def command(instance: Path, *words: str) -> str:
    """Run the `portal` command on an instance folder, as an operator does; return its words."""
    database = f"sqlite:///{instance / 'portal.sqlite'}"
    done = commands.portal(instance, *words, PORTAL_DATABASE_URL=database)
    assert done.status == 0, f"portal {' '.join(words)}: {done.out}{done.err}"
    return done.out


def open_account(page: Page, username: str) -> str:
    """On a form that opens an account: name it, send it; return the one-time password."""
    page.get_by_label("用户名").fill(username)
    page.get_by_role("button", name="开立账号").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("账号已开立")
    return page.locator("output").inner_text()


def count_of(page: Page, name: str) -> int:
    """One of the four numbers of a roll (or of the wall)."""
    return int(page.locator(f'[data-count="{name}"]').inner_text())


def counts_of(page: Page) -> dict[str, int]:
    return {name: count_of(page, name) for name in ("due", "present", "leave", "absent")}


def expect_count(page: Page, name: str, number: int) -> None:
    """Wait until the number is shown."""
    expect(page.locator(f'[data-count="{name}"]')).to_have_text(str(number))


def assert_balanced(numbers: dict[str, int]) -> None:
    assert numbers["due"] == numbers["present"] + numbers["leave"] + numbers["absent"], numbers


def my_signup(page: Page) -> Locator:
    return page.locator("[data-my-signup]")


def downloaded_sheet(page: Page) -> SignInSheet:
    """Take the sheet of the roll that is open, and read it with a spreadsheet library."""
    page.get_by_role("link", name="签到表").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载表格").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    return read_sheet(download.value.path())


def read_sheet(path: Path) -> SignInSheet:
    # The name of the file that a browser keeps has no suffix, so the content is handed over.
    with path.open("rb") as file:
        lines = list(load_workbook(file).worksheets[0].iter_rows(values_only=True))
    header = next(at for at, line in enumerate(lines) if line[0] == "序号")
    head = " ".join(str(cell) for line in lines[:header] for cell in line if cell)
    rows = [
        dict(zip(map(str, lines[header]), line, strict=True))
        for line in lines[header + 1 :]
        if isinstance(line[0], int | float)
    ]
    return SignInSheet(
        title=str(lines[0][0]), due=_number(head, "应到"), present=_number(head, "实到"), rows=rows
    )


def _number(text: str, word: str) -> int:
    found = re.search(rf"{word} (\d+) 人", text)
    assert found, text
    return int(found[1])
