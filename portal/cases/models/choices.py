"""The closed sets of cases (DOMAIN 2.12)."""

from enum import StrEnum


class CaseSource(StrEnum):
    """Where a case comes from."""

    HOTLINE = "hotline"
    SUPERVISION = "supervision"
    VISIT = "visit"
    SEMINAR = "seminar"
    LESSON = "lesson"
    GRID = "grid"
    MAILBOX = "mailbox"

    @property
    def label(self) -> str:
        """Chinese name of the source."""
        return {
            "hotline": "热线转办",
            "supervision": "督查室",
            "visit": "走访",
            "seminar": "座谈",
            "lesson": "党课",
            "grid": "网格",
            "mailbox": "书记信箱",
        }[self.value]


class CaseKind(StrEnum):
    """What was said: the four asks, and complaints."""

    QUESTION = "question"
    SUGGESTION = "suggestion"
    COMPLAINT = "complaint"
    DIFFICULTY = "difficulty"
    NEED = "need"
    POLICY = "policy"

    @property
    def label(self) -> str:
        """Chinese name of the kind."""
        return {
            "question": "问题",
            "suggestion": "建议",
            "complaint": "投诉",
            "difficulty": "困难",
            "need": "需求",
            "policy": "问政策",
        }[self.value]


class CaseLevel(StrEnum):
    """Whose strength it takes: 小事不出网格、社区，大事不出街道."""

    GRID = "grid"
    COMMUNITY = "community"
    SUB_DISTRICT = "sub_district"
    DISTRICT = "district"
    CITY = "city"

    @property
    def label(self) -> str:
        """Chinese name of the level."""
        return {
            "grid": "网格",
            "community": "社区",
            "sub_district": "街道",
            "district": "区级",
            "city": "市级",
        }[self.value]


class CaseState(StrEnum):
    """What was decided about a case; what the clock adds is `CasePhase`."""

    REGISTERED = "registered"
    RETURNED = "returned"
    WORKING = "working"
    REWORK = "rework"
    SETTLED = "settled"
    EXPLAINED = "explained"
    CLOSED = "closed"
    VOID = "void"


class CasePhase(StrEnum):
    """What a reader is told: the state and the clock together."""

    REGISTERED = "registered"
    RETURNED = "returned"
    WORKING = "working"
    TAKEN_BACK = "taken_back"
    REWORK = "rework"
    SETTLED = "settled"
    EXPLAINED = "explained"
    UNANSWERED = "unanswered"
    CLOSED = "closed"
    VOID = "void"

    @property
    def label(self) -> str:
        """Chinese word for the badge."""
        return {
            "registered": "待受理",
            "returned": "已退单",
            "working": "办理中",
            "taken_back": "带回研究",
            "rework": "重办中",
            "settled": "已办结，待回访",
            "explained": "已说明，待回访",
            "unanswered": "未回访",
            "closed": "已销号",
            "void": "已作废",
        }[self.value]


# What the unit still has to do; what the asker still has to be asked; what is over.
AT_WORK = frozenset({CaseState.REGISTERED, CaseState.WORKING, CaseState.REWORK})
DONE_BY_UNIT = frozenset({CaseState.SETTLED, CaseState.EXPLAINED})
OVER = frozenset({CaseState.CLOSED, CaseState.VOID})


class Course(StrEnum):
    """Settled where it was said, or taken back and followed (news report S3)."""

    ON_SITE = "on_site"
    TAKEN_BACK = "taken_back"

    @property
    def label(self) -> str:
        """Chinese words."""
        return {"on_site": "当场办结", "taken_back": "带回"}[self.value]


class AskerSight(StrEnum):
    """How much of the asker is kept and shown."""

    NAMED = "named"
    MASKED = "masked"
    ANONYMOUS = "anonymous"

    @property
    def label(self) -> str:
        """Chinese words for whoever registers."""
        return {
            "named": "实名",
            "masked": "隐去姓名（只有承办人和社区看得到）",
            "anonymous": "匿名（不留姓名和电话）",
        }[self.value]


class Openness(StrEnum):
    """Who may read a case beside those whose business it is (公开范围)."""

    UNITS = "units"
    COMMUNITY = "community"
    MEMBERS = "members"

    @property
    def label(self) -> str:
        """Chinese words."""
        return {
            "units": "只有办理单位",
            "community": "本社区的党员",
            "members": "全体党员",
        }[self.value]


class Satisfaction(StrEnum):
    """What the asker says at the call-back; never filled in for somebody who was not asked."""

    SATISFIED = "satisfied"
    FAIRLY = "fairly"
    NOT = "not"

    @property
    def label(self) -> str:
        """Chinese word."""
        return {"satisfied": "满意", "fairly": "基本满意", "not": "不满意"}[self.value]


class CallBackMethod(StrEnum):
    """How the asker was asked."""

    PHONE = "phone"
    VISIT = "visit"
    EVENT = "event"
    CODE = "code"

    @property
    def label(self) -> str:
        """Chinese words."""
        return {"phone": "电话", "visit": "上门", "event": "当面", "code": "本人凭查询码"}[
            self.value
        ]


class Counting(StrEnum):
    """What a limit is counted in."""

    HOURS = "hours"
    WORKING_DAYS = "working_days"
    NATURAL_DAYS = "natural_days"

    @property
    def label(self) -> str:
        """Chinese unit."""
        return {"hours": "小时", "working_days": "个工作日", "natural_days": "个自然日"}[self.value]


class Mark(StrEnum):
    """Yellow shortly before the deadline, red from the first overdue working day on."""

    YELLOW = "yellow"
    RED = "red"

    @property
    def label(self) -> str:
        """Chinese word for the badge."""
        return {"yellow": "黄牌", "red": "红牌"}[self.value]


class Move(StrEnum):
    """What may be done with a case: one step of its log."""

    REGISTER = "register"
    ASSIGN = "assign"
    ACCEPT = "accept"
    RETURN = "return"
    TAKE_BACK = "take_back"
    REPORT = "report"
    ASK_EXTENSION = "ask_extension"
    EXTEND = "extend"
    REFUSE_EXTENSION = "refuse_extension"
    SETTLE = "settle"
    EXPLAIN = "explain"
    NO_ANSWER = "no_answer"
    CLOSE = "close"
    REDO = "redo"
    REOPEN = "reopen"
    VOID = "void"
    SUPPLEMENT = "supplement"

    @property
    def label(self) -> str:
        """Chinese verb, as the log and the buttons say it."""
        return {
            "register": "登记",
            "assign": "交办",
            "accept": "受理",
            "return": "退单",
            "take_back": "带回研究",
            "report": "报告进展",
            "ask_extension": "申请延期",
            "extend": "同意延期",
            "refuse_extension": "不同意延期",
            "settle": "办结",
            "explain": "说明情况",
            "no_answer": "回访未接通",
            "close": "回访销号",
            "redo": "退回重办",
            "reopen": "重新打开",
            "void": "作废",
            "supplement": "补充",
        }[self.value]

    @property
    def act(self) -> str:
        """Name of the step in the audit chain."""
        return f"case.{self.value}"
