"""Seminars in the red bookroom, and those with entrepreneurs."""

from portal.demo import organisations as places
from portal.demo.programme.plan import CHIEFS, Calendar, EventPlan, Fate
from portal.events.models import Audience, EventKind
from portal.signups.rules import Rules

_OWNERS = tuple(f"owner-{number}" for number in range(1, 9))


def seminars(day: Calendar) -> list[EventPlan]:
    """Return seminars in the red bookroom, and those with entrepreneurs."""
    room = "鲁商首府小区红色书屋"
    bar = "胡桃里音乐酒吧"
    return [
        EventPlan(
            title="红色书屋研讨：党建引领社会治理创新",
            kind=EventKind.SEMINAR,
            host=places.SHANTOU,
            starts_at=day.on(-2, "15:00"),
            minutes=120,
            place=room,
            audience=Audience.INVITED,
            invited=(
                "keeper",
                "officer",
                *CHIEFS,
                "branch",
                "member5",
                "resident-1",
                "resident-2",
            ),
            signed_up=(
                "keeper",
                "officer",
                "visitor",
                "chief-4",
                "chief-5",
                "branch",
                "resident-1",
            ),
            summary="处长网格员与社区党委书记、红色物业负责人、小区居民面对面，讨论加装电梯、停车和物业费三个问题。",
            agenda="主持人介绍\n物业负责人发言\n居民代表发言\n自由讨论\n小结",
            contact="汕头路社区党群服务中心，总机转 8101",
            fate=Fate.UNCONFIRMED,
        ),
        EventPlan(
            title="红色书屋研讨：楼院微治理怎么做",
            kind=EventKind.SEMINAR,
            host=places.SHANTOU,
            starts_at=day.on(9, "15:00"),
            minutes=120,
            place=room,
            audience=Audience.INVITED,
            invited=("keeper", "officer", "visitor", "branch", "member1", "member6", "resident-2"),
            signed_up=("keeper", "resident-2"),
            summary="带着楼院里的真问题来：谁来牵头、钱从哪里出、怎样管得住。每个问题和建议都会逐字记录。",
            agenda="楼院案例介绍\n分组讨论\n逐条记录\n明确跟进人",
            contact="汕头路社区党群服务中心，总机转 8101",
        ),
        EventPlan(
            title="党务骨干读书班",
            kind=EventKind.SEMINAR,
            host=places.SHANTOU,
            starts_at=day.on(11, "14:00"),
            minutes=150,
            place="汕头路社区党群服务中心二楼",
            capacity=20,
            signed_up=("member2", "member3", "member5", "member8", "member15", "member16"),
            rules=Rules(needs_approval=True),
            approved=2,
            summary="面向支部委员和党小组长，报名后由社区党委审核，结果发消息告知。",
            contact="汕头路社区党群服务中心，总机转 8101",
        ),
        EventPlan(
            title="听取企业家声音座谈会",
            kind=EventKind.SEMINAR,
            host=places.SHANTOU,
            starts_at=day.week(-1, 3, "14:30"),
            minutes=150,
            place=bar,
            audience=Audience.INVITED,
            invited=(*CHIEFS, "officer", *_OWNERS),
            signed_up=(*CHIEFS[:5], *_OWNERS[:6]),
            summary="先走访情人坝休闲风情一条街，再坐下来谈经营中的困难和需要的政策。",
            agenda="走访业户\n企业家逐一发言\n部门回应\n记录问题和建议",
            contact="汕头路社区党群服务中心，总机转 8101",
        ),
        EventPlan(
            title="时尚夜经济企业家座谈会",
            kind=EventKind.SEMINAR,
            host=places.OFFICE,
            starts_at=day.on(10, "14:30"),
            minutes=150,
            place=bar,
            audience=Audience.INVITED,
            invited=("visitor", "officer", "chief-2", "chief-3", *_OWNERS, "secretary"),
            signed_up=("chief-2", "owner-1", "owner-2", "owner-5"),
            summary="围绕夜间经营时间、外摆管理和用工三件事，听取餐饮、酒吧和文创企业的意见建议。",
            contact="街道组织办，总机转 8012",
        ),
        EventPlan(
            title="楼院党员恳谈会",
            kind=EventKind.SEMINAR,
            host="ZHL-02-01",
            starts_at=day.on(-1, "19:00"),
            minutes=90,
            place="海口路社区居民议事厅",
            summary="楼组长和党员一起列出本季度最急的三件事。",
            signed_up=("member11", "member12", "member13", "resident-5"),
            crowd=10,
            pool="ZHL-02-01",
            fate=Fate.UNCONFIRMED,
        ),
    ]
