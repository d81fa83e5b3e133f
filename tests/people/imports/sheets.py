"""Spreadsheets for tests, made on the spot; and the real files beside the repository."""

import io
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.instances import left_out

ROSTER_HEADER = (
    "序号",
    "姓名",
    "性别",
    "民族",
    "出生年月",
    "所在党组织",
    "党内职务",
    "入党时间",
    "手机号码",
    "工作单位及职务",
    "备注",
)
ORGANISATION_HEADER = ("组织编码", "组织名称", "类型", "上级组织编码")
BRANCH_ONE = "汕头路社区第一党支部"
BRANCH_TWO = "汕头路社区第二党支部"
BRANCH_FAR = "海口路社区第一党支部"
SHARED = Path(os.environ.get("PORTAL_TEST_SHARED", Path(__file__).parents[4] / "shared"))


def shared_file(name: str) -> Path:
    """A real input file; CI has it, elsewhere the test says that it is left out."""
    path = SHARED / "data" / name
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{path} is missing")
        left_out("shared", f"there is no {path}")
    return path


def workbook(*rows: Sequence[Any], title: str = "花名册", merged: Sequence[str] = ()) -> bytes:
    """The bytes of an .xlsx with one sheet of these rows."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def member(
    name: str | None, branch: str = BRANCH_ONE, *, values: dict[str, Any] | None = None
) -> list[Any]:
    """A row under ROSTER_HEADER."""
    row = {
        "序号": 1,
        "姓名": name,
        "性别": "女",
        "民族": "汉族",
        "出生年月": "1974.11",
        "所在党组织": branch,
        "党内职务": None,
        "入党时间": "2014.06",
        "手机号码": None,
        "工作单位及职务": "退休",
        "备注": None,
        **(values or {}),
    }
    return [row[header] for header in ROSTER_HEADER]


def roster(*members: Sequence[Any]) -> bytes:
    """A roster as branches send it: two title rows above the header."""
    return workbook(
        ("党员花名册",),
        ("填报单位：珠海路街道党工委",),
        ROSTER_HEADER,
        *members,
        merged=("A1:K1",),
    )


def repacked(content: bytes, **changes: bytes) -> bytes:
    """An .xlsx with parts replaced or added, by path; dots and slashes as in the archive."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, changes.pop(name) if name in changes else old.read(name))
        for name, part in changes.items():
            new.writestr(name, part)
    return result.getvalue()
