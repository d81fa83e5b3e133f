"""What each kind of record asks for, and why; the outline it begins with. Pure (DOMAIN 2.2)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from portal.events.models import EventKind
from portal.records.models import RecordKind

Kind = RecordKind

# A record is finished within 48 hours (DOMAIN 2.3); one begun later is marked 补录.
RECORDED_WITHIN = timedelta(hours=48)
# A meeting may run over; what is taken down later than this was not taken down at it.
SAID_WITHIN = timedelta(hours=2)

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "kind": "记录种类",
        "title": "会议名称",
        "starts_at": "开始时间",
        "ends_at": "结束时间",
        "place": "地点",
        "chair": "主持人",
        "recorder": "记录人",
        "agenda": "议题、议程",
        "reported": "报告、传达、授课内容",
        "discussion": "讨论发言",
        "conclusion": "决议和小结",
        "late_reason": "补录原因",
        "roll": "名册",
        "statements": "逐条发言",
        "votes": "表决",
        "resolutions": "决议事项",
    }
)

# Asked of every record, whatever its kind.
_ALWAYS: Mapping[str, str] = MappingProxyType(
    {
        "title": "记录簿按名称和届次查找",
        "place": "记录要写明在哪里开，具体到房间",
        "chair": "主持人对会议负责，并要确认记录",
        "recorder": "记录人对记录负责，并要确认记录",
        "agenda": "要看得出这次会议讨论什么",
    }
)
_MEETING = {"conclusion": "会议议定了什么，要有结论"}
_TAUGHT = {"reported": "讲了什么、学了什么，是这类活动的正文"}
_TALKED = {"discussion": "有言必录，讨论发言是这类会议的正文"}
_COUNTED = {"votes": "表决要有应到、实到和票数，才看得出是否有效"}

_ALSO: Mapping[RecordKind, Mapping[str, str]] = MappingProxyType(
    {
        Kind.BRANCH_CONGRESS: _MEETING,
        Kind.BRANCH_COMMITTEE: _MEETING,
        Kind.GROUP_MEETING: _TALKED,
        Kind.PARTY_LESSON: _TAUGHT,
        Kind.THEME_DAY: _TAUGHT,
        Kind.ORG_LIFE_MEETING: {**_TALKED, **_MEETING},
        Kind.MEMBER_APPRAISAL: {**_TALKED, "conclusion": "评议结果要写明"},
        Kind.ELECTION: {**_COUNTED, "conclusion": "选举结果要写明"},
        Kind.HEART_TALK: _TALKED,
        Kind.TRAINING_CLASS: _TAUGHT,
        Kind.SCENARIO_LESSON: _TAUGHT,
        Kind.SEMINAR: {"discussion": "座谈要有发言：逐条记下，或写在这里"},
        Kind.VOLUNTEER_EVENT: {"conclusion": "做了什么、效果怎样，要写明"},
        Kind.OTHER: {},
    }
)


def required(kind: RecordKind) -> Mapping[str, str]:
    """Return the fields without which a record of this kind is not confirmed, each with why."""
    return {**_ALWAYS, **_ALSO[kind]}


class Outline(NamedTuple):
    """What the empty parts of a new record begin with."""

    reported: str = ""
    discussion: str = ""
    conclusion: str = ""


_OUTLINES: Mapping[RecordKind, Outline] = MappingProxyType(
    {
        Kind.BRANCH_CONGRESS: Outline(
            "一、报告事项\n\n二、提请讨论的事项\n",
            "",
            "会议决定：\n\n主持人小结：\n",
        ),
        Kind.BRANCH_COMMITTEE: Outline(
            "", "议题一：\n\n议题二：\n", "会议议定：\n\n主持人小结：\n"
        ),
        Kind.GROUP_MEETING: Outline("学习内容：\n", "", "小结：\n"),
        Kind.PARTY_LESSON: Outline("主讲人：\n\n授课要点：\n一、\n二、\n三、\n", "", "小结：\n"),
        Kind.THEME_DAY: Outline("集中学习：\n\n组织生活：\n\n实践活动：\n", "", "小结：\n"),
        Kind.ORG_LIFE_MEETING: Outline(
            "会前准备情况：\n", "班子对照检查：\n\n个人发言和相互批评：\n", "整改事项：\n"
        ),
        Kind.MEMBER_APPRAISAL: Outline("", "个人自评：\n\n党员互评：\n", "评议结果：\n"),
        Kind.ELECTION: Outline("候选人产生经过：\n", "", "选举结果：\n"),
        Kind.HEART_TALK: Outline("", "谈话对象：\n\n谈话内容：\n\n意见建议：\n", ""),
        Kind.TRAINING_CLASS: Outline("课程和授课人：\n\n要点：\n", "", "考核和小结：\n"),
        Kind.SCENARIO_LESSON: Outline("讲授要点：\n\n参观点位：\n", "", "现场研讨小结：\n"),
        Kind.SEMINAR: Outline("情况介绍：\n", "", "主持人小结：\n"),
        Kind.VOLUNTEER_EVENT: Outline("服务内容：\n", "", "服务成效：\n"),
        Kind.OTHER: Outline(),
    }
)


def outline(kind: RecordKind) -> Outline:
    """Return the outline of a kind; headings alone count as nothing written."""
    return _OUTLINES[kind]


def has_words(text: str, kind: RecordKind, part: str, began_with: str = "") -> bool:
    """Return whether something was written into a part beside the headings of its outline.

    `began_with` are the lines of the template with which the record began.
    """
    given: str = getattr(outline(kind), part, "")
    headings = {line.strip() for line in (*given.splitlines(), *began_with.splitlines())}
    return any(line.strip() not in headings for line in text.splitlines() if line.strip())


_USUAL: Mapping[EventKind, RecordKind] = MappingProxyType(
    {
        EventKind.LESSON: Kind.PARTY_LESSON,
        EventKind.SEMINAR: Kind.SEMINAR,
        EventKind.SITE_VISIT: Kind.SCENARIO_LESSON,
        EventKind.MEETING: Kind.BRANCH_CONGRESS,
        EventKind.THEME_DAY: Kind.THEME_DAY,
        EventKind.SURVEY: Kind.SEMINAR,
        EventKind.HOME_VISIT: Kind.OTHER,
        EventKind.FAIR: Kind.VOLUNTEER_EVENT,
    }
)


def usual(kind: EventKind) -> RecordKind:
    """Return the kind of record that such an event usually has."""
    return _USUAL[kind]


def is_begun_late(ends_at: datetime, moment: datetime) -> bool:
    """Return whether a record begun at that moment is a 补录."""
    return moment > ends_at + RECORDED_WITHIN


def is_said_late(ends_at: datetime, moment: datetime) -> bool:
    """Return whether a statement taken down at that moment was not taken down at the meeting."""
    return moment > ends_at + SAID_WITHIN
