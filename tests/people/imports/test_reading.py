"""Files of every kind come in as rows, or are refused as a whole with one sentence."""

import io
import struct
import zipfile
from contextlib import suppress
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import InvalidInputError
from portal.people.imports import limits
from portal.people.imports.reading import FORMULA, cell_text, read_sheets
from portal.people.imports.values import calendar_day, phone_number
from tests.people.imports.sheets import repacked, workbook

TABLE = "姓名,所在党组织\n王䶮,汕头路社区第一党支部\n阿依古丽·买买提,汕头路社区第二党支部\n"
WHOLE = workbook(("姓名", "备注"), ("王䶮", "x"))
SHEET = "xl/worksheets/sheet1.xml"


def texts(content: bytes) -> list[list[str]]:
    (sheet, *_others) = read_sheets(content)
    return [[cell_text(cell) for cell in row.cells] for row in sheet.rows]


def refusal(content: bytes) -> str:
    with pytest.raises(InvalidInputError) as refused:
        read_sheets(content)
    return refused.value.message


def sheet_xml(inside: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{space}">{inside}</worksheet>'.encode()


# ------------------------------------------------------------------ what can be read


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le-bom", "utf-16-be-bom"]
)
def test_text_is_read_in_every_usual_encoding(encoding: str) -> None:
    if encoding.endswith("-bom"):
        content = f"\ufeff{TABLE}".encode(encoding.removesuffix("-bom"))
    else:
        content = TABLE.encode(encoding)
    assert texts(content)[1:] == [
        ["王䶮", "汕头路社区第一党支部"],
        ["阿依古丽·买买提", "汕头路社区第二党支部"],
    ]


@pytest.mark.parametrize("separator", [",", "\t", ";", "，"])
def test_text_is_read_with_every_usual_separator(separator: str) -> None:
    content = TABLE.replace(",", separator).encode()
    assert texts(content)[0] == ["姓名", "所在党组织"]


def test_quoted_cells_keep_their_commas_and_lines() -> None:
    assert texts('姓名,备注\n王䶮,"一,\n二"\n'.encode())[1] == ["王䶮", "一, 二"]


def test_rows_keep_the_numbers_of_the_spreadsheet_program() -> None:
    content = workbook((), (), ("姓名", "备注"), (), ("王䶮", "x"))
    assert [row.number for row in read_sheets(content)[0].rows] == [3, 5]
    assert [row.number for row in read_sheets(workbook((), (None, None, "x")))[0].rows] == [2]
    assert [row.number for row in read_sheets("\n\n姓名,备注\n\n王䶮,x".encode())[0].rows] == [3, 5]


def test_a_table_that_begins_in_another_column_keeps_its_letters() -> None:
    rows = read_sheets(workbook((None, None, "姓名"), (None, None, "王䶮")))[0].rows
    assert [cell_text(row.cell(2)) for row in rows] == ["姓名", "王䶮"]


def test_a_cell_merged_downwards_counts_in_each_of_its_rows() -> None:
    content = workbook(
        ("支部", "姓名"), ("第一党支部", "甲甲"), (None, "乙乙"), (None, "丙丙"), merged=("A2:A3",)
    )
    assert [row[0] for row in texts(content)] == ["支部", "第一党支部", "第一党支部", ""]


def test_a_formula_is_never_a_value() -> None:
    content = workbook(("姓名", "备注"), ("王䶮", "=1+1"), ("=HYPERLINK(1)", "x"))
    rows = read_sheets(content)[0].rows
    assert rows[1].cells[1] is FORMULA
    assert rows[2].cells[0] is FORMULA


def test_a_formulas_remembered_result_is_not_believed_either() -> None:
    xml = sheet_xml(
        '<sheetData><row r="1"><c r="A1" t="str"><f>1+1</f><v>two</v></c><c r="B1"><v>3</v></c>'
        "</row></sheetData>"
    )
    cells = read_sheets(repacked(workbook(("x",)), **{SHEET: xml}))[0].rows[0].cells
    assert cells[0] is FORMULA
    assert cells[1] == 3


def test_hidden_sheets_are_not_read_and_others_are_named() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "一支部"
    book.worksheets[0].append(["姓名"])
    book.create_sheet("二支部").append(["姓名"])
    hidden = book.create_sheet("旧")
    hidden.append(["姓名"])
    hidden.sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    assert [sheet.name for sheet in read_sheets(content.getvalue())] == ["一支部", "二支部"]


def test_cells_that_are_not_text_read_as_people_would_say_them() -> None:
    assert cell_text(19900000001.0) == "19900000001"
    assert cell_text(True) == "是"
    assert cell_text(False) == "否"
    assert cell_text(2014.06) == "2014.06"
    assert cell_text(FORMULA) == ""


def test_dates_and_numbers_keep_their_kind() -> None:
    content = workbook(("入党时间", "手机"), (date(2014, 6, 1), 19900000001), (44444, "无"))
    rows = read_sheets(content)[0].rows
    assert calendar_day(rows[1].cells[0]) == date(2014, 6, 1)
    assert calendar_day(rows[2].cells[0]) == date(2021, 9, 5)
    assert phone_number(rows[1].cells[1]) == "19900000001"


def test_a_cell_of_ten_thousand_characters_is_read_whole() -> None:
    assert len(texts(workbook(("姓名", "备注"), ("王䶮", "长" * 10_000)))[1][1]) == 10_000


def test_a_spreadsheet_is_read_uncompressed_too_and_its_pictures_are_not() -> None:
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(WHOLE)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/media/image1.png", b"\x89PNG")
    assert texts(result.getvalue()) == texts(WHOLE)


# ------------------------------------------------------------------ what cannot


@pytest.mark.parametrize("content", [b"", b" \r\n\t ", b"\x00\x00"])
def test_an_empty_file_is_said_to_be_empty(content: bytes) -> None:
    assert refusal(content) == limits.EMPTY


def test_fifty_megabytes_are_refused_by_size_alone() -> None:
    assert refusal(b"PK\x03\x04" + b"0" * 50 * 1024 * 1024) == limits.FILE_TOO_BIG


def test_an_old_xls_is_refused_with_what_to_do() -> None:
    message = refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)
    assert ".xlsx" in message
    assert "另存为" in message


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html><table><tr><td>1</td></tr></table></html>",
        b"  <html>\n<body>",
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n",
        b"abc\x00def",
        b"MZ\x01\x02,\n",
        b"\x1f\x8b\x08",
    ],
)
def test_what_is_no_table_is_refused_whatever_its_name(content: bytes) -> None:
    assert refusal(content) == limits.NOT_A_TABLE


@pytest.mark.parametrize("encoding", ["big5", "shift_jis", "koi8_r"])
def test_an_unknown_encoding_is_refused_not_guessed(encoding: str) -> None:
    text = {
        "big5": "姓名,單位\n陳國強,碼頭工會辦公廳黨組織\n" * 5,
        "shift_jis": "氏名,備考\n田中さん,これはテストです\n" * 5,
        "koi8_r": "Имя,Примечание\nИван,Это проверка\n" * 5,
    }[encoding]
    assert refusal(text.encode(encoding)) in {limits.UNKNOWN_ENCODING, limits.NOT_A_TABLE}


@pytest.mark.parametrize("content", [b"\xff\xfea", b"\xef\xbb\xbf\xff\xff,\xff", b"\xff\xff,\x81"])
def test_broken_text_is_an_unknown_encoding(content: bytes) -> None:
    assert refusal(content) == limits.UNKNOWN_ENCODING


def test_a_zip_that_is_no_spreadsheet_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert refusal(content.getvalue()) == limits.NOT_A_TABLE


@pytest.mark.parametrize("cut", [30, 400, 2000])
def test_a_file_cut_short_is_broken(cut: int) -> None:
    assert refusal(workbook(("姓名",))[:cut]) == limits.BROKEN


def test_a_bomb_that_declares_its_size_is_not_unpacked() -> None:
    bomb = repacked(workbook(("姓名",)), **{SHEET: b"0" * (limits.MOST_UNPACKED_BYTES + 1)})
    assert len(bomb) < 200_000
    assert refusal(bomb) == limits.TOO_BIG_UNPACKED


def test_a_bomb_that_lies_about_its_size_is_stopped_while_it_unpacks() -> None:
    bomb = b"<worksheet>" + b" " * (limits.MOST_UNPACKED_BYTES + 1)
    content = bytearray(repacked(workbook(("姓名",)), **{SHEET: bomb}))
    true_size, false_size = struct.pack("<I", len(bomb)), struct.pack("<I", 100)
    assert content.count(true_size) >= 2
    lying = bytes(content).replace(true_size, false_size)
    assert refusal(lying) == limits.TOO_BIG_UNPACKED


def test_a_thousand_parts_are_too_many() -> None:
    parts = {f"xl/media/{number}.xml": b"<a/>" for number in range(limits.MOST_PARTS + 1)}
    assert refusal(repacked(workbook(("姓名",)), **parts)) == limits.TOO_BIG_UNPACKED


def test_a_password_on_the_zip_is_named() -> None:
    content = bytearray(workbook(("姓名",)))
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + 8] |= 1
        place = content.find(b"PK\x01\x02", place + 4)
    assert refusal(bytes(content)) == limits.ENCRYPTED


def test_a_workbook_without_its_sheet_is_broken() -> None:
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(WHOLE)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name != SHEET:
                new.writestr(name, old.read(name))
    assert refusal(result.getvalue()) == limits.BROKEN


def test_a_part_whose_place_is_wrong_is_broken() -> None:
    content = bytearray(WHOLE)
    content[:4] = b"PK\x03\x04"
    place = content.rfind(b"PK\x03\x04")
    content[place : place + 4] = b"XXXX"
    assert refusal(bytes(content)) == limits.BROKEN


def test_the_same_part_twice_is_broken() -> None:
    content = io.BytesIO(workbook(("姓名",)))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(content, "a") as archive:
        archive.writestr(SHEET, b"<worksheet/>")
    assert refusal(content.getvalue()) == limits.BROKEN


def test_unusual_compression_is_broken() -> None:
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(("姓名",)))) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_LZMA) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert refusal(result.getvalue()) == limits.BROKEN


def test_entities_are_refused_not_expanded() -> None:
    laughs = (
        b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
        b"<worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>"
    )
    assert refusal(repacked(workbook(("x",)), **{SHEET: laughs})) == limits.DOCUMENT_TYPE


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_external_entities_are_refused_in_every_part(part: str) -> None:
    outside = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>'
    assert refusal(repacked(workbook(("x",)), **{part: outside})) == limits.DOCUMENT_TYPE


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', limits.TOO_MANY_COLUMNS),
        ("<row r='1048576'><c r = 'A1048576'><v>1</v></c></row>", limits.TOO_MANY_ROWS),
        ('<row r="1048576"><c><v>1</v></c></row>', limits.TOO_MANY_ROWS),
        ('<row r="1"><c r="A20001"><f>1</f></c></row>', limits.TOO_MANY_ROWS),
    ],
)
def test_one_cell_far_out_does_not_fill_the_memory(cells: str, message: str) -> None:
    xml = sheet_xml(f"<sheetData>{cells}</sheetData>")
    assert refusal(repacked(workbook(("x",)), **{SHEET: xml})) == message


def test_formatted_but_empty_cells_far_out_do_no_harm() -> None:
    xml = sheet_xml(
        '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row>'
        '<row r="1048576"><c r="A1048576" s="0"/></row></sheetData>'
    )
    assert texts(repacked(workbook(("x",)), **{SHEET: xml})) == [["1"]]


def test_a_long_text_that_every_cell_repeats_is_refused() -> None:
    shared = "<sst><si><t>" + "长" * 30_000 + "</t></si></sst>"
    cells = "".join('<c t="s"><v>0</v></c>' for _ in range(90))
    rows = "".join(f"<row>{cells}</row>" for _ in range(20))
    content = repacked(
        workbook(("x",)),
        **{
            SHEET: sheet_xml(f"<sheetData>{rows}</sheetData>"),
            "xl/sharedStrings.xml": shared.encode(),
        },
    )
    assert refusal(content) == limits.TOO_BIG_UNPACKED


def test_too_many_rows_of_text_are_refused() -> None:
    assert refusal(b"a,b\n" * (limits.MOST_ROWS + 1)) == limits.TOO_MANY_ROWS
    assert refusal(b"a," * (limits.MOST_COLUMNS + 1)) == limits.TOO_MANY_COLUMNS


def test_a_field_beyond_all_bounds_is_no_table() -> None:
    assert refusal(b'a,"' + b"x" * 200_000) == limits.NOT_A_TABLE


@given(st.binary(max_size=400))
def test_whatever_comes_in_is_read_or_refused(content: bytes) -> None:
    with suppress(InvalidInputError):
        read_sheets(content)


@given(st.integers(0, 3000), st.binary(min_size=1, max_size=8))
def test_a_damaged_spreadsheet_is_read_or_refused(place: int, noise: bytes) -> None:
    content = bytearray(WHOLE)
    content[place : place + len(noise)] = noise
    with suppress(InvalidInputError):
        read_sheets(bytes(content))
