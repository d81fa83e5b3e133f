"""`portal import …` as an operator runs it, on small files and on the real ones."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import cli
from portal.audit import services as audit
from portal.database import db
from portal.people.models import Membership, Organisation, Person, Post
from tests.people.imports.sheets import (
    BRANCH_ONE,
    ORGANISATION_HEADER,
    member,
    roster,
    shared_file,
    workbook,
)

ORGANISATIONS = workbook(
    ORGANISATION_HEADER,
    ("ZHL", "珠海路街道党工委", "sub_district", None),
    ("ZHL-01", "汕头路社区党委", "community", "ZHL"),
    ("ZHL-01-01", BRANCH_ONE, "branch", "ZHL-01"),
)


class Ran:
    """What a command left behind: exit status and what it said."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status = status
        self.lines = out.splitlines()
        self.err = err


Portal = Callable[..., Ran]


@pytest.fixture
def portal(
    app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Portal:
    """Run `portal` on the test's database, through the command's own front door."""

    def run(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["portal", *map(str, arguments)])
        monkeypatch.setattr("portal.create_app", lambda: app)
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capsys.readouterr()
        status = left.value.code
        return Ran(status if isinstance(status, int) else 0, out, err)

    return run


@pytest.fixture
def kept(tmp_path: Path) -> Callable[[str, bytes], Path]:
    """Put bytes into a file and return its path."""

    def keep(name: str, content: bytes) -> Path:
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return keep


def count(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_the_last_line_counts_and_the_others_explain(portal: Portal, kept) -> None:
    assert portal("import", "organisations", kept("o.xlsx", ORGANISATIONS)).lines == [
        "created 3, changed 0, unchanged 0, refused 0"
    ]
    file = kept("people.xlsx", roster(member("王䶮"), member("李好", "没有的支部"), member(None)))
    ran = portal("import", "people", file)
    assert ran.status == 0
    assert ran.lines == [
        "不保存：D列“民族”（民族，门户用不到）",
        "第 5 行，F列“所在党组织”：没有“没有的支部”这个组织",
        "第 6 行，B列“姓名”：没有姓名",
        "created 1, changed 0, unchanged 0, refused 2",
    ]
    assert "导入" in ran.err  # the progress bar
    assert portal("import", "people", file).lines[-1] == (
        "created 0, changed 0, unchanged 1, refused 2"
    )
    assert audit.verify()[1] is None


def test_a_dry_run_reports_the_same_and_writes_nothing(portal: Portal, kept) -> None:
    file = kept("o.xlsx", ORGANISATIONS)
    ran = portal("import", "organisations", "--dry-run", file)
    assert ran.lines[-2:] == [
        "只是检查，没有写入。",
        "created 3, changed 0, unchanged 0, refused 0",
    ]
    assert count(Organisation) == 0


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", b"", "空"),
        ("b.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "另存为 .xlsx"),
        ("c.xlsx", b"<html><table></table></html>", "不是电子表格"),
        ("d.csv", "氏名,備考\n田中さん,これはテストです\n".encode("shift_jis"), "编码"),
        ("e.xlsx", b"PK\x03\x04" + b"0" * 11 * 1024 * 1024, "10 MB"),
        ("f.xlsx", workbook(("甲", "乙")), "没有找到表头"),
        ("g.xlsx", workbook(("姓名", "性别"), ("王䶮", "女")), "所在党组织"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_is_one_sentence_and_status_1(
    portal: Portal, kept, name: str, content: bytes, words: str
) -> None:
    ran = portal("import", "people", kept(name, content))
    assert ran.status == 1
    assert ran.lines == []
    assert len(ran.err.strip().splitlines()) == 1
    assert words in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("people",),
        ("people", "/no/such/file.xlsx"),
        ("people", "/"),
        ("animals", "x"),
        ("people", "--x"),
    ],
    ids=repr,
)
def test_wrong_usage_is_status_2(portal: Portal, arguments: tuple[str, ...]) -> None:
    assert portal("import", *arguments).status == 2


def test_the_real_files_come_in_whole_and_only_once(any_database: str, portal: Portal) -> None:
    organisations = shared_file("organisations.csv")
    people = shared_file("roster.xlsx")
    assert portal("import", "organisations", organisations).lines[-1] == (
        "created 118, changed 0, unchanged 0, refused 0"
    )
    ran = portal("import", "people", people)
    assert ran.lines == [
        "不保存：D列“民族”（民族，门户用不到）",
        "created 3200, changed 0, unchanged 0, refused 0",
    ]
    assert (count(Person), count(Membership), count(Post)) == (3200, 3200, 289)
    names = db.session.scalars(select(Person.name).where(Person.name.contains("·"))).all()
    assert sorted(names) == ["迪丽努尔·艾合买提", "鄂尔德尼·巴图", "阿依古丽·买买提"]
    assert count_named("王䶮") == 2
    assert count_named("吴𠅤") == 1
    phones = db.session.scalars(select(Person.phone)).all()
    assert all(len(phone) == 11 and phone.isascii() for phone in phones)
    assert db.session.scalar(select(Person.joined_on).where(Person.name == "熊东磊")) is not None
    assert portal("import", "people", people).lines[-1] == (
        "created 0, changed 0, unchanged 3200, refused 0"
    )
    assert portal("import", "organisations", organisations).lines[-1] == (
        "created 0, changed 0, unchanged 118, refused 0"
    )


def count_named(name: str) -> int:
    return len(db.session.scalars(select(Person.id).where(Person.name == name)).all())
