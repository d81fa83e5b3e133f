"""The minutes of a record in words: what the 纪要 and the page of the record book both say. Pure.

Who came is the roll's word; nothing is worked out again here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal import clock
from portal.attendance.models import LEAVE
from portal.records.models import Addendum, MeetingRecord, Resolution, Vote
from portal.records.queries import Attendance, StatementRow
from portal.records.queries.attending import Named
from portal.records.voting import judge

NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Section:
    """One part under its heading; paragraphs as they were written."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class People:
    """A line of names: 出席, 请假, 缺席, 列席."""

    label: str
    names: str


@dataclass(frozen=True)
class Minutes:
    """The whole of it, top to bottom."""

    head: str
    title: str
    kind: str
    marks: tuple[str, ...]
    organisation: str
    when: str
    place: str
    chair: str
    recorder: str
    counts: str
    opening: str
    sections: tuple[Section, ...]
    people: tuple[People, ...]
    confirmed: tuple[str, ...]
    date: str


def minutes(
    record: MeetingRecord,
    *,
    attendance: Attendance,
    rows: Sequence[StatementRow],
    votes: Sequence[Vote],
    resolutions: Sequence[Resolution],
    addenda: Sequence[Addendum],
    says_why: bool = True,
) -> Minutes:
    """Return the minutes of a record whose event, organisation and confirming people are loaded.

    Without `says_why` they do not say for what reason somebody was on leave: that is for those
    who keep the record.
    """
    when = span(record.starts_at, record.ends_at)
    counts = _counts(attendance)
    return Minutes(
        head=_head(record),
        title=record.title,
        kind=record.kind.label,
        marks=_marks(record),
        organisation=record.organisation.name,
        when=when,
        place=record.place,
        chair=record.chair,
        recorder=record.recorder,
        counts=counts,
        opening=_opening(record, when, counts),
        sections=tuple(_numbered(_parts(record, rows, votes, resolutions, addenda))),
        people=_people(attendance, says_why=says_why),
        confirmed=_confirmed(record),
        date=day_words(clock.local(record.confirmed_at or record.starts_at).date()),
    )


def _head(record: MeetingRecord) -> str:
    """The red head names what it is the minutes of: ×××纪要."""
    title = record.title.removesuffix("纪要").removesuffix("记录")
    return f"{title}纪要"


def _marks(record: MeetingRecord) -> tuple[str, ...]:
    made = []
    if record.is_draft:
        made.append("草稿，主持人和记录人尚未都确认")
    if record.is_late:
        made.append(f"补录：{moment_words(record.created_at)}起补记，原因：{record.late_reason}")
    return tuple(made)


def _opening(record: MeetingRecord, when: str, counts: str) -> str:
    place = f"在{record.place}" if record.place else ""
    words = f"{when}，{record.organisation.name}{place}召开“{record.title}”。"
    if record.chair:
        words += f"{record.chair}主持，"
    if record.recorder:
        words += f"{record.recorder}记录。"
    return words.rstrip("，") + (f"{counts}。" if counts else "")


def _counts(attendance: Attendance) -> str:
    if not attendance.has_anybody:
        return ""
    numbers = attendance.numbers
    missing = "缺席" if attendance.is_confirmed else "未到"
    return (
        f"应到 {numbers.due} 人，实到 {numbers.present} 人，请假 {numbers.leave} 人，"
        f"{missing} {numbers.absent} 人"
    )


def _parts(
    record: MeetingRecord,
    rows: Sequence[StatementRow],
    votes: Sequence[Vote],
    resolutions: Sequence[Resolution],
    addenda: Sequence[Addendum],
) -> Iterable[tuple[str, tuple[str, ...]]]:
    yield "议题", lines_of(record.agenda)
    yield "报告和传达", lines_of(record.reported)
    yield "讨论发言", (*lines_of(record.discussion), *(_said(row) for row in rows))
    yield "表决", tuple(voted(vote) for vote in votes)
    yield "决议和小结", lines_of(record.conclusion)
    yield "落实事项", tuple(resolved(number, one) for number, one in enumerate(resolutions, 1))
    yield "补充说明", tuple(line for one in addenda for line in _added(one))


def _added(one: Addendum) -> tuple[str, ...]:
    first, *rest = lines_of(one.text) or ("",)
    day = day_words(clock.local(one.written_at).date())
    return f"{day}，{one.written_by.name}：{first}", *rest


def _numbered(parts: Iterable[tuple[str, tuple[str, ...]]]) -> Iterable[Section]:
    written = [(heading, paragraphs) for heading, paragraphs in parts if paragraphs]
    for place, (heading, paragraphs) in enumerate(written):
        yield Section(f"{NUMERALS[place]}、{heading}", paragraphs)


def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines in which something is written."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _said(row: StatementRow) -> str:
    words = " ".join(lines_of(row.text))
    more = "".join(
        f"（{added.written_by}更正补充：{' '.join(lines_of(added.text))}）"
        for added in row.supplements
    )
    return f"{row.position}. {row.speaker}【{row.kind.label}】：{words}{more}"


def voted(vote: Vote) -> str:
    """Return a vote in words: how, how many, what follows and why."""
    verdict = judge(vote)
    count = f"赞成 {vote.votes_for} 票，反对 {vote.votes_against} 票，弃权 {vote.abstained} 票"
    why = f"{verdict.due_words}；{verdict.quorum_words}；{verdict.majority_words}"
    return f"{vote.matter}：{vote.method.label}，{count}，{verdict.words}。{why}。"


def resolved(number: int, one: Resolution) -> str:
    """Return a resolution in words: what, who sees to it, until when."""
    due = f"，{day_words(one.due_on)}前完成" if one.due_on else ""
    return f"{number}. {one.text.rstrip('。')}。由{one.owner}落实{due}。"


def _people(attendance: Attendance, *, says_why: bool) -> tuple[People, ...]:
    lines = (
        ("出席", _names(attendance.present)),
        ("请假", _names(attendance.leave, says_why=says_why)),
        ("缺席", _names(attendance.absent) if attendance.is_confirmed else ""),
        ("列席", _names(attendance.sitting_in)),
    )
    return tuple(People(label, names) for label, names in lines if names)


def _names(people: Sequence[Named], *, says_why: bool = False) -> str:
    """Names by unit, as the standard wants them: unit, then its people."""
    units: dict[str, list[str]] = {}
    for one in people:
        why = f"（{one.status.label}）" if says_why and one.status in LEAVE else ""
        units.setdefault(one.unit_name, []).append(f"{one.name}{why}")
    if len(units) == 1:
        return "、".join(next(iter(units.values())))
    return "；".join(f"{unit} {'、'.join(names)}".strip() for unit, names in units.items())


def _confirmed(record: MeetingRecord) -> tuple[str, ...]:
    made = []
    for role, who, at in (
        ("主持人", record.host_confirmed_by, record.host_confirmed_at),
        ("记录人", record.recorder_confirmed_by, record.recorder_confirmed_at),
    ):
        if who is not None and at is not None:
            made.append(f"{role}确认：{who.name}，{moment_words(at)}")
    return tuple(made)


def span(starts_at: datetime, ends_at: datetime) -> str:
    """Return from when to when: 2026年11月25日9:00至11:00."""
    start, end = clock.local(starts_at), clock.local(ends_at)
    if start.date() == end.date():
        return f"{moment_words(starts_at)}至{end.hour}:{end:%M}"
    return f"{moment_words(starts_at)}至{moment_words(ends_at)}"


def moment_words(moment: datetime) -> str:
    """Return 2026年11月25日9:00."""
    local = clock.local(moment)
    return f"{day_words(local.date())}{local.hour}:{local:%M}"


def day_words(day: date) -> str:
    """Return 2026年11月25日: Arabic figures, no leading zeros (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"
