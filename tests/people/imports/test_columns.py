"""Headers are matched by meaning; what must not be kept is named."""

import pytest

from portal.errors import InvalidInputError
from portal.people.imports.columns import Table, column_letter
from portal.people.imports.fields import OrganisationField, PersonField
from portal.people.imports.organisation_rows import organisation_table
from portal.people.imports.person_rows import person_table
from portal.people.imports.reading import read_sheets
from tests.people.imports.sheets import ROSTER_HEADER, member, roster, workbook


def table_under(*header: str) -> Table:
    return person_table(read_sheets(workbook(header, ["甲"] * len(header))))


def test_the_header_is_found_below_title_rows() -> None:
    table = person_table(read_sheets(roster(member("王䶮"))))
    assert table.layout.header_row == 3
    assert [row.number for row in table.rows] == [4]
    assert table.layout.places[PersonField.PHONE] == ROSTER_HEADER.index("手机号码")


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("党员姓名", PersonField.NAME),
        (" 姓　名 ", PersonField.NAME),
        ("*姓名（必填）", PersonField.NAME),
        ("名字", PersonField.NAME),
    ],
)
def test_a_name_has_many_headers(header: str, field: PersonField) -> None:
    assert field in table_under("所在党组织", header).layout.places


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("所在支部", PersonField.ORGANISATION),
        ("党支部", PersonField.ORGANISATION),
        ("所属党组织", PersonField.ORGANISATION),
        ("组织编码", PersonField.ORGANISATION_CODE),
    ],
)
def test_a_branch_has_many_headers(header: str, field: PersonField) -> None:
    assert field in table_under("姓名", header).layout.places


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("联系电话", PersonField.PHONE),
        ("手机", PersonField.PHONE),
        ("入党日期", PersonField.JOINED_ON),
        ("入党时间(年月日)", PersonField.JOINED_ON),
        ("出生日期", PersonField.BIRTH_YEAR),
        ("党内任职", PersonField.PARTY_POST),
        ("工作单位", PersonField.WORK_UNIT),
        ("职务", PersonField.POST),
        ("备 注", PersonField.NOTE),
        ("男/女", PersonField.GENDER),
    ],
)
def test_other_fields_have_many_headers(header: str, field: PersonField) -> None:
    assert field in table_under("姓名", "所在党组织", header).layout.places


@pytest.mark.parametrize(
    "header",
    [
        "身份证号",
        "公民身份号码",
        "家庭住址",
        "户籍地址",
        "民族",
        "月工资",
        "党费标准",
        "学历",
        "婚姻状况",
    ],
)
def test_what_must_not_be_kept_is_dropped_with_its_reason(header: str) -> None:
    layout = table_under("姓名", "所在党组织", header).layout
    (dropped,) = layout.dropped
    assert (dropped.header, dropped.letter) == (header, "C")
    assert "门户用不到" in dropped.reason
    assert layout.ignored == ()


def test_unknown_columns_are_named_and_row_labels_are_not() -> None:
    layout = table_under("序号", "姓名", "所在党组织", "爱好").layout
    assert [(column.letter, column.header) for column in layout.ignored] == [("D", "爱好")]
    assert layout.dropped == ()


def test_of_two_columns_for_one_field_the_more_exact_one_is_taken() -> None:
    layout = table_under("姓名", "所在党组织", "联系电话", "手机号码").layout
    assert layout.headers[PersonField.PHONE] == "手机号码"
    assert "与“手机号码”一列重复" in layout.ignored[0].reason


def test_the_lower_of_two_header_rows_names_the_columns() -> None:
    content = workbook(
        ("姓名", "所在党组织", "联系方式", None),
        (None, None, "手机号码", "固话"),
        ("王䶮", "甲支部", "19900000001", ""),
        merged=("A1:A2", "B1:B2", "C1:D1"),
    )
    table = person_table(read_sheets(content))
    assert table.layout.header_row == 2
    assert table.layout.headers[PersonField.PHONE] == "手机号码"
    assert [row.number for row in table.rows] == [3]


def test_a_header_repeated_for_every_printed_page_is_no_person() -> None:
    table = person_table(read_sheets(roster(member("甲甲"), ROSTER_HEADER, member("乙乙"))))
    assert [row.number for row in table.rows] == [4, 6]


def test_the_sheet_that_has_the_header_is_read_and_the_others_are_named() -> None:
    sheets = (
        *read_sheets(workbook(("说明",), title="说明")),
        *read_sheets(roster(member("王䶮"))),
    )
    table = person_table(sheets)
    assert table.sheet == "花名册"
    assert table.unread_sheets == ("说明",)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InvalidInputError, match="所在党组织"):
        person_table(read_sheets(workbook(("姓名", "性别"), ("王䶮", "女"))))


@pytest.mark.parametrize("content", ["이름,비고\n김철수,시험".encode("euc_kr"), b"a,b\n1,2", b"x"])
def test_a_table_without_a_header_says_which_words_it_looked_for(content: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"没有找到表头.*姓名"):
        person_table(read_sheets(content))


def test_organisations_have_headers_of_their_own() -> None:
    header = ("党组织代码", "党组织全称", "类别", "上级党组织")
    layout = organisation_table(read_sheets(workbook(header, ["x"] * 4))).layout
    assert list(layout.places) == [
        OrganisationField.CODE,
        OrganisationField.NAME,
        OrganisationField.KIND,
        OrganisationField.PARENT_NAME,
    ]


@pytest.mark.parametrize(("place", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_columns_have_the_letters_of_the_spreadsheet_program(place: int, letter: str) -> None:
    assert column_letter(place) == letter
