"""Names that every file system takes, and documents that do not say when they were written."""

import io
import time
from datetime import date
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from portal.archives.hooks import Paper
from portal.archives.names import LONGEST, Given, fit
from portal.archives.packing import pack, steady_document

DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ('党课/讨论: "怎么办"?', "党课_讨论_ _怎么办_"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("", "_"),
        ("末尾有点. ", "末尾有点"),
        ("长" * 200 + ".docx", "长" * (LONGEST - 5) + ".docx"),
        ("䶮·阿卜杜拉.pdf", "䶮·阿卜杜拉.pdf"),
    ],
)
def test_names_are_made_fit(typed: str, wanted: str) -> None:
    assert fit(typed) == wanted


@given(st.lists(st.tuples(st.text(max_size=90), st.text(max_size=90)), max_size=12))
def test_no_path_is_given_twice_or_leads_out(pairs: list[tuple[str, str]]) -> None:
    given_names = Given()
    paths = [given_names.give(folder, name) for folder, name in pairs]
    assert len({path.casefold() for path in paths}) == len(paths)
    for path in paths:
        parts = path.split("/")
        assert len(parts) == 2
        assert not {"", ".", ".."} & set(parts)


def test_a_document_says_nothing_of_the_moment_it_was_written() -> None:
    def written(title: str) -> bytes:
        document = Document()
        document.add_paragraph("一段话")
        document.core_properties.title = title
        document.core_properties.modified = document.core_properties.modified.replace(
            year=2000 + time.monotonic_ns() % 20
        )
        raw, steady = io.BytesIO(), io.BytesIO()
        document.save(raw)
        steady_document(raw, steady, DAY)
        return steady.getvalue()

    assert written("纪要") == written("纪要")
    assert written("纪要") != written("通知")
    again = Document(io.BytesIO(written("纪要")))
    assert again.paragraphs[0].text == "一段话"
    assert again.core_properties.modified.date() == DAY


def test_a_large_archive_needs_no_memory(tmp_path: Path) -> None:
    """Twelve hundred papers, one of them large: written piece by piece."""
    piece = b"x" * 65536

    def one(file: BinaryIO) -> None:
        file.write(b"1")

    def large(file: BinaryIO) -> None:
        for _ in range(256):
            file.write(piece)

    papers = [Paper("夹", "同名.txt", "附件", DAY, "事", one) for _ in range(1200)]
    papers.append(Paper("夹", "大.bin", "附件", DAY, "事", large))
    told: list[tuple[int, int]] = []
    made = pack(tmp_path / "a.zip", "档案", papers, lambda done, total: told.append((done, total)))
    assert made.papers == 1201
    assert told[0] == (0, 1201)
    assert told[-1] == (1201, 1201)
    with ZipFile(tmp_path / "a.zip") as whole:
        assert whole.testzip() is None
        assert whole.getinfo("档案/夹/大.bin").file_size == 256 * 65536
        assert "档案/夹/同名（1200）.txt" in whole.namelist()
