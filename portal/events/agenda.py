"""The agenda: rows with a speaker and minutes, whose times are worked out; or free lines. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from portal import clock
from portal.errors import InvalidInputError

_TIME = r"(?:[01]?\d|2[0-3])[:：][0-5]\d"
_LINE = re.compile(rf"^({_TIME})(?:\s*[-–—~～至到]\s*({_TIME}))?\s*[,，、.．]?\s*(\S.*)$")


class Item(NamedTuple):
    """One line: `time` is 9:00, 9:00–10:30 or empty."""

    time: str
    text: str
    speaker: str = ""
    minutes: int | None = None


class AgendaRow(NamedTuple):
    """What is written in one row; `minutes` None is not known."""

    title: str
    speaker: str = ""
    minutes: int | None = None


MOST_ROWS = 40
MOST_MINUTES = 24 * 60
LONGEST_TITLE = 120
LONGEST_SPEAKER = 60


def timed(rows: Sequence[AgendaRow], starts_at: datetime) -> list[Item]:
    """Return the rows with the times at which they begin and end, one after the other.

    From the first row whose minutes are not known on, the times are not known either.
    """
    made: list[Item] = []
    at: datetime | None = clock.local(starts_at)
    for row in rows:
        begins = f"{at.hour}:{at:%M}" if at is not None else ""
        at = at + timedelta(minutes=row.minutes) if at is not None and row.minutes else None
        time = f"{begins}–{at.hour}:{at:%M}" if at is not None else begins
        made.append(Item(time, row.title, row.speaker, row.minutes))
    return made


def minutes_of(rows: Sequence[AgendaRow]) -> int:
    """Return how many minutes the rows take together, as far as they say."""
    return sum(row.minutes or 0 for row in rows)


def rows_of(text: str) -> list[AgendaRow]:
    """Return a free agenda as rows: a line lasts until the next one begins, if both say when."""
    lines = items(text)
    rows = []
    for place, line in enumerate(lines):
        following = lines[place + 1].time if place + 1 < len(lines) else ""
        rows.append(AgendaRow(line.text[:LONGEST_TITLE], "", _minutes(line.time, following)))
    return rows[:MOST_ROWS]


def _minutes(time: str, following: str) -> int | None:
    begins, _, ends = time.partition("–")
    ends = ends or following.partition("–")[0]
    if not begins or not ends:
        return None
    minutes = _of_day(ends) - _of_day(begins)
    return minutes if minutes > 0 else None


def _of_day(time: str) -> int:
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute)


def check(rows: Sequence[AgendaRow]) -> None:
    """Raise InvalidInputError, naming the row, for the first rule that is broken."""
    if len(rows) > MOST_ROWS:
        raise InvalidInputError(f"议程最多 {MOST_ROWS} 项，现在有 {len(rows)} 项。")
    for place, row in enumerate(rows):
        if not row.title:
            raise InvalidInputError("请写明这一项做什么。", field=f"title-{place}")
        if len(row.title) > LONGEST_TITLE:
            raise InvalidInputError(f"内容最多 {LONGEST_TITLE} 个字。", field=f"title-{place}")
        if len(row.speaker) > LONGEST_SPEAKER:
            raise InvalidInputError(
                f"主讲或主持最多 {LONGEST_SPEAKER} 个字。", field=f"speaker-{place}"
            )
        if row.minutes is not None and not 0 < row.minutes <= MOST_MINUTES:
            raise InvalidInputError(
                f"分钟要在 1 到 {MOST_MINUTES} 之间。", field=f"minutes-{place}"
            )


def items(agenda: str) -> list[Item]:
    """Return the lines of an agenda; a line without a time at its head is text alone."""
    return [_item(line.strip()) for line in agenda.splitlines() if line.strip()]


def _item(line: str) -> Item:
    match = _LINE.match(line)
    if match is None:
        return Item("", line)
    times = [_clean(time) for time in match.groups()[:2] if time]
    return Item("–".join(times), match[3])


def _clean(time: str) -> str:
    hour, minute = re.split("[:：]", time)
    return f"{int(hour)}:{minute}"
