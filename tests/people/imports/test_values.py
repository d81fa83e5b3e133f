"""Dates, phones and words in the spellings that people use."""

from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.people.imports.reading import FORMULA, Cell
from portal.people.imports.values import (
    CellError,
    calendar_day,
    joining_day,
    phone_number,
    plain,
    words,
    year_of_birth,
)

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2021年8月8日", date(2021, 8, 8)),
        ("2021年08月08日", date(2021, 8, 8)),
        ("2021 年 8 月 8 日", date(2021, 8, 8)),
        ("2014.06", date(2014, 6, 1)),
        ("2014.6", date(2014, 6, 1)),
        ("2014年6月", date(2014, 6, 1)),
        ("201406", date(2014, 6, 1)),
        ("20151011", date(2015, 10, 11)),
        ("1996/8/23", date(1996, 8, 23)),
        ("2025-09-17", date(2025, 9, 17)),
        ("2025－09－17", date(2025, 9, 17)),
        ("２０２５．０９．１７", date(2025, 9, 17)),
        ("2025-09-17 00:00:00", date(2025, 9, 17)),
        (20151011, date(2015, 10, 11)),
        (20151011.0, date(2015, 10, 11)),
        (2014.06, date(2014, 6, 1)),
        (44444, date(2021, 9, 5)),
        (44444.5, date(2021, 9, 5)),
        (date(2021, 8, 8), date(2021, 8, 8)),
        (datetime(2021, 8, 8, 9, 30), date(2021, 8, 8)),  # noqa: DTZ001  as cells are read
        ("1921.7.1", date(1921, 7, 1)),
        ("2024-02-29", date(2024, 2, 29)),
        (None, None),
        ("", None),
        ("无", None),
        ("/", None),
        (0, None),
    ],
    ids=repr,
)
def test_a_day_is_understood_in_every_usual_spelling(cell: Cell, day: date | None) -> None:
    assert joining_day(cell, today=TODAY) == day


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2014.2.30", "没有“2014.2.30”这一天"),
        ("20140631", "没有“20140631”这一天"),
        ("2014.13", "没有"),
        ("2023-02-29", "没有"),
        ("2014", "只有年份"),
        ("明年", "不是日期"),
        ("2014.6.1.2", "不是日期"),
        (2014.1, "看不出是 1 月还是 10 月"),
        ("1921.06", "早于 1921 年 7 月"),
        ("2026-11-25", "还没有到"),
        (FORMULA, "公式"),
        ("=TODAY()", "不是日期"),
    ],
    ids=repr,
)
def test_a_day_that_cannot_be_is_refused_with_its_reason(cell: Cell, reason: str) -> None:
    with pytest.raises(CellError, match=reason):
        joining_day(cell, today=TODAY)


SPELLINGS = ["{0}年{1}月{2}日", "{0}.{1}.{2}", "{0}/{1}/{2}", "{0}-{1}-{2}", "{0}{1:02}{2:02}"]


@given(st.dates(date(1930, 1, 1), date(2099, 12, 31)), st.sampled_from(SPELLINGS))
def test_every_day_survives_every_spelling(day: date, spelling: str) -> None:
    assert calendar_day(spelling.format(day.year, day.month, day.day)) == day


@given(st.dates(date(1930, 1, 2), date(2099, 12, 30)))
def test_every_day_survives_its_serial_number(day: date) -> None:
    assert calendar_day((day - date(1899, 12, 30)).days) == day


@given(st.one_of(st.text(max_size=30), st.floats(allow_nan=False), st.integers()))
def test_any_cell_is_a_day_or_refused(cell: str | float) -> None:
    with suppress(CellError):
        assert calendar_day(cell) is None or calendar_day(cell)


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        ("1974.11", 1974),
        (1974.11, 1974),
        (1974.1, 1974),
        ("1974", 1974),
        ("1974年", 1974),
        (1974, 1974),
        ("19741103", 1974),
        (197411, 1974),
        (date(1974, 11, 3), 1974),
        (27000, 1973),
        (None, None),
        ("", None),
        (0, None),
    ],
    ids=repr,
)
def test_of_a_birthday_the_year_alone_is_taken(cell: Cell, year: int | None) -> None:
    assert year_of_birth(cell, today=TODAY) == year


@pytest.mark.parametrize("cell", ["1899.1", "2027", 2030, "七四年", FORMULA])
def test_a_year_of_birth_that_cannot_be_is_refused(cell: Cell) -> None:
    with pytest.raises(CellError):
        year_of_birth(cell, today=TODAY)


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("１９９０００００００３", "19900000003"),
        ("199 0000 0005", "19900000005"),
        ("199-0000-0005", "19900000005"),
        ("+86 199 0000 0005", "19900000005"),
        ("008619900000005", "19900000005"),
        (19900000005.0, "19900000005"),
        (19900000005, "19900000005"),
        ("（0532）8888 6666", "053288886666"),
        ("88886666", "88886666"),
        ("无", ""),
        (None, ""),
    ],
    ids=repr,
)
def test_a_phone_is_its_digits(cell: Cell, phone: str) -> None:
    assert phone_number(cell) == phone


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1990000000", "有 10 位"),
        ("199000000012", "有 12 位"),
        ("19900000001/19900000002", "两个号码"),
        ("19900000001、19900000002", "两个号码"),
        ("打办公室", "不是电话号码"),
        (1.5, "不是电话号码"),
        (FORMULA, "公式"),
    ],
    ids=repr,
)
def test_a_phone_that_cannot_be_is_refused(cell: Cell, reason: str) -> None:
    with pytest.raises(CellError, match=reason):
        phone_number(cell)


@given(st.integers(10_000_000_000, 19_999_999_999), st.sampled_from(["", " ", "-", "　"]))
def test_every_mobile_survives_its_padding(number: int, padding: str) -> None:
    digits = str(number)
    typed = padding.join([digits[:3], digits[3:7], digits[7:]])
    assert phone_number(typed) == digits


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝"])
def test_words_that_look_like_a_formula_are_refused(start: str) -> None:
    with pytest.raises(CellError, match="公式"):
        words(f"{start}cmd|' /C calc'!A0", most=80)


def test_words_have_a_limit_and_can_be_seen() -> None:
    assert words(" 退休　", most=2) == "退休"
    with pytest.raises(CellError, match="有 10000 个字，最多 80 个字"):
        words("长" * 10_000, most=80)
    with pytest.raises(CellError, match="不能显示"):
        words("退\ue000休", most=80)


@pytest.mark.parametrize("nothing", ["", "无", "/", "-", "——", None, "N/A"])
def test_a_placeholder_is_nothing(nothing: str | None) -> None:
    assert plain(nothing) == ""
