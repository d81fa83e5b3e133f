"""What a file is: judged by its content. Hostile files are refused in words."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal.config import DEFAULTS
from portal.materials import names
from portal.materials.judging import RefusedFileError, Verdict, judge
from portal.materials.limits import Limits, limits_of
from portal.materials.models import LONGEST_FILENAME, MaterialKind
from tests.materials import samples

LIMITS = limits_of(DEFAULTS)


def judged(tmp_path: Path, content: bytes, name: str, limits: Limits = LIMITS) -> Verdict:
    path = tmp_path / "incoming"
    path.write_bytes(content)
    return judge(path, name, limits)


def refusal(tmp_path: Path, content: bytes, name: str = "文件.jpg", limits: Limits = LIMITS) -> str:
    with pytest.raises(RefusedFileError) as refused:
        judged(tmp_path, content, name, limits)
    assert refused.value.field == "file"
    return refused.value.message


@pytest.mark.parametrize(
    ("content", "kind", "extension"),
    [
        (samples.pdf(), MaterialKind.DOCUMENT, "pdf"),
        (samples.docx(), MaterialKind.DOCUMENT, "docx"),
        (samples.odt(), MaterialKind.DOCUMENT, "odt"),
        (samples.zipped({"OFD.xml": "<a/>"}), MaterialKind.DOCUMENT, "ofd"),
        (samples.compound("Root Entry", "WordDocument"), MaterialKind.DOCUMENT, "doc"),
        (samples.compound("Root Entry", "Workbook"), MaterialKind.SPREADSHEET, "xls"),
        (samples.compound("PowerPoint Document"), MaterialKind.SLIDES, "ppt"),
        (samples.pptx(), MaterialKind.SLIDES, "pptx"),
        (samples.open_xml("spreadsheetml.sheet"), MaterialKind.SPREADSHEET, "xlsx"),
        (samples.picture("JPEG"), MaterialKind.PICTURE, "jpg"),
        (samples.picture("WEBP"), MaterialKind.PICTURE, "jpg"),
        (samples.picture("PNG", mode="RGBA"), MaterialKind.PICTURE, "png"),
        (samples.picture("GIF"), MaterialKind.PICTURE, "png"),
        (samples.picture("BMP"), MaterialKind.PICTURE, "png"),
        (samples.mp4(), MaterialKind.VIDEO, "mp4"),
        (samples.mp4(brand=b"M4A "), MaterialKind.AUDIO, "m4a"),
        (samples.wav(), MaterialKind.AUDIO, "wav"),
        (samples.mp3(), MaterialKind.AUDIO, "mp3"),
    ],
)
def test_a_good_file_is_known_whatever_it_is_called(
    tmp_path: Path, content: bytes, kind: MaterialKind, extension: str
) -> None:
    for name in ("讲稿.docx", "x.jpg", "无名"):
        verdict = judged(tmp_path, content, name)
        assert (verdict.kind, verdict.extension) == (kind, extension)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (samples.page(), "网页"),
        (b"\xef\xbb\xbf  " + samples.page(), "网页"),
        (samples.page().decode().encode("utf-16"), "网页"),
        (samples.svg_with_script(), "SVG"),
        (samples.gif_and_script(), "藏有网页或脚本"),
        (b"GIF89a=1;alert(document.cookie)//" + bytes(40), "损坏"),
        (samples.pdf_and_page(), "藏有网页或脚本"),
        (samples.pdf() + samples.page(), "藏有网页或脚本"),
        (samples.pdf() + samples.zipped({"a": "b"}), "藏有网页或脚本"),
        (samples.pdf()[:300], "不完整"),
        (samples.picture("JPEG")[:200], "损坏"),
        (samples.picture("JPEG") + b"<?php system($_GET[0]);", "藏有网页或脚本"),
        (b"MZ\x90\x00" + bytes(400), "程序"),
        (b"\x7fELF" + bytes(400), "程序"),
        (b"#!/bin/sh\nrm -rf /\n", "程序"),
        (samples.zipped({"a.txt": "x"}), "压缩包"),
        (b"\x1f\x8b\x08" + bytes(100), "压缩包"),
        (samples.pptx(**{"ppt/vbaProject.bin": b"x"}), "宏"),
        (samples.pptx(**{"../../etc/passwd": b"x"}), "损坏"),
        (samples.compound("WordDocument", "_VBA_PROJECT"), "宏"),
        (samples.compound("EncryptedPackage"), "密码"),
        (samples.compound("Something"), "认不出"),
        (samples.page() + samples.docx(), "认不出"),
        (samples.docx()[:-30], "损坏"),
        (samples.mp4()[:-10], "不完整"),
        (samples.mp4() + samples.page(), "藏有网页或脚本"),
        (samples.mp4(brand=b"qt  "), "MOV"),
        (b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska" + bytes(100), "MKV"),
        (samples.picture("TIFF"), "JPG 或 PNG"),
        (bytes(range(256)) * 4, "认不出"),
    ],
)
def test_a_hostile_or_broken_file_is_refused_in_words(
    tmp_path: Path, content: bytes, words: str
) -> None:
    assert words in refusal(tmp_path, content)


@pytest.mark.parametrize("bomb", [samples.zip_bomb, samples.lying_zip_bomb])
def test_a_file_that_unpacks_to_a_thousandfold_is_refused(
    tmp_path: Path, bomb: Callable[[], bytes]
) -> None:
    assert "大得不正常" in refusal(tmp_path, bomb())


def test_a_decompression_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    assert "像素多得不正常" in refusal(tmp_path, samples.bomb())
    assert "9000 × 7000 像素" in refusal(tmp_path, samples.bomb(9000, 7000))


def test_a_picture_loses_its_position_and_stands_upright(tmp_path: Path) -> None:
    given = samples.photograph_with_position()
    assert b"SECRET" in given
    verdict = judged(tmp_path, given, "照片.jpg")
    assert verdict.remade is not None
    kept = verdict.remade.read_bytes()
    assert b"SECRET" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (300, 400) == (verdict.width, verdict.height)
        assert not image.getexif()
        # The dark left edge stands on top now, as the camera meant it.
        grey = image.convert("L").tobytes()
        assert grey[150] < grey[-150]


def test_a_large_picture_is_made_as_large_as_is_ever_shown(tmp_path: Path) -> None:
    verdict = judged(tmp_path, samples.picture("JPEG", (5000, 2500)), "大.jpg")
    assert (verdict.width, verdict.height) == (2560, 1280)


def test_what_rides_in_a_picture_does_not_survive_it(tmp_path: Path) -> None:
    verdict = judged(tmp_path, samples.picture("JPEG") + b"PK\x03\x04hidden", "图.jpg")
    assert verdict.remade is not None
    assert b"hidden" not in verdict.remade.read_bytes()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_texts_are_read_in_the_encodings_of_offices(tmp_path: Path, encoding: str) -> None:
    content = "姓名,单位\n测试甲,汕头路社区\n".encode(encoding)
    table = judged(tmp_path, content, "名单.CSV")
    assert (table.kind, table.extension) == (MaterialKind.SPREADSHEET, "csv")
    assert judged(tmp_path, content, "名单.txt").kind is MaterialKind.DOCUMENT
    assert "charset=" in table.media_type


def test_a_text_that_claims_to_be_something_else_is_refused(tmp_path: Path) -> None:
    assert ".jpg" in refusal(tmp_path, "只是文字".encode(), "照片.jpg")
    assert ".bat" in refusal(tmp_path, b"del *.*", "x.bat")


def test_markup_across_two_pieces_of_a_text_is_seen(tmp_path: Path) -> None:
    content = b"a" * (256 * 1024 - 4) + b"<script>alert(1)</script>"
    assert "脚本" in refusal(tmp_path, content, "长.txt")


def test_the_limit_of_the_kind_is_named(tmp_path: Path) -> None:
    small = limits_of({**DEFAULTS, "PORTAL_MAX_DOCUMENT_MB": 1})
    words = refusal(tmp_path, b"x" * (1024 * 1024 + 1), "长.txt", small)
    assert "最大 1 MB" in words


def _says_something(path: Path, name: str) -> None:
    """A verdict, or a sentence; nothing else comes out of the judge."""
    try:
        judge(path, name, LIMITS)
    except RefusedFileError as refused:
        said = refused.message
    else:
        said = "好。"
    assert said.endswith("。")


@given(st.binary(max_size=2000), st.sampled_from([*"abc", "x.jpg", "y.csv", "z.txt"]))
def test_no_bytes_whatever_break_the_judge(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any-bytes"
    path.write_bytes(content)
    _says_something(path, name)


@given(
    st.sampled_from(
        [samples.picture("GIF"), samples.pdf(), samples.docx(), samples.mp4(), samples.wav()]
    ),
    st.data(),
)
def test_no_damage_breaks_the_judge(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, data: st.DataObject
) -> None:
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(damaged[: data.draw(st.integers(1, len(damaged)))])
    _says_something(path, "x")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\甲\\讲稿.docx", "讲稿.docx"),
        ("讲稿\x00\r\n.docx", "讲稿.docx"),
        ("\u202excod.稿讲", "xcod.稿讲"),
        ('a<b>:"c|?*.txt', "a_b__ c___.txt".replace(" ", "_")),
        ("  .hidden. ", "hidden"),
        ("", "未命名"),
        (None, "未命名"),
        ("///", "未命名"),
    ],
)
def test_names_lose_what_names_must_not_have(sent: str | None, kept: str) -> None:
    assert names.kept_name(sent) == kept


def test_a_name_of_three_hundred_characters_keeps_its_ending() -> None:
    kept = names.kept_name("长" * 300 + ".docx")
    assert len(kept) == LONGEST_FILENAME
    assert kept.endswith("长.docx")
    assert len(names.title_of(kept)) == 120


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_can_be_kept(sent: str) -> None:
    kept = names.kept_name(sent)
    assert 0 < len(kept) <= LONGEST_FILENAME
    assert not set("/\\\x00\r\n") & set(kept)
    assert 0 < len(names.title_of(kept)) <= 120
