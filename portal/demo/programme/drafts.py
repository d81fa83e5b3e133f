"""What is still being written."""

from portal.demo import organisations as places
from portal.demo.programme.plan import Calendar, EventPlan, Fate
from portal.events.models import EventKind


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
