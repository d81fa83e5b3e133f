"""The regular life of the branches: theme days and meetings at which everybody is due."""

from portal.demo import organisations as places
from portal.demo.programme.plan import Calendar, EventPlan, Fate
from portal.events.models import Audience, EventKind

_THEMES = [
    ("政治学习和交流", "集体学习，每位党员结合岗位谈一条体会。"),
    ("楼院环境整治", "分段清理楼院杂物，登记消防通道占用情况，能当场清走的当场清走。"),
    ("走访结对困难家庭", "两人一组入户，问政策、问困难、问需求、问建议。"),
    ("重温入党志愿书", "重读入党志愿书，老党员讲入党故事，过政治生日。"),
]
_ROOMS = {
    "ZHL-01-01": "汕头路社区第一党支部活动室",
    "ZHL-01-02": "汕头路社区居民议事厅",
    "ZHL-01-03": "鲁商首府小区红色书屋",
    "ZHL-01-04": "汕头路社区党群服务中心一楼",
    "ZHL-02-01": "海口路社区居民议事厅",
    "ZHL-02-02": "海口路社区文化活动室",
    "ZHL-02-03": "海口路社区电子阅览室",
    "ZHL-02-04": "海口路社区党群服务站",
    places.RED_PROPERTY: "鲁商首府小区红色书屋",
    places.ELDER_CARE: "一家亲为老服务中心活动厅",
    places.OFFICE_BRANCH: "街道办事处三楼会议室",
}
# weekday (0 = Monday) and hour at which the branch usually meets
_USUAL_TIMES = [(4, "15:00"), (5, "9:00"), (3, "18:30"), (5, "14:30"), (2, "15:00")]


def theme_days(day: Calendar) -> list[EventPlan]:
    """Return a theme day a month for each branch: three past, one to come."""
    plans: list[EventPlan] = []
    for place, branch in enumerate(_ROOMS):
        weekday, hour = _USUAL_TIMES[place % len(_USUAL_TIMES)]
        for month, weeks in enumerate((-11, -7, -3, 1)):
            theme, summary = _THEMES[(place + month) % len(_THEMES)]
            plans.append(
                EventPlan(
                    title=f"主题党日：{theme}",
                    kind=EventKind.THEME_DAY,
                    host=branch,
                    starts_at=day.week(weeks + place % 2, weekday, hour),
                    minutes=120,
                    place=_ROOMS[branch],
                    audience=Audience.DUE,
                    due=(branch,),
                    summary=summary,
                    agenda="集体学习\n交流发言\n志愿服务或议事\n小结",
                    lead_days=10,
                    closes_hours=None,
                    corrected=month == 1 and place in {0, 4},
                )
            )
    return plans


def meetings(day: Calendar) -> list[EventPlan]:
    """Return meetings of branches and communities."""

    def meeting(title: str, host: str, **values: object) -> EventPlan:
        given = {
            "title": title,
            "kind": EventKind.MEETING,
            "host": host,
            "minutes": 90,
            "place": _ROOMS.get(host, "社区会议室"),
            "audience": Audience.DUE,
            "due": (host,),
            "lead_days": 7,
            "closes_hours": None,
            **values,
        }
        return EventPlan(**given)  # type: ignore[arg-type]

    agenda = "通报上次决议落实情况\n讨论本季度工作\n发展党员工作\n形成决议"
    return [
        meeting("支部党员大会", "ZHL-01-01", starts_at=day.week(-10, 5, "9:00"), agenda=agenda),
        meeting(
            "支部党员大会",
            "ZHL-01-01",
            starts_at=day.on(-3, "19:00"),
            agenda=agenda,
            fate=Fate.UNCONFIRMED,
            feedback="general",
        ),
        meeting("支部党员大会", "ZHL-01-02", starts_at=day.on(3, "19:00"), agenda=agenda),
        meeting("支部党员大会", "ZHL-02-01", starts_at=day.on(4, "19:00"), agenda=agenda),
        meeting("支部党员大会", "ZHL-02-02", starts_at=day.week(-2, 4, "19:00"), agenda=agenda),
        meeting("支部党员大会", "ZHL-02-03", starts_at=day.on(11, "19:00"), agenda=agenda),
        meeting(
            "支部党员大会",
            "ZHL-02-04",
            starts_at=day.on(-1, "9:00"),
            agenda=agenda,
            fate=Fate.UNCONFIRMED,
        ),
        meeting(
            "组织生活会（第一党支部）",
            "ZHL-01-01",
            starts_at=day.on(6, "14:30"),
            minutes=150,
            agenda="学习要求\n支部书记作对照检查\n党员逐一发言\n开展批评和自我批评\n小结",
            note="发言提纲请提前一天交支部书记。",
        ),
        meeting(
            "汕头路社区党委委员（扩大）会议",
            places.SHANTOU,
            starts_at=day.on(3, "9:00"),
            place="汕头路社区三楼会议室",
            audience=Audience.INVITED,
            due=(),
            invited=("secretary", "branch", "keeper", "member5"),
            signed_up=("branch", "keeper"),
            agenda="传达街道会议精神\n研究冬季供暖走访安排\n红色物业示范点迎检",
        ),
        meeting(
            "海口路社区党员代表会议",
            places.HAIKOU,
            starts_at=day.on(14, "9:00"),
            place="海口路社区报告厅",
            due=("ZHL-02-01", "ZHL-02-02", "ZHL-02-03", "ZHL-02-04"),
            agenda="听取社区党委工作报告\n讨论明年实事项目\n表决",
            minutes=150,
        ),
        meeting(
            "年度党员大会（上年度）",
            "ZHL-01-01",
            starts_at=day.on(-385, "14:30"),
            agenda=agenda,
        ),
        meeting(
            "民主评议党员（上年度）",
            "ZHL-02-01",
            starts_at=day.on(-380, "14:30"),
            agenda=agenda,
        ),
    ]
