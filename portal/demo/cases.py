"""What people of the demo have asked, and how far it is: a case in every state, some yellow and red."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from portal import clock
from portal.cases import services
from portal.cases.models import (
    AskerSight,
    CallBackMethod,
    Case,
    CaseKind,
    CaseLevel,
    CaseSource,
    Counting,
    Openness,
    Satisfaction,
)
from portal.cases.services import Answer, Asker, Details
from portal.database import db
from portal.demo import organisations as places
from portal.demo.world import World
from portal.events.models import Event, EventKind, EventState

_ONE, _FAR = "ZHL-01-01", "ZHL-02-01"
_CONTENT = Answer(CallBackMethod.PHONE, True, Satisfaction.SATISFIED, "解决了，谢谢。")
_FAIRLY = Answer(CallBackMethod.VISIT, True, Satisfaction.FAIRLY, "比原来好多了。")
_NOT = Answer(CallBackMethod.PHONE, False, Satisfaction.NOT, "下雨还是漏，没修到根上。")


@dataclass(frozen=True)
class Plan:
    """A case: where, what was said, so many days ago, and the steps: days ago and what was done."""

    where: str
    days_ago: float
    words: str
    place: str
    kind: CaseKind = CaseKind.QUESTION
    source: CaseSource = CaseSource.VISIT
    due: tuple[int, Counting] | None = None
    asker: Asker = field(default_factory=lambda: Asker(name="王女士", phone="13953200011"))
    helpers: tuple[str, ...] = ()
    officer: bool = False
    level: CaseLevel = CaseLevel.COMMUNITY
    upstream: str = ""
    category: str = ""
    steps: tuple[tuple[float, Callable[..., None], dict[str, object]], ...] = ()
    openness: Openness = Openness.UNITS


_DAYS = Counting.NATURAL_DAYS
_ANONYMOUS = Asker(AskerSight.ANONYMOUS)
PLANS = (
    Plan(
        places.SHANTOU,
        0.2,
        "楼前那棵大树的枝子压着电线了，刮风的时候火星子都看得见，能不能赶紧找人看看？",
        "汕头路 12 号院",
        kind=CaseKind.DIFFICULTY,
        due=(24, Counting.HOURS),
        category="公共安全",
    ),
    Plan(
        _ONE,
        1,
        "院里想装一个电动车充电桩，现在大家都从楼上往下拉线，看着害怕。",
        "鲁商首府小区北门",
        kind=CaseKind.NEED,
        source=CaseSource.MAILBOX,
        helpers=(places.RED_PROPERTY,),
        openness=Openness.COMMUNITY,
        steps=((0.5, services.accept, {"words": "已约物业周四现场看位置", "has_contacted": True}),),
    ),
    Plan(
        places.SHANTOU,
        5,
        "夜里烧烤摊的油烟直往屋里灌，窗户都不敢开，反映过一回，好了三天又回来了。",
        "龙江路口",
        kind=CaseKind.COMPLAINT,
        source=CaseSource.HOTLINE,
        due=(6, _DAYS),
        upstream="QD-DEMO-20481",
        category="油烟扰民",
        level=CaseLevel.SUB_DISTRICT,
        officer=True,
        steps=(
            (4, services.accept, {"words": "联系综合执法一起上门", "has_contacted": True}),
            (2, services.report, {"words": "已要求加装油烟净化器，店主答应五天内装好"}),
        ),
    ),
    Plan(
        _FAR,
        14,
        "地下车库一下雨就进水，去年泡了四辆车，什么时候能彻底修？",
        "海口路 3 号地下车库",
        kind=CaseKind.COMPLAINT,
        source=CaseSource.SUPERVISION,
        due=(9, _DAYS),
        level=CaseLevel.SUB_DISTRICT,
        steps=((13, services.accept, {"words": "请物业查排水管", "has_contacted": True}),),
    ),
    Plan(
        places.HAIKOU,
        6,
        "建议在老年食堂门口加两级扶手，雨天台阶滑，我这条腿上不去。",
        "老年食堂",
        kind=CaseKind.SUGGESTION,
        source=CaseSource.GRID,
        steps=(
            (5, services.accept, {"words": "这周内安装", "has_contacted": True}),
            (2, services.settle, {"words": "两侧装了不锈钢扶手，台阶贴了防滑条。"}),
        ),
    ),
    Plan(
        places.SHANTOU,
        40,
        "小区门口的斑马线磨没了，孩子上学过马路车都不让。",
        "汕头路小学路口",
        steps=(
            (39, services.accept, {"words": "函请交警部门施划", "has_contacted": True}),
            (33, services.settle, {"words": "交警已重新施划斑马线，并加了减速标志。"}),
            (32, services.close, {"answer": _CONTENT}),
        ),
    ),
    Plan(
        _ONE,
        25,
        "三单元顶楼漏雨，天花板都起皮了。",
        "鲁商首府小区 5 号楼",
        kind=CaseKind.DIFFICULTY,
        steps=(
            (24, services.accept, {"words": "当天上楼查看", "has_contacted": True}),
            (20, services.settle, {"words": "补了防水。"}),
            (3, services.redo, {"answer": _NOT}),
        ),
    ),
    Plan(
        places.SHANTOU,
        18,
        "我们楼能不能加装电梯？六楼的老人一个月下不了一次楼。",
        "汕头路 20 号",
        kind=CaseKind.NEED,
        source=CaseSource.SEMINAR,
        level=CaseLevel.DISTRICT,
        due=(40, _DAYS),
        asker=Asker(AskerSight.MASKED, "周先生", "13953200022"),
        steps=(
            (
                17,
                services.take_back,
                {"words": "带回研究：先征求全楼意见，再对接区里的加装政策", "has_contacted": True},
            ),
            (6, services.report, {"words": "全楼 24 户，已有 19 户签字同意。"}),
        ),
    ),
    Plan(
        _FAR,
        3,
        "海边栈道的灯，晚上十点就关了，来的游客都摸黑走，商户想多亮一个小时。",
        "海口路栈道",
        kind=CaseKind.SUGGESTION,
        source=CaseSource.SEMINAR,
        asker=_ANONYMOUS,
        steps=((2, services.give_back, {"words": "路灯时间由市政照明管，建议街道协调。"}),),
    ),
    Plan(
        places.HAIKOU,
        16,
        "想问问新开的店能不能用社区的会议室搞品鉴会，怎么申请，要不要交钱？",
        "海口路 18 号",
        kind=CaseKind.POLICY,
        source=CaseSource.SEMINAR,
        steps=(
            (15.5, services.accept, {"words": "电话答复", "has_contacted": True}),
            (
                15,
                services.explain,
                {"words": "会议室只供公益活动使用，不能办经营活动；已介绍楼宇共享空间。"},
            ),
        ),
    ),
    Plan(
        places.SHANTOU,
        7,
        "工地早上五点多就开始卸钢筋，一家人都睡不好。",
        "龙江路工地",
        kind=CaseKind.COMPLAINT,
        source=CaseSource.HOTLINE,
        upstream="QD-DEMO-20455",
        category="施工噪声",
        due=(9, _DAYS),
        steps=(
            (6, services.accept, {"words": "约谈施工单位", "has_contacted": True}),
            (
                1,
                services.ask_extension,
                {"words": "浇筑期还有一周，已要求错开早晚，申请延期观察。", "days": 4},
            ),
        ),
    ),
    Plan(
        places.HAIKOU,
        60,
        "垃圾桶夏天招苍蝇，能不能早晚各清一次？",
        "海口路 9 号院",
        source=CaseSource.GRID,
        steps=(
            (59, services.accept, {"words": "和保洁公司商量", "has_contacted": True}),
            (56, services.settle, {"words": "改为早晚各清运一次，每周消杀。"}),
            (55, services.close, {"answer": _FAIRLY}),
        ),
        openness=Openness.MEMBERS,
    ),
)


def hear_people(world: World, now: datetime) -> None:
    """Take down what was asked, and let each go as far as it has come."""
    for plan in PLANS:
        _live(world, plan, now)
    _settle_on_spot(world, now)
    _ask_at_seminar(world, now)


def _live(world: World, plan: Plan, now: datetime) -> None:
    actor = world.host_of(plan.where)
    organisation = world.organisations[plan.where]
    with clock.stopped_at(now - timedelta(days=plan.days_ago)):
        case = services.register(
            details=Details(
                words=plan.words,
                kind=plan.kind,
                source=plan.source,
                organisation=organisation,
                lead=organisation,
                lead_person_id=world.persons["officer"].id if plan.officer else None,
                helpers=tuple(world.organisations[code] for code in plan.helpers),
                place=plan.place,
                level=plan.level,
                category=plan.category,
                asker=plan.asker,
                due=plan.due,
                upstream_number=plan.upstream,
            ),
            actor=actor,
        ).case
    who = world.persons["officer"] if plan.officer else actor
    for days_ago, act, told in plan.steps:
        with clock.stopped_at(now - timedelta(days=days_ago)):
            act(case=case, actor=who, **_complete(act, told))
    services.open_up(case=case, openness=plan.openness, actor=actor)


def _complete(act: Callable[..., None], told: dict[str, object]) -> dict[str, object]:
    if act is services.report:
        return {"has_contacted": False, **told}
    return told


def _settle_on_spot(world: World, now: datetime) -> None:
    organisation = world.organisations[places.SHANTOU]
    with clock.stopped_at(now - timedelta(days=2, hours=3)):
        services.settle_on_spot(
            details=Details(
                words="楼道里的感应灯不亮了，晚上回家要打手电。",
                kind=CaseKind.QUESTION,
                source=CaseSource.VISIT,
                organisation=organisation,
                lead=organisation,
                place="汕头路 6 号 2 单元",
                asker=Asker(name="李大爷"),
            ),
            measures="物业电工当场换了灯头，试了三次都亮。",
            has_confirmed=True,
            actor=world.host_of(places.SHANTOU),
        )


def _ask_at_seminar(world: World, now: datetime) -> None:
    """Let the last seminar of 汕头路 have brought something, for the next to begin with."""
    seminar = db.session.scalars(
        select(Event)
        .where(
            Event.host_id == world.organisations[places.SHANTOU].id,
            Event.ends_at < now - timedelta(days=1),
            Event.state.in_({EventState.PUBLISHED, EventState.ENDED, EventState.RECORDED}),
        )
        .order_by((Event.kind == EventKind.SEMINAR).desc(), Event.starts_at.desc())
        .limit(1)
    ).first()
    if seminar is None:
        return
    actor = world.host_of(places.SHANTOU)
    organisation = world.organisations[places.SHANTOU]
    asked = (
        ("能不能把党课排在晚上？上班的年轻党员白天来不了。", CaseKind.SUGGESTION, _CONTENT),
        ("书屋的新书太少，想看些讲海洋和科普的。", CaseKind.NEED, None),
        ("停车位划线磨没了，来上课的人车停得乱。", CaseKind.QUESTION, None),
    )
    made: list[Case] = []
    with clock.stopped_at(seminar.ends_at):
        made = [
            services.register(
                details=Details(
                    words=words,
                    kind=kind,
                    source=CaseSource.SEMINAR,
                    organisation=organisation,
                    lead=organisation,
                    place=seminar.place,
                    event=seminar,
                    due=(30, _DAYS),
                ),
                actor=actor,
            ).case
            for words, kind, _ in asked
        ]
    later = min(seminar.ends_at + timedelta(hours=20), now)
    with clock.stopped_at(later):
        services.settle(case=made[0], words="从下月起每月第二周的党课改在晚上七点。", actor=actor)
        services.close(case=made[0], answer=_CONTENT, actor=actor)
        services.accept(case=made[1], words="已列进采购单", has_contacted=True, actor=actor)
