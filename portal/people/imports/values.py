"""One cell, one value: dates, phones and words as people type them.

Each function takes a cell and returns the value, None for an empty cell; it raises
`CellError` with the reason in Chinese for what cannot be believed. Nothing is computed:
a formula is refused, and so is text that a spreadsheet program would take for one.
"""

import re
from datetime import date, datetime, timedelta

from portal.people.imports.reading import Cell, Formula, cell_text
from portal.people.naming import plain_text

# The Party was founded in July 1921.
EARLIEST_JOINING = date(1921, 7, 1)
EARLIEST_BIRTH_YEAR = 1900
# Day 0 of spreadsheet dates; days before 1930 and after 2099 are no serial dates.
_SERIAL_ZERO = date(1899, 12, 30)
_SERIAL_DAYS = range(10_959, 73_051)

_NOTHING = frozenset(
    {"", "无", "/", "\\", "-", "--", "—", "——", "空", "不详", "n/a", "na", "null", "none", "0"}
)
_SEPARATED = re.compile(
    r"(?P<year>\d{4})\s*[年./\-]\s*(?P<month>\d{1,2})\s*(?:[月./\-]\s*(?:(?P<day>\d{1,2})\s*[日号]?)?)?"
)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})?")
_YEAR = re.compile(r"(?P<year>\d{4})\s*年?")
_CLOCK = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?$")
_DASHES = re.compile(r"[‐‑‒–—―－_~]")
_PHONE_PADDING = re.compile(r"[\s\-().]+")
_COUNTRY = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")
_PHONE = re.compile(r"1\d{10}|0\d{9,11}|\d{7,8}")
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_TWO_PHONES = re.compile(r"\d{7,}\s*[,;/、，；]\s*\d{7,}")


class CellError(ValueError):
    """A cell cannot be taken; its text is the reason, a Chinese half-sentence."""


def plain(cell: Cell) -> str:
    """Return a cell's text; placeholders such as 无 and / are empty; formulas are refused."""
    if isinstance(cell, Formula):
        raise CellError("这一格是公式，请改成值（复制后“选择性粘贴—数值”）")
    text = cell_text(cell)
    return "" if text.casefold() in _NOTHING else text


def words(cell: Cell, *, most: int) -> str:
    """Return free text of at most `most` characters that no spreadsheet takes for a formula."""
    text = plain(cell)
    if text[:1] in {"=", "+", "-", "@"}:
        raise CellError(f"以“{text[0]}”开头，像是公式，没有读取")
    if len(text) > most:
        raise CellError(f"有 {len(text)} 个字，最多 {most} 个字")
    if any(not mark.isprintable() for mark in text):
        raise CellError("有不能显示的字符")
    return text


def calendar_day(cell: Cell) -> date | None:
    """Return a date in any usual spelling; a month alone means its first day.

    2021年8月8日, 2014.06, 20151011, 1996/8/23, 2025-09-17, spreadsheet dates and their serial
    numbers.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _day_of_number(cell)
    text = plain(cell)
    return _day_of_text(text) if text else None


def _day_of_number(number: int | float) -> date | None:
    if number == 0:
        return None
    if float(number).is_integer():
        if int(number) in _SERIAL_DAYS:
            return _SERIAL_ZERO + timedelta(days=int(number))
        return _day_of_text(str(int(number)))
    if _SERIAL_DAYS.start <= number < _SERIAL_DAYS.stop:
        return _SERIAL_ZERO + timedelta(days=int(number))
    text = repr(float(number))
    if re.fullmatch(r"\d{4}\.1", text):
        raise CellError(f"“{text}”看不出是 1 月还是 10 月，请把这一格改成文字")
    return _day_of_text(text)


def _day_of_text(written: str) -> date:
    text = _CLOCK.sub("", _DASHES.sub("-", written))
    match = _SEPARATED.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is None:
        if _YEAR.fullmatch(text):
            raise CellError(f"“{written}”只有年份，请写到月或日")
        raise CellError(f"“{_short(written)}”不是日期")
    year, month, day = (int(match[part] or 1) for part in ("year", "month", "day"))
    try:
        return date(year, month, day)
    except ValueError as error:
        raise CellError(f"没有“{written}”这一天") from error


def joining_day(cell: Cell, *, today: date) -> date | None:
    """Return the day somebody joined the Party: from July 1921 up to today."""
    day = calendar_day(cell)
    if day is not None and day < EARLIEST_JOINING:
        raise CellError(f"“{day.isoformat()}”早于 1921 年 7 月")
    if day is not None and day > today:
        raise CellError(f"“{day.isoformat()}”还没有到")
    return day


def year_of_birth(cell: Cell, *, today: date) -> int | None:
    """Return the year alone of a date of birth in any usual spelling: no more is kept."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        year = int(cell) if 1000 <= cell < 3000 else None
    else:
        year = None
        text = plain(cell) if not isinstance(cell, date) else ""
        if isinstance(cell, str) and not text:
            return None
        match = _YEAR.fullmatch(text)
        if match:
            year = int(match["year"])
    if year is None:
        day = calendar_day(cell)
        if day is None:
            return None
        year = day.year
    if not EARLIEST_BIRTH_YEAR <= year <= today.year:
        raise CellError(f"出生年份“{year}”不在 {EARLIEST_BIRTH_YEAR} 年到今年之间")
    return year


def phone_number(cell: Cell) -> str:
    """Return a phone's digits: a mobile of 11, or a landline of 7 to 12 with its area code."""
    if isinstance(cell, float) and not cell.is_integer():
        raise CellError(f"“{cell}”不是电话号码")
    text = _DASHES.sub("-", plain(cell))
    if not text:
        return ""
    if isinstance(cell, date) or _DAY.fullmatch(text):
        raise CellError(f"“{text}”是日期，不是电话号码")
    if _TWO_PHONES.search(text):
        raise CellError("一格里有两个号码，请只留一个")
    digits = _COUNTRY.sub("", _PHONE_PADDING.sub("", text))
    if _PHONE.fullmatch(digits):
        return digits
    if digits.isdigit():
        raise CellError(f"“{_short(text)}”有 {len(digits)} 位，手机号码应为 11 位")
    raise CellError(f"“{_short(text)}”不是电话号码")


def _short(text: str) -> str:
    shown = plain_text(text)
    return shown if len(shown) <= 20 else f"{shown[:20]}…"
