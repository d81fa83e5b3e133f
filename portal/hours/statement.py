"""What a certificate says, line by line: the printed page and the document are made of it. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal import clock
from portal.hours.kinds import hours_words

# So many lines fit on one page; the rest is added up in the last.
MOST_LINES = 18
# Two lines of its cell each: what is longer is cut with a mark, and stands whole in the portal.
LONGEST_TITLE, LONGEST_PLACE = 34, 16
TITLE = "党员学习培训学时证明"
COLUMNS = ("序号", "培训、活动名称", "时间", "地点", "主办单位", "学时")


@dataclass(frozen=True)
class Statement:
    """The certificate in words."""

    number: str
    code: str
    sentence: str
    lines: Sequence[tuple[str, ...]]
    total: str
    day: str
    unit_name: str

    @property
    def facts(self) -> tuple[str, str]:
        """What stands above and below: number and code."""
        return f"证明编号：{self.number}", f"查验码：{self.code}"


def statement(
    *,
    number: str,
    code: str,
    name: str,
    unit_name: str,
    year: int,
    halves: int,
    owed_halves: int | None,
    lines: str,
    issued_at: datetime,
) -> Statement:
    """Return what a certificate says; `lines` is what was kept of the entries, as JSON."""
    entries = json.loads(lines)
    shown = entries if len(entries) <= MOST_LINES else entries[: MOST_LINES - 1]
    written = [
        (
            str(place),
            _short(entry["title"], LONGEST_TITLE),
            _day(date.fromisoformat(entry["day"])),
            _short(entry["place"] or entry["source"], LONGEST_PLACE),
            _short(entry["host"], LONGEST_PLACE),
            hours_words(entry["halves"]),
        )
        for place, entry in enumerate(shown, 1)
    ]
    rest = entries[len(shown) :]
    if rest:
        halves_of_rest = sum(entry["halves"] for entry in rest)
        words = f"其余 {len(rest)} 次（明细见门户本人学时页）"
        written.append((str(MOST_LINES), words, "", "", "", hours_words(halves_of_rest)))
    day = clock.local(issued_at).date()
    return Statement(
        number=number,
        code=code,
        sentence=_sentence(name, unit_name, year, day, halves, owed_halves),
        lines=written,
        total=hours_words(halves),
        day=f"{day.year}年{day.month}月{day.day}日",
        unit_name=unit_name,
    )


def _sentence(
    name: str, unit_name: str, year: int, day: date, halves: int, owed_halves: int | None
) -> str:
    until = f"截至{day.month}月{day.day}日，" if day.year == year else ""
    belongs = f"（{unit_name}）" if unit_name else ""
    owes = "" if owed_halves is None else f"，本年度应达 {hours_words(owed_halves)} 学时"
    return (
        f"兹证明{name}同志{belongs}{year}年度参加学习培训，"
        f"{until}累计 {hours_words(halves)} 学时{owes}。明细如下："
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
