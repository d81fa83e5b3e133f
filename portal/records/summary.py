"""The closing summary (活动小结) in words: what it begins with, and how it stands on paper. Pure.

It begins with what the portal knows: the agenda, what was said, voted and resolved, what of it
became a case. The host completes it; who came is the roll's word and never part of the text.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal import clock
from portal.attendance.rules import Balance
from portal.events.models import Event
from portal.records import kinds
from portal.records.hooks import Outcome
from portal.records.minutes import NUMERALS, Section, day_words, lines_of, resolved, span
from portal.records.models import EventSummary, Statement, StatementKind
from portal.records.queries import Held
from portal.records.voting import judge

# What everybody writes by hand, and the portal cannot know.
BY_HAND = "成效和下一步"
# A summary names what matters; all of it stands in the minutes.
MOST_STATEMENTS, LONGEST_WORDS = 30, 60
_HEADING = re.compile(rf"^[{NUMERALS}]+、\s*(\S.*)$")


@dataclass(frozen=True)
class Paper:
    """The summary on paper, top to bottom."""

    title: str
    opening: str
    sections: tuple[Section, ...]
    signature: str
    date: str


def first_words(event: Event, held: Held, outcomes: Iterable[Outcome]) -> str:
    """Return the text that a summary begins with: numbered headings, and one to write under."""
    parts = [
        Outcome("活动内容", _content(event, held)),
        Outcome("意见建议", _said(held.statements)),
        Outcome("议定事项", _decided(held)),
        *outcomes,
    ]
    written = [part for part in parts if part.lines]
    blocks = ["\n".join((part.heading, *part.lines)) for part in (*written, Outcome(BY_HAND, ()))]
    return "\n\n".join(f"{NUMERALS[place]}、{block}" for place, block in enumerate(blocks))


def _content(event: Event, held: Held) -> tuple[str, ...]:
    told = tuple(
        line
        for record in held.records
        if kinds.has_words(record.reported, record.kind, "reported", record.began_with)
        for line in lines_of(record.reported)
        if not line.endswith("：")
    )
    agenda = (f"议程：{'；'.join(held.agenda)}。",) if held.agenda else ()
    return (*agenda, *told) or lines_of(event.summary)


def _said(statements: Sequence[Statement]) -> tuple[str, ...]:
    if not statements:
        return ()
    counted = Counter(one.kind for one in statements)
    numbers = "，".join(
        f"{kind.label} {counted[kind]} 条" for kind in StatementKind if counted[kind]
    )
    asked = [one for one in statements if one.kind.can_be_followed]
    lines = [
        f"{number}. {one.speaker_name}：{_short(one.text)}"
        for number, one in enumerate(asked[:MOST_STATEMENTS], 1)
    ]
    if len(asked) > MOST_STATEMENTS:
        lines.append(f"其余 {len(asked) - MOST_STATEMENTS} 条见纪要。")
    return f"共记下发言 {len(statements)} 条：{numbers}。", *lines


def _short(text: str) -> str:
    words = " ".join(lines_of(text))
    return words if len(words) <= LONGEST_WORDS else f"{words[:LONGEST_WORDS]}……"


def _decided(held: Held) -> tuple[str, ...]:
    votes = tuple(
        f"{vote.matter}：{judge(vote).words}（赞成 {vote.votes_for} 票，"
        f"反对 {vote.votes_against} 票，弃权 {vote.abstained} 票）。"
        for vote in held.votes
    )
    concluded = tuple(
        line
        for record in held.records
        if kinds.has_words(record.conclusion, record.kind, "conclusion", record.began_with)
        for line in lines_of(record.conclusion)
        if not line.endswith("：")
    )
    due = tuple(resolved(number, one) for number, one in enumerate(held.resolutions, 1))
    return (*votes, *concluded, *due)


def paper(event: Event, numbers: Balance, summary: EventSummary) -> Paper:
    """Return a kept summary as it is printed; headings without a word below them are left out."""
    return Paper(
        title=f"{event.title}活动小结",
        opening=opening(event, numbers),
        sections=tuple(_sections(summary.text)),
        signature=event.host.name,
        date=day_words(clock.local(summary.written_at).date()),
    )


def opening(event: Event, numbers: Balance) -> str:
    """Return when, where, by whom, and who came: read from the event and its roll, never typed."""
    place = f"在{event.place}" if event.place else ""
    lecturer = f"，主讲{event.lecturer}" if event.lecturer else ""
    came = (
        f"应到 {numbers.due} 人，实到 {numbers.present} 人，请假 {numbers.leave} 人，"
        f"缺席 {numbers.absent} 人，出勤率 {numbers.rate}"
        if numbers.due
        else f"到场 {numbers.others_come} 人"
    )
    others = (
        f"；另有列席和来宾 {numbers.others_come} 人" if numbers.due and numbers.others_come else ""
    )
    when = span(event.starts_at, event.ends_at)
    return f"{when}，{event.host.name}{place}举办“{event.title}”{lecturer}。{came}{others}。"


def _sections(text: str) -> Iterable[Section]:
    """Return what stands under each heading, numbered anew; what is above the first one, first."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in lines_of(text):
        match = _HEADING.match(line)
        if match:
            found.append((match[1], []))
        else:
            found[-1][1].append(line)
    place = 0
    for heading, lines in found:
        if lines:
            yield Section(f"{_numeral(place)}、{heading}" if heading else "", tuple(lines))
            place += bool(heading)


def _numeral(place: int) -> str:
    """Return the numeral of a section: 一, 十, 十一."""
    tens, ones = divmod(place + 1, 10)
    head = {0: "", 1: "十"}.get(tens, f"{NUMERALS[tens - 1]}十")
    return head + (NUMERALS[ones - 1] if ones else "")
