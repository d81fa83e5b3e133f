"""Visits to sites."""

from portal.demo import organisations as places
from portal.demo.programme.plan import CHIEFS, Calendar, EventPlan
from portal.events.models import EventKind
from portal.signups.question_models import QuestionKind
from portal.signups.questions import Choice, Question
from portal.signups.rules import Rules

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
            signed_up=("keeper", "member5", *CHIEFS[1:4]),
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
        visit(
            title="红色物业示范点专场观摩（各社区名额）",
            host=places.OFFICE,
            starts_at=day.on(8, "9:30"),
            capacity=24,
            signed_up=("member6", "member7", "member12", "member13", "member14"),
            crowd=11,
            pool=places.SHANTOU,
            closes_hours=24,
            rules=Rules(cancel_hours=24, release_hours=24),
            units=(
                (places.SHANTOU, 10, 4),
                (places.HAIKOU, 8, 4),
                (places.XINJIAZHUANG, None, 2),
                (places.AOMEN, None, 2),
            ),
        ),
        visit(
            title="红色物业值班体验（轮到先确认）",
            starts_at=day.on(9, "9:30"),
            capacity=13,
            signed_up=("keeper",),
            crowd=12,
            pool=places.SHANTOU,
            leavers=1,
            closes_hours=24,
            too_late=("member4", "member9"),
            rules=Rules(offer_hours=9),
            questions=(
                Question(
                    "午餐",
                    QuestionKind.CHOICE,
                    is_required=True,
                    choices=(Choice("面条", 5), Choice("盒饭", 20), Choice("不用餐")),
                ),
                Question("几点到物业值班室（整点）", QuestionKind.NUMBER),
            ),
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
