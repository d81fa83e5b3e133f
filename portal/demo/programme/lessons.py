"""The three scenario lessons of the sub-district, and lessons of the branches."""

from portal.demo import organisations as places
from portal.demo.programme.plan import Calendar, EventPlan
from portal.events.models import Audience, EventKind

LESSON = EventKind.LESSON

_SERIES_AGENDA = """+0 党群服务中心集合，介绍社区基层党建工作
+40 步行至鲁商首府小区红色物业示范点，看物业、居委会、业委会联席议事
+90 步行至一家亲为老服务中心党支部，看社会组织为老服务
+130 乘车至中国水准零点，看全国科普教育示范基地和新时代文明实践
+170 现场交流，返程"""
_SERIES_SUMMARY = """党建引领主题系列党课采用“课堂讲授、实地走看、现场交流”的方式，一次走完三个点位：鲁商首府小区红色物业示范点、一家亲为老服务中心党支部、中国水准零点。

请穿便于步行的鞋，自带水杯。路线全程约 3 公里，行动不便的同志可以乘车前往各点位。"""
_CENSUS_SUMMARY = """体验普查员的工作：两人一组，一人读、一人录，用终端逐项录入演练用的居民信息，一个字不能错，一个选项不能错。录入完成后交换回读、逐项核对。

演练数据均为虚构，不录入任何真实的居民信息。"""
_CENSUS_AGENDA = """+0 普查指导员讲解登记要求
+30 分组录入
+90 回读核对
+120 交流体会，小结"""
_SUMMIT_SUMMARY = """在奥帆中心现场讲授街道发挥峰会效应、服务经济发展的具体举措，走访新时代结婚礼堂和新时代文明实践宣讲基地，到情人坝休闲风情一条街了解业户经营情况。

请各单位报名人员提前准备一至两个想了解的问题。"""
_SUMMIT_AGENDA = """+0 奥帆中心集合，介绍峰会效应与辖区经济
+50 参观新时代结婚礼堂、文明实践宣讲基地
+90 走进情人坝休闲风情一条街，与业户交流
+150 小结"""
_HALL = "汕头路社区党群服务中心二楼报告厅"


def scenario_lessons(day: Calendar) -> list[EventPlan]:
    """Return every giving of the three scenario lessons, past, present and to come."""
    return [*_series(day), *_census(day), *_summit(day)]


def _series(day: Calendar) -> list[EventPlan]:
    def lesson(number: str, theme: str, **values: object) -> EventPlan:
        given = {
            "title": f"党建引领主题系列党课·第{number}讲：{theme}",
            "kind": LESSON,
            "host": places.SHANTOU,
            "place": _HALL,
            "minutes": 180,
            "summary": _SERIES_SUMMARY,
            "agenda": _SERIES_AGENDA,
            "lecturer": "季春和（汕头路社区党委书记）",
            "contact": "汕头路社区党群服务中心，总机转 8101",
            "capacity": 40,
            "pool": places.SHANTOU,
            **values,
        }
        return EventPlan(**given)  # type: ignore[arg-type]

    first = ("member1", "member4", "member7", "keeper")
    return [
        lesson(
            "一",
            "社区党委怎样聚起管区资源",
            lesson="resources",
            starts_at=day.week(-9, 3, "9:00"),
            signed_up=(*first, "visitor"),
            crowd=31,
        ),
        lesson(
            "二",
            "小区里的红色物业",
            lesson="property",
            starts_at=day.week(-5, 3, "9:00"),
            signed_up=(*first, "officer", "member2"),
            crowd=34,
            leavers=2,
            corrected=True,
            feedback="lesson",
        ),
        lesson(
            "三",
            "共建共治共享的一条街",
            lesson="street",
            starts_at=day.started_just_now(),
            signed_up=("member1", "member2", "member3", "member5", "member8", "visitor", "keeper"),
            crowd=37,
            too_late=("member10",),
            leavers=2,
            closes_hours=2,
        ),
        lesson(
            "四",
            "社会组织怎样为老服务",
            lesson="elders",
            starts_at=day.on(8, "9:00"),
            signed_up=("member3", "member5", "member6", "member9", "branch"),
            crowd=21,
            closes_hours=24,
        ),
        lesson(
            "五",
            "网格里的新时代文明实践",
            starts_at=day.on(36, "9:00"),
            lead_days=40,
            opens_days=15,
        ),
    ]


def _census(day: Calendar) -> list[EventPlan]:
    def lesson(**values: object) -> EventPlan:
        given = {
            "title": "人口普查信息录入体验党课",
            "kind": LESSON,
            "host": places.HAIKOU,
            "place": "海口路社区电子阅览室",
            "minutes": 150,
            "summary": _CENSUS_SUMMARY,
            "agenda": _CENSUS_AGENDA,
            "lecturer": "宫玉宁（海口路社区党委书记）、普查指导员",
            "lesson": "census",
            "contact": "海口路社区，总机转 8201",
            "note": "每台终端坐一人，名额以终端数为限；请带老花镜。",
            "capacity": 24,
            **values,
        }
        return EventPlan(**given)  # type: ignore[arg-type]

    return [
        lesson(
            starts_at=day.week(-7, 2, "14:00"),
            signed_up=("member11", "member14", "chief-2", "chief-6", "member2"),
            crowd=22,
            leavers=3,
            pool=places.HAIKOU,
        ),
        lesson(
            starts_at=day.on(5, "14:00"),
            signed_up=("member12", "member13", "member15", "member17", "visitor", "office"),
            crowd=24,
            leavers=2,
            too_late=("member2", "member11"),
        ),
        lesson(
            starts_at=day.on(26, "14:00"),
            lead_days=30,
            signed_up=("member18",),
            crowd=5,
            pool=places.HAIKOU,
        ),
    ]


def _summit(day: Calendar) -> list[EventPlan]:
    def lesson(**values: object) -> EventPlan:
        given = {
            "title": "经济发展峰会效应党课",
            "kind": LESSON,
            "host": places.OFFICE,
            "place": "奥帆中心旗阵广场集合",
            "minutes": 165,
            "summary": _SUMMIT_SUMMARY,
            "agenda": _SUMMIT_AGENDA,
            "lecturer": "安立舟（珠海路街道组织办主任）",
            "lesson": "summit",
            "contact": "街道组织办，总机转 8012",
            "capacity": 50,
            **values,
        }
        return EventPlan(**given)  # type: ignore[arg-type]

    return [
        lesson(
            starts_at=day.week(-3, 4, "14:30"),
            signed_up=("visitor", "officer", "chief-2", "chief-3", "secretary", "member13"),
            crowd=37,
            leavers=1,
            feedback="general",
            feedback_days=30,
        ),
        lesson(
            starts_at=day.on(15, "14:30"),
            lead_days=20,
            signed_up=("chief-4", "secretary2", "officer", "member10", "member18", "member20"),
            crowd=26,
        ),
    ]


def branch_lessons(day: Calendar) -> list[EventPlan]:
    """Return lessons that branches and centres give by themselves."""
    return [
        EventPlan(
            title="微党课：一枚党员徽章的故事",
            kind=LESSON,
            host="ZHL-01-01",
            starts_at=day.later_today(),
            minutes=60,
            place="汕头路社区第一党支部活动室",
            summary="三位老党员各讲十五分钟：入党那一天、最难的一件事、最想对年轻人说的话。",
            agenda="开场\n三位老党员讲述\n青年党员提问\n小结",
            lecturer="郝建川（党支部书记）",
            lesson="badge",
            contact="第一党支部，总机转 8111",
            capacity=30,
            signed_up=("member2", "member3", "secretary"),
            crowd=14,
            pool="ZHL-01-01",
            closes_hours=None,
        ),
        EventPlan(
            title="青年党员读书会：读懂社区治理",
            kind=LESSON,
            host="ZHL-01-03",
            starts_at=day.on(2, "19:00"),
            minutes=90,
            place="鲁商首府小区红色书屋",
            summary="共读一篇社区治理案例，每人讲五分钟，讲自己楼院里的一件事。",
            capacity=16,
            signed_up=("member7", "member1"),
            crowd=9,
            pool=places.SHANTOU,
        ),
        EventPlan(
            title="老年人智能手机课堂",
            kind=LESSON,
            host=places.ELDER_CARE,
            starts_at=day.on(3, "9:30"),
            minutes=90,
            place="一家亲为老服务中心一楼活动厅",
            lesson="phones",
            summary="学三件事：视频通话、预约挂号、识别诈骗短信。志愿者一对一帮助，手机请带充电线。",
            capacity=20,
            signed_up=("member8", "member4", "resident-1"),
            crowd=13,
            pool=places.SHANTOU,
        ),
        EventPlan(
            title="海洋科普党课：从水准零点说起",
            kind=LESSON,
            host=places.AOMEN,
            starts_at=day.week(-2, 5, "9:30"),
            minutes=120,
            place="中国水准零点（银海大世界院内）",
            summary="全国的海拔从哪里量起？在水准零点听一堂科普课，了解验潮、测绘和守护海岸线的故事。",
            capacity=45,
            signed_up=("member19",),
            crowd=36,
        ),
        EventPlan(
            title="消防安全与高层自救实训课",
            kind=LESSON,
            host=places.XINJIAZHUANG,
            starts_at=day.on(1, "15:00"),
            minutes=120,
            place="辛家庄社区广场",
            summary="消防救援站教官现场教学：灭火器使用、烟道逃生、电动车充电安全检查。",
            capacity=60,
            signed_up=("member14", "member16", "member19", "member20"),
            crowd=33,
        ),
        EventPlan(
            title="十堂红色故事课·第一堂（上年度）",
            kind=LESSON,
            host=places.SHANTOU,
            starts_at=day.on(-398, "14:30"),
            minutes=120,
            place=_HALL,
            signed_up=("member1", "member2", "member4", "branch"),
            crowd=28,
            pool=places.SHANTOU,
        ),
        EventPlan(
            title="年度轮训：基层党务工作者培训",
            kind=LESSON,
            host=places.OFFICE,
            starts_at=day.on(-372, "8:30"),
            minutes=210,
            place="街道办事处三楼会议室",
            audience=Audience.INVITED,
            invited=("secretary", "secretary2", "branch", "keeper", "member1", "member11"),
            signed_up=("secretary", "secretary2", "branch", "keeper", "member11"),
        ),
    ]
