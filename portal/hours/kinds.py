"""The closed sets of study hours, and how hours are written. Pure."""

from enum import StrEnum

HALVES_A_HOUR = 2


class Source(StrEnum):
    """Where hours come from: the kinds of events, and what is no event of the portal."""

    LESSON = "lesson"
    SEMINAR = "seminar"
    SITE_VISIT = "site_visit"
    MEETING = "meeting"
    THEME_DAY = "theme_day"
    SURVEY = "survey"
    HOME_VISIT = "home_visit"
    FAIR = "fair"
    COURSE = "course"
    LECTURE = "lecture"
    ONLINE = "online"
    MAKE_UP = "make_up"
    SELF_STUDY = "self_study"

    @property
    def label(self) -> str:
        """Chinese name of the source."""
        return {
            "lesson": "主题党课",
            "seminar": "研讨座谈",
            "site_visit": "参观走访",
            "meeting": "组织会议",
            "theme_day": "主题党日",
            "survey": "实地调研",
            "home_visit": "入户走访",
            "fair": "集市活动",
            "course": "集中培训班",
            "lecture": "报告会、讲座",
            "online": "网络学习",
            "make_up": "补课（送学、他场）",
            "self_study": "补课（自学、录像）",
        }[self.value]


# What people enter themselves: training that was no event of the portal (DOMAIN 2.6).
TRAININGS = (Source.COURSE, Source.LECTURE, Source.ONLINE)
MAKE_UPS = frozenset({Source.MAKE_UP, Source.SELF_STUDY})


class Category(StrEnum):
    """Whose threshold it is."""

    MEMBER = "member"
    OFFICER = "officer"

    @property
    def label(self) -> str:
        """Chinese name of the category."""
        return {"member": "普通党员", "officer": "书记和班子成员"}[self.value]


class Unit(StrEnum):
    """In what the length of other training is told."""

    DAY = "day"
    HALF_DAY = "half_day"
    HOUR = "hour"

    @property
    def label(self) -> str:
        """Chinese word."""
        return {"day": "天", "half_day": "个半天", "hour": "小时"}[self.value]

    @property
    def most_a_day(self) -> int:
        """How many of them a calendar day can hold."""
        return {"day": 1, "half_day": 2, "hour": 8}[self.value]


class Cause(StrEnum):
    """What made hours change."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    RULE = "rule"
    MAKE_UP = "make_up"
    TRAINING = "training"
    RECOUNT = "recount"

    @property
    def label(self) -> str:
        """Chinese words for the log."""
        return {
            "confirmed": "名册确认",
            "corrected": "名册更正",
            "rule": "折算规则有变",
            "make_up": "补课登记",
            "training": "其他培训认定",
            "recount": "重新核算",
        }[self.value]


class TrainingState(StrEnum):
    """Where other training stands."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """Chinese word for the badge."""
        return {
            "waiting": "待认定",
            "confirmed": "已认定",
            "refused": "未认定",
            "withdrawn": "已撤回",
        }[self.value]


def hours_words(halves: int) -> str:
    """Return halves as hours are written: 0, 1.5, 32."""
    whole, half = divmod(abs(halves), HALVES_A_HOUR)
    return f"{'-' if halves < 0 else ''}{whole}{'.5' if half else ''}"
