"""The rules that the portal ships (DOMAIN 2.6, 5.1), until an office enters its own.

They are no rows: a later version may name a better source. What an office enters is dated and
wins over them from its day on; nothing is overwritten.
"""

from datetime import date

from portal.hours.engine import Conversion
from portal.hours.kinds import Category, Source
from portal.hours.thresholds import Threshold

_SINCE = date(2019, 5, 6)
_USUAL = "通行折算：每小时 1 学时，半天 4 学时，一天 8 学时（源于单位学时认定办法，待主管部门核定）"
_NO_STUDY = "不属于集中学习培训，默认不计学时（待主管部门核定）"
_ALONE = "自学和网络学习一般不计入年度集中学习培训学时，默认不计（待主管部门核定）"
_ACTIVITY = "按通行折算，实践活动每半天 4 学时，不足半天每小时 1 学时（待主管部门核定）"
_MADE_UP = "补课按登记的学时计，不超过原活动（待主管部门核定）"


def _usual(source: Source, citation: str = _USUAL) -> Conversion:
    return Conversion(None, source, "", _SINCE, citation=citation)


def _nothing(source: Source, citation: str) -> Conversion:
    return Conversion(None, source, "", _SINCE, 0, 0, 0, citation=citation)


CONVERSIONS = (
    _usual(Source.LESSON),
    _usual(Source.SEMINAR),
    _usual(Source.SITE_VISIT, _ACTIVITY),
    _usual(Source.MEETING),
    _usual(Source.THEME_DAY),
    _usual(Source.SURVEY, _ACTIVITY),
    _nothing(Source.HOME_VISIT, _NO_STUDY),
    _nothing(Source.FAIR, _NO_STUDY),
    _usual(Source.COURSE),
    _usual(Source.LECTURE),
    _nothing(Source.ONLINE, _ALONE),
    _usual(Source.MAKE_UP, _MADE_UP),
    _nothing(Source.SELF_STUDY, _ALONE),
)

THRESHOLDS = (
    Threshold(
        None, Category.MEMBER, "", 2019, 64, citation="《中国共产党党员教育管理工作条例》第二十条"
    ),
    Threshold(
        None,
        Category.OFFICER,
        "",
        2019,
        112,
        concentrated=1,
        citation="全国党员教育培训工作五年规划：书记和班子成员每年不少于 56 学时，"
        "至少参加 1 次集中培训（待与上级文件核对）",
    ),
)
