"""Lessons and sites for the benchmark: what the lists show, what is searched, slots to ask for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.database import db
from portal.lessons.models import Lesson, LessonState, LessonVersion, LessonWriter
from portal.lessons.services.keeping import index as index_lesson
from portal.people.models import Organisation, Person
from portal.sites.models import OpeningHours, Room, Site, SiteState
from portal.sites.uses.models import VisitRules

LESSONS = 400
SITES = 20
FIRST_SLOT, LAST_SLOT = 8, 20
THEMES = (
    *("楼院治理", "物业服务", "为老服务", "垃圾分类"),
    *("基层减负", "红色物业", "民情走访", "文明实践"),
)
PARAGRAPH = (
    "围绕{theme}，先听社区介绍三年来的做法，再到现场看一看居民怎么说。讨论时请每个支部举一件自己身边的事："
    "难在哪里，谁来牵头，什么时候办完，办完以后由谁回访。能当场答复的当场答复，不能的记下来带回去办。\n\n"
)


@dataclass(frozen=True)
class Slot:
    """One hour of one room: whoever asks first gets it."""

    site_id: int
    room_id: int
    day: date
    hour: int

    @property
    def path(self) -> str:
        return f"/sites/{self.site_id}/bookings/new"

    @property
    def fields(self) -> dict[str, str]:
        return {
            "date": self.day.isoformat(),
            "start": f"{self.hour:02d}:00",
            "room": str(self.room_id),
            "party_size": "12",
            "purpose": "学习红色物业做法",
            "unit": "测试单位",
            "contact_name": "参访测试",
            "contact_phone": "13900001234",
        }


@dataclass(frozen=True)
class Places:
    """Ids of the lessons that are listed, and every slot that can be asked for."""

    lessons: list[int]
    slots: list[Slot]


def fill(street: Organisation, author: Person, *, slots: int) -> Places:
    """Write lessons of six paragraphs and sites of two rooms; return `slots` different slots."""
    return Places(_lessons(street, author), list(islice(_slots(_sites(street, author)), slots)))


def _lessons(street: Organisation, author: Person) -> list[int]:
    now = clock.now()
    for number in range(1, LESSONS + 1):
        theme = THEMES[number % len(THEMES)]
        lesson = Lesson(
            title=f"{theme}主题党课第{number}讲",
            state=LessonState.PUBLISHED,
            organisation_id=street.id,
            created_by_id=author.id,
            created_at=now,
            updated_at=now + timedelta(seconds=number),
            published_at=now,
        )
        db.session.add(lesson)
        db.session.flush()
        version = LessonVersion(
            lesson_id=lesson.id,
            number=1,
            state=LessonState.PUBLISHED,
            title=lesson.title,
            minutes=90,
            lecturer_name=author.name,
            lecturer_id=author.id,
            takeaway=f"知道{theme}的三个步骤，能在自己的楼院里做起来。",
            body=PARAGRAPH.format(theme=theme) * 6,
            created_by_id=author.id,
            created_at=now,
            edited_by_id=author.id,
            edited_at=now,
            submitted_at=now,
        )
        db.session.add(version)
        db.session.flush()
        db.session.add(
            LessonWriter(version_id=version.id, person_id=author.id, first_at=now, last_at=now)
        )
    shown = select(LessonVersion).options(
        joinedload(LessonVersion.lesson).joinedload(Lesson.organisation),
        joinedload(LessonVersion.series),
    )
    versions = db.session.scalars(shown.execution_options(populate_existing=True)).all()
    for version in versions:
        index_lesson(version.lesson, version)
    return [version.lesson_id for version in versions]


def _sites(street: Organisation, author: Person) -> list[Site]:
    now = clock.now()
    sites = [
        Site(
            name=f"测试小区{number}号示范点",
            state=SiteState.NAMED,
            organisation_id=street.id,
            created_by_id=author.id,
            created_at=now,
            updated_at=now,
            rooms=[
                Room(name=name, capacity=40, position=position, is_bookable=True)
                for position, name in enumerate(("红色书屋", "议事厅"))
            ],
            opening_hours=[
                OpeningHours(
                    weekday=day, opens_minute=FIRST_SLOT * 60, closes_minute=LAST_SLOT * 60
                )
                for day in range(7)
            ],
        )
        for number in range(1, SITES + 1)
    ]
    db.session.add_all(sites)
    db.session.flush()
    db.session.add_all(
        VisitRules(site_id=site.id, slot_minutes=60, weekly_visits=1000) for site in sites
    )
    db.session.flush()
    return sites


def _slots(sites: list[Site]) -> Iterator[Slot]:
    """Every slot once, neighbours in the row at different sites, as on a busy morning."""
    for days in range(2, 80):
        day = clock.today() + timedelta(days=days)
        for hour in range(FIRST_SLOT, LAST_SLOT):
            for position in range(2):
                for site in sites:
                    yield Slot(site.id, site.rooms[position].id, day, hour)
