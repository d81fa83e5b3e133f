"""Which lessons there are, who writes and who reviews them, and how far each is."""

from dataclasses import dataclass, field
from enum import StrEnum

from portal.demo import organisations as places
from portal.demo.lessons import texts
from portal.lessons.models import LecturerOrigin, LessonForm

SERIES = {
    "leading": (
        "党建引领主题系列党课",
        places.SHANTOU,
        "五讲走完一条街：从社区党委怎样聚起资源，到小区、为老服务中心和水准零点，边走边看，边看边议。",
    ),
    "short": (
        "十分钟微党课",
        "ZHL-01-01",
        "老党员讲自己的故事，一次十分钟，讲完青年党员提问。",
    ),
}


class Stage(StrEnum):
    """How far the lesson of the demo is."""

    PUBLISHED = "published"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    DRAFT = "draft"


@dataclass(frozen=True)
class LessonPlan:
    """One lesson of the demo; people are named by account name."""

    title: str
    owner: str
    writer: str
    reviewer: str
    form: LessonForm
    # So many days ago it was begun; reviewed two days later.
    days_ago: int
    stage: Stage = Stage.PUBLISHED
    series: str = ""
    lecturer: str = ""
    lecturer_unit: str = ""
    lecturer_post: str = ""
    origin: LecturerOrigin = LecturerOrigin.INSIDE
    approval: tuple[str, str] = ("", "")
    audience: str = "机关干部、社区党员和居民代表"
    minutes: int | None = 120
    halves: int | None = 4
    # The name of the route that it follows.
    route: str = ""
    takeaway: str = ""
    questions: tuple[str, ...] = ()
    policy: tuple[str, str] = ("", "")
    body: str = ""
    remark: str = ""
    # Titles of the library's materials, and the picture that the last version has on its cover.
    materials: tuple[str, ...] = ()
    cover: str = ""
    # What was changed so many days ago, and published anew.
    revised: dict[str, str] = field(default_factory=dict)
    revised_days_ago: int = 0


HOURS_RULE = "集体学习每小时计 1 学时"
_BASIS = ("基层党组织每年要有计划地开展主题党课，党员每年集中学习培训时间一般不少于 32 学时。", "")

# By key: events of the demo name the lesson that they give.
LESSONS = {
    "resources": LessonPlan(
        title="社区党委怎样聚起管区资源",
        owner=places.SHANTOU,
        writer="secretary",
        reviewer="office",
        form=LessonForm.LECTURE,
        days_ago=82,
        series="leading",
        lecturer="季春和",
        lecturer_unit="汕头路社区",
        lecturer_post="党委书记",
        minutes=180,
        halves=6,
        takeaway="知道一个社区有哪些可以叫得动的力量，回去能画出自己楼院的一张“资源图”。",
        questions=(
            "您的单位能给社区带来什么？社区能给您的单位带来什么？",
            "兼职委员怎样才不是挂名？",
            "一件事需要三家单位一起办，谁来牵头、谁来收尾？",
        ),
        policy=_BASIS,
        body=texts.RESOURCES,
    ),
    "property": LessonPlan(
        title="小区里的红色物业",
        owner=places.SHANTOU,
        writer="secretary",
        reviewer="office",
        form=LessonForm.ON_SITE,
        days_ago=58,
        series="leading",
        lecturer="季春和",
        lecturer_unit="汕头路社区",
        lecturer_post="党委书记",
        minutes=180,
        halves=6,
        takeaway="看懂“三方联席”怎样开、怎样记、怎样销号，学会把一件物业投诉办到底。",
        questions=(
            "物业、居委会、业委会意见不一致时，听谁的？",
            "哪些事应该当场办结，哪些事应该带回去？",
        ),
        policy=_BASIS,
        body=texts.PROPERTY,
        revised={"body": texts.PROPERTY_REVISED, "audience": "机关干部、物业企业和社区党员"},
        revised_days_ago=12,
        cover="鲁商首府小区外景",
    ),
    "street": LessonPlan(
        title="共建共治共享的一条街",
        owner=places.SHANTOU,
        writer="secretary",
        reviewer="office",
        form=LessonForm.WALKING,
        days_ago=31,
        series="leading",
        lecturer="季春和",
        lecturer_unit="汕头路社区",
        lecturer_post="党委书记",
        minutes=180,
        halves=6,
        route="党建引领情景党课路线",
        takeaway="用一上午走完三个点位，说得出小区、为老服务中心和水准零点各解决了什么问题。",
        questions=(
            "一路看下来，哪一处最值得带回自己的单位？",
            "哪一处还不够好？给出一条能马上做的建议。",
        ),
        policy=_BASIS,
        body=texts.STREET,
        materials=("党建引领主题系列党课讲稿", "行走路线提示（发给参加的人）", "点位路线与时间表"),
    ),
    "elders": LessonPlan(
        title="社会组织怎样为老服务",
        owner=places.SHANTOU,
        writer="secretary",
        reviewer="office",
        form=LessonForm.SCENARIO,
        days_ago=16,
        series="leading",
        lecturer="季春和",
        lecturer_unit="汕头路社区",
        lecturer_post="党委书记",
        minutes=120,
        takeaway="分清政府兜底、社会组织承接、邻里互助各管哪一段，认领一户“敲门问候”。",
        questions=("老人最怕麻烦别人的是哪一件事？", "社会组织接不住的时候，谁来补位？"),
        body=texts.ELDERS,
    ),
    "practice": LessonPlan(
        title="网格里的新时代文明实践",
        owner=places.SHANTOU,
        writer="secretary",
        reviewer="office",
        form=LessonForm.ON_SITE,
        days_ago=4,
        stage=Stage.IN_REVIEW,
        series="leading",
        lecturer="季春和",
        lecturer_unit="汕头路社区",
        lecturer_post="党委书记",
        takeaway="看一个网格怎样把志愿服务排进日历，而不是排进总结。",
        questions=("一张志愿服务的排班表，最难填满的是哪一格？",),
        body=texts.PRACTICE,
    ),
    "census": LessonPlan(
        title="人口普查信息录入体验党课",
        owner=places.HAIKOU,
        writer="secretary2",
        reviewer="office",
        form=LessonForm.HANDS_ON,
        days_ago=76,
        lecturer="宫玉宁",
        lecturer_unit="海口路社区",
        lecturer_post="党委书记",
        minutes=150,
        halves=5,
        takeaway="亲手录一遍才知道，一个字、一个选项都不能错，背后是多少次核对。",
        questions=("哪一项最容易录错？为什么？", "怎样设计一张表，才能让人不容易填错？"),
        policy=("普查登记以户为单位，如实、逐项填报；演练一律使用虚构信息。", ""),
        body=texts.CENSUS,
    ),
    "summit": LessonPlan(
        title="经济发展峰会效应党课",
        owner=places.HAIKOU,
        writer="secretary2",
        reviewer="office",
        form=LessonForm.SCENARIO,
        days_ago=40,
        lecturer="安立舟",
        lecturer_unit="珠海路街道组织办",
        lecturer_post="主任",
        minutes=165,
        halves=5,
        audience="市直机关干部、企业负责人",
        route="向海而兴峰会效应路线",
        takeaway="在奥帆中心看清一场峰会怎样变成一条街的生意，把业户的难处原样带回去。",
        questions=("业户说的困难里，哪些是您的部门能办的？", "“第一手资料”怎样记，才不走样？"),
        body=texts.SUMMIT,
    ),
    "badge": LessonPlan(
        title="一枚党员徽章的故事",
        owner="ZHL-01-01",
        writer="branch",
        reviewer="secretary",
        form=LessonForm.MICRO,
        days_ago=18,
        series="short",
        lecturer="郝建川",
        lecturer_unit="汕头路社区第一党支部",
        lecturer_post="书记",
        audience="本支部党员",
        minutes=60,
        halves=2,
        takeaway="三位老党员，三个瞬间，一句想对年轻人说的话。",
        questions=("您入党那一天，最想对谁说？",),
        body=texts.BADGE,
    ),
    "reading": LessonPlan(
        title="红色书屋里的十分钟",
        owner="ZHL-01-01",
        writer="branch",
        reviewer="secretary",
        form=LessonForm.MICRO,
        days_ago=5,
        stage=Stage.RETURNED,
        series="short",
        lecturer="郝建川",
        lecturer_unit="汕头路社区第一党支部",
        lecturer_post="书记",
        audience="青年党员",
        minutes=30,
        halves=1,
        takeaway="读一页书，说一件身边的事。",
        body=texts.READING,
        remark="第二段的数字没有出处，请核对；结尾加一道研讨题。其余很好，改完再交。",
    ),
    "phones": LessonPlan(
        title="老年人智能手机课堂",
        owner=places.ELDER_CARE,
        writer="secretary",
        reviewer="office",
        form=LessonForm.HANDS_ON,
        days_ago=26,
        lecturer="祁老师",
        lecturer_unit="市南区老年大学",
        lecturer_post="信息课教师",
        origin=LecturerOrigin.INVITED,
        approval=("外请授课审批单（社字第 18 号）", "季春和"),
        audience="六十岁以上的居民",
        minutes=90,
        halves=None,
        takeaway="会打视频、会约号、认得出三种骗局。",
        body=texts.PHONES,
    ),
    "level": LessonPlan(
        title="海岸线上的标高",
        owner=places.SHANTOU,
        writer="secretary",
        reviewer="office",
        form=LessonForm.WALKING,
        days_ago=2,
        stage=Stage.DRAFT,
        minutes=None,
        halves=None,
        takeaway="从水准零点走到奥帆中心，读懂海岸线上的两张名片。",
        body=texts.LEVEL,
        cover="滨海步道",
    ),
}
