"""Telling people what became of hours that they had: once, with the difference, in one message."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal import clock
from portal.database import db
from portal.hours.kinds import Cause, hours_words
from portal.hours.models import HourChange
from portal.messages import services as messages
from portal.messages.models import MessageKind

_MOST_LINES = 8


@dataclass(frozen=True)
class _News:
    """What a thing gave when the person was told last, and what it gives now."""

    title: str
    before: int | None
    after: int | None
    cause: Cause
    words: str

    @property
    def difference(self) -> str:
        """2 → 1 学时."""
        before = "无" if self.before is None else hours_words(self.before)
        after = "不再计入" if self.after is None else f"{hours_words(self.after)} 学时"
        return f"{before} → {after}"

    @property
    def line(self) -> str:
        """The difference, and why."""
        why = f"（{self.words}）" if self.words and self.after is not None else ""
        return f"{self.title}：{self.difference}，因为{self.cause.label}{why}"


def untold(most: int) -> Sequence[int]:
    """Return some of the people whose hours changed and who have not been told."""
    return db.session.scalars(
        select(HourChange.person_id).where(HourChange.told_at.is_(None)).distinct().limit(most)
    ).all()


def tell_of_changes(person_id: int) -> None:
    """Tell the person of all that changed since the last message; what came to nothing is none."""
    rows = db.session.scalars(
        select(HourChange)
        .where(HourChange.person_id == person_id, HourChange.told_at.is_(None))
        .order_by(HourChange.id)
        .with_for_update()
    ).all()
    by_year: dict[int, list[HourChange]] = {}
    for row in rows:
        by_year.setdefault(row.year, []).append(row)
        row.told_at = clock.now()
    for year, changes in by_year.items():
        news = _news(changes)
        if news:
            messages.tell(
                people=[person_id],
                kind=MessageKind.HOURS,
                subject=_subject(year, news),
                body=_body(news),
                link=f"/hours/?year={year}",
                key=f"hours:{changes[-1].id}",
            )


def _news(changes: Sequence[HourChange]) -> list[_News]:
    by_thing: dict[tuple[int, int], list[HourChange]] = {}
    for one in changes:
        by_thing.setdefault((one.event_id or 0, one.training_id or 0), []).append(one)
    told = []
    for ones in by_thing.values():
        first, last = ones[0], ones[-1]
        if first.from_halves != last.to_halves:
            news = _News(last.title, first.from_halves, last.to_halves, last.cause, last.to_words)
            told.append(news)
    return told


def _subject(year: int, news: Sequence[_News]) -> str:
    if len(news) == 1:
        return f"学时有变动：{news[0].title}，{news[0].difference}"
    change = sum((one.after or 0) - (one.before or 0) for one in news)
    sign = "+" if change > 0 else ""
    return f"{year}年有 {len(news)} 项学时有变动，合计 {sign}{hours_words(change)} 学时"


def _body(news: Sequence[_News]) -> str:
    lines = [one.line for one in news[:_MOST_LINES]]
    if len(news) > _MOST_LINES:
        lines.append(f"还有 {len(news) - _MOST_LINES} 项，请看学时页。")
    return "\n".join([*lines, "觉得不对，请联系所在支部核对名册。"])
