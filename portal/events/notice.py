"""The notice (通知) of an event in words: what the page to print and the .docx both say. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal import clock
from portal.events.agenda import Item
from portal.events.hooks import Matter
from portal.events.models import Audience, Event, EventKind

_NUMERALS = "一二三四五六七八九十"
_WEEKDAYS = "一二三四五六日"
_HELD = {
    EventKind.MEETING: "召开",
    EventKind.SEMINAR: "召开",
    EventKind.SITE_VISIT: "组织",
    EventKind.SURVEY: "组织",
    EventKind.HOME_VISIT: "组织",
}
# A mobile number is a person's own: it belongs on no paper that hangs on a wall.
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")


@dataclass(frozen=True)
class Section:
    """One numbered matter: a line beside its heading, or paragraphs below it."""

    heading: str
    line: str = ""
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notice:
    """The whole of it, top to bottom."""

    title: str
    addressees: str
    opening: str
    sections: tuple[Section, ...]
    signature: str
    date: str


def notice(
    event: Event, rows: Sequence[Item], lines: Sequence[Item], more: Sequence[Matter] = ()
) -> Notice:
    """Return the notice of an event whose host and due organisations are loaded.

    `rows` and `lines` are its agenda as `agenda` tells it; `more` is what other rooms add after
    it. No personal phone gets in.
    """
    held = _HELD.get(event.kind, "举办")
    about = f"{held}“{event.title}”"
    start = clock.local(event.starts_at)
    return Notice(
        title=f"关于{about}的通知",
        addressees=f"{_addressees(event)}：",
        opening=f"{event.host.name}定于{start.month}月{start.day}日{about}，现将有关事项通知如下。",
        sections=tuple(
            Section(f"{_NUMERALS[place]}、{heading}", line, paragraphs)
            for place, (heading, line, paragraphs) in enumerate(_matters(event, rows, lines, more))
        ),
        signature=event.host.name,
        date=_day(clock.local(event.published_at or clock.now())),
    )


def _matters(
    event: Event, rows: Sequence[Item], lines: Sequence[Item], more: Sequence[Matter]
) -> list[tuple[str, str, tuple[str, ...]]]:
    agenda = tuple(_item(item) for item in (*rows, *lines))
    matters = [
        ("时间", f"{_span(event)}。", ()),
        ("地点", f"{event.place or '另行通知'}。", ()),
        ("参加人员", f"{_meant(event)}。", ()),
        ("主讲", f"{event.lecturer}。" if event.lecturer else "", ()),
        ("内容", "", _paragraphs(event.summary)),
        ("议程", "", agenda),
        *((one.heading, one.line, _paragraphs("\n".join(one.paragraphs))) for one in more),
        ("有关要求", "", _paragraphs(event.note)),
        ("联系方式", f"{without_mobile(event.contact)}。" if event.contact else "", ()),
    ]
    return [matter for matter in matters if matter[1].strip("。 ") or matter[2]]


def without_mobile(text: str) -> str:
    """Return a contact without mobile numbers; offices have lines of their own."""
    return _MOBILE.sub("", text).strip(" ，,、；;：:（）()")


def _addressees(event: Event) -> str:
    match event.audience:
        case Audience.DUE:
            return "、".join(row.organisation.name for row in event.due_organisations)
        case Audience.INVITED:
            return "各位受邀同志"
        case Audience.OPEN:
            return "各党支部、各有关单位"


def _meant(event: Event) -> str:
    limit = f"，限 {event.capacity} 人" if event.capacity else ""
    match event.audience:
        case Audience.DUE:
            return f"以上组织的全体党员{limit}"
        case Audience.INVITED:
            return f"受邀人员{limit}"
        case Audience.OPEN:
            close = clock.local(event.signup_closes())
            until = f"{close.month}月{close.day}日 {close:%H:%M}"
            return f"自愿报名{limit}，{until}前在门户报名，也可以请所在支部代为报名"


def _span(event: Event) -> str:
    start, end = clock.local(event.starts_at), clock.local(event.ends_at)
    until = "" if end.date() == start.date() else _day(end)
    weekday = _WEEKDAYS[start.weekday()]
    return f"{_day(start)}（星期{weekday}）{start.hour}:{start:%M}至{until}{end.hour}:{end:%M}"


def _day(local: datetime) -> str:
    """Return 2026年11月24日: Arabic figures, no leading zeros (GB/T 9704, DOMAIN 3.7)."""
    return f"{local.year}年{local.month}月{local.day}日"


def _item(item: Item) -> str:
    speaker = f"（{item.speaker}）" if item.speaker else ""
    return f"{item.time} {item.text}{speaker}".strip()


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(
        without_mobile(line) if _MOBILE.search(line) else line.strip()
        for line in text.splitlines()
        if line.strip()
    )
