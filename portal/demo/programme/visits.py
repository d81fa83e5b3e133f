"""Visits to sites, seminars, surveys, calls at homes and fairs."""

from portal.demo import organisations as places
from portal.demo.programme.plan import Calendar, EventPlan, Fate
from portal.events.models import Audience, EventKind

_CHIEFS = ("visitor", "chief-2", "chief-3", "chief-4", "chief-5", "chief-6")
_OWNERS = tuple(f"owner-{number}" for number in range(1, 9))
_SITE_SUMMARY = """看一个小区怎样把物业服务和党建拧成一股绳：红色物业党支部的“三方联席”议事、楼道里的党员责任区、红色书屋和便民服务点。

接待一批二十人，由物业负责人讲解，约一个半小时。"""
_SITE_AGENDA = "小区东门集合\n红色物业展示廊\n物业调度室与报修台账\n红色书屋座谈，答问"


def site_visits(day: Calendar) -> list[EventPlan]:
    """Return visits to the red-property site, given again and again."""

    def visit(**values: object) -> EventPlan:
        given = {
            "title": "走进鲁商首府小区红色物业示范点",
            "kind": EventKind.SITE_VISIT,
            "host": places.RED_PROPERTY,
            "place": "鲁商首府小区东门",
            "minutes": 90,
            "summary": _SITE_SUMMARY,
            "agenda": _SITE_AGENDA,
            "lecturer": "迟永源（红色物业党支部书记）",
            "contact": "小区物业服务中心，总机转 8190",
            "capacity": 20,
            **values,
        }
        return EventPlan(**given)  # type: ignore[arg-type]

    return [
        visit(
            starts_at=day.week(-6, 1, "9:30"),
            signed_up=("keeper", "member5", *_CHIEFS[1:4]),
            crowd=15,
        ),
        visit(
            starts_at=day.on(4, "9:30"),
            signed_up=("keeper", "visitor", "officer", "member4", "member11"),
            crowd=19,
            leavers=2,
            closes_hours=24,
            too_late=("member1", "member3", "secretary"),
        ),
        visit(starts_at=day.on(18, "9:30"), lead_days=21, signed_up=("keeper",), crowd=7),
        EventPlan(
            title="一家亲为老服务中心开放日",
            kind=EventKind.SITE_VISIT,
            host=places.ELDER_CARE,
            starts_at=day.on(12, "14:00"),
            minutes=120,
            place="一家亲为老服务中心",
            summary="参观助餐、日间照料和康复训练，认领一份“敲门问候”志愿服务。",
            capacity=30,
            signed_up=("member10", "resident-3"),
            crowd=8,
            pool=places.SHANTOU,
        ),
    ]


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
                *_CHIEFS,
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
            title="听取企业家声音座谈会",
            kind=EventKind.SEMINAR,
            host=places.OFFICE,
            starts_at=day.week(-1, 3, "14:30"),
            minutes=150,
            place=bar,
            audience=Audience.INVITED,
            invited=(*_CHIEFS, "officer", *_OWNERS),
            signed_up=(*_CHIEFS[:5], *_OWNERS[:6]),
            summary="先走访情人坝休闲风情一条街，再坐下来谈经营中的困难和需要的政策。",
            agenda="走访业户\n企业家逐一发言\n部门回应\n记录问题和建议",
            contact="街道组织办，总机转 8012",
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


def surveys_and_calls(day: Calendar) -> list[EventPlan]:
    """Return surveys of industries, calls at homes, fairs, and what did not take place."""
    invited = Audience.INVITED
    office_phone = "街道组织办，总机转 8012"
    return [
        EventPlan(
            title="海洋旅游经济实地调研",
            kind=EventKind.SURVEY,
            host=places.OFFICE,
            starts_at=day.week(-4, 1, "9:00"),
            minutes=180,
            place="银海大世界景区",
            audience=invited,
            invited=(*_CHIEFS, "officer"),
            signed_up=_CHIEFS,
            summary="了解帆船、游艇等海洋旅游企业的发展瓶颈和实际问题。",
            contact=office_phone,
        ),
        EventPlan(
            title="时尚夜经济特色行业调研",
            kind=EventKind.SURVEY,
            host=places.OFFICE,
            starts_at=day.on(6, "18:00"),
            minutes=150,
            place="奥帆中心、情人坝休闲风情一条街",
            audience=invited,
            invited=(
                "visitor",
                "officer",
                "chief-2",
                "chief-3",
                "chief-6",
                "secretary",
                "secretary2",
            ),
            signed_up=("visitor", "chief-2"),
            summary="沿街走访酒吧、餐饮和文创业户，带着问题清单，一户一记。",
            agenda="奥帆中心集合\n分两组沿街走访\n汇总问题清单",
            contact=office_phone,
        ),
        EventPlan(
            title="房地产企业发展需求调研",
            kind=EventKind.SURVEY,
            host=places.OFFICE,
            starts_at=day.week(-8, 2, "14:00"),
            minutes=150,
            place="山东旭辉银盛泰集团",
            audience=invited,
            invited=("officer", "chief-4", "chief-6", "chief-3"),
            signed_up=("officer", "chief-4", "chief-6", "chief-3"),
            summary="参观集团运营建设，问难题、问需求、问期盼。",
            contact=office_phone,
        ),
        EventPlan(
            title="入户走访：优秀志愿者和退役军人",
            kind=EventKind.HOME_VISIT,
            host=places.SHANTOU,
            starts_at=day.on(1, "9:00"),
            minutes=180,
            place="汕头路社区各楼院（党群服务中心集合）",
            audience=invited,
            invited=("visitor", "officer", "branch", "member1", "member5", "resident-4"),
            signed_up=("visitor", "branch", "member5"),
            summary="两人一组，每组走访三户，问政策、问困难、问需求、问建议。",
            note="不摆拍、不打扰，征得同意再记录。",
            contact="汕头路社区党群服务中心，总机转 8101",
        ),
        EventPlan(
            title="入户走访：困难群众家庭",
            kind=EventKind.HOME_VISIT,
            host=places.HAIKOU,
            starts_at=day.week(-2, 1, "9:00"),
            minutes=180,
            place="海口路社区各楼院",
            audience=invited,
            invited=("visitor", "member12", "member14", "member17", "resident-5", "chief-4"),
            signed_up=("visitor", "member12", "member14", "resident-5", "chief-4"),
            summary="逐户了解生活、就医和子女就学情况，能当场解决的当场解决。",
        ),
        EventPlan(
            title="协作帮扶巡回市集",
            kind=EventKind.FAIR,
            host=places.OFFICE,
            starts_at=day.on(22, "9:00"),
            minutes=420,
            place="奥帆中心旗阵广场",
            lead_days=25,
            summary="协作村镇的农副产品进城，辖区道德模范和商户担任帮扶代言人。招募现场引导、搬运、讲解志愿者。",
            agenda="08:30 志愿者集合分工\n09:00 开市\n15:30 收市清场",
            signed_up=("member9", "member14", "member18", "resident-3"),
            crowd=32,
            contact=office_phone,
        ),
        EventPlan(
            title="邻里互助便民市集",
            kind=EventKind.FAIR,
            host=places.HAIKOU,
            starts_at=day.week(-4, 5, "9:00"),
            minutes=240,
            place="海口路社区文化广场",
            summary="磨剪刀、修家电、量血压、理发，党员志愿者摆摊服务。",
            signed_up=("member11", "member15", "member17"),
            crowd=41,
            pool=places.HAIKOU,
            corrected=True,
        ),
        EventPlan(
            title="海岸线净滩志愿活动",
            kind=EventKind.THEME_DAY,
            host=places.SHANTOU,
            starts_at=day.on(2, "8:30"),
            minutes=150,
            place="情人坝入口广场",
            summary="分段捡拾垃圾、劝导不文明行为，手套和垃圾袋由社区准备。",
            capacity=50,
            signed_up=("member1", "member6", "member9", "secretary", "owner-3"),
            crowd=38,
            fate=Fate.CANCELLED,
            reason="气象台发布大风蓝色预警，海边活动取消，择期另行通知",
        ),
        EventPlan(
            title="新时代文明实践宣讲基地观摩",
            kind=EventKind.SITE_VISIT,
            host=places.HAIKOU,
            starts_at=day.on(7, "14:00"),
            minutes=120,
            place="青岛国际会议中心",
            summary="观摩宣讲基地，听军旅宣讲团骨干讲一堂示范课。",
            capacity=35,
            signed_up=("member13", "member16", "secretary2", "member3"),
            crowd=19,
            fate=Fate.POSTPONED,
            reason="场馆临时承接会务，时间待定，已报名的名额保留",
        ),
    ]


def drafts(day: Calendar) -> list[EventPlan]:
    """Return what is still being written."""
    return [
        EventPlan(
            title="党建引领主题系列党课·第六讲：年终总结与交流",
            kind=EventKind.LESSON,
            host=places.SHANTOU,
            starts_at=day.on(45, "9:00"),
            minutes=180,
            place="汕头路社区党群服务中心二楼报告厅",
            lecturer="待定",
            capacity=40,
            fate=Fate.DRAFT,
            lead_days=46,
        ),
        EventPlan(
            title="老党员座谈会",
            kind=EventKind.SEMINAR,
            host="ZHL-01-01",
            starts_at=day.on(13, "14:30"),
            minutes=120,
            place="汕头路社区第一党支部活动室",
            summary="听老党员谈支部工作，补充口述史材料。",
            fate=Fate.DRAFT,
        ),
        EventPlan(
            title="第四季度社区联席会议",
            kind=EventKind.MEETING,
            host=places.OFFICE,
            starts_at=day.on(16, "9:00"),
            minutes=120,
            place="街道办事处三楼会议室",
            fate=Fate.DRAFT,
            lead_days=17,
        ),
        EventPlan(
            title="社区合唱团招新开放日",
            kind=EventKind.FAIR,
            host=places.HAIKOU,
            starts_at=day.on(20, "14:00"),
            minutes=120,
            place="海口路社区文化活动室",
            fate=Fate.DRAFT,
            lead_days=21,
        ),
    ]
