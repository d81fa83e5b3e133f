"""The hours of the demo: reckoned from its rolls; training elsewhere; one certificate."""

import io
from datetime import datetime, timedelta

from sqlalchemy import select

from portal import clock
from portal.attendance.models import Roll
from portal.database import db
from portal.demo import drawings
from portal.demo.world import World
from portal.events.models import Event
from portal.hours import queries, services
from portal.hours.kinds import Cause, Source, Unit
from portal.hours.models import Training
from portal.materials import services as materials
from portal.people.models import Person

_BRANCH = "ZHL-01-01"
# Where `make run` serves the demo: for the code on its one certificate.
_CHECK_PAGE = "http://127.0.0.1:8000/hours/check"


def reckon_hours(world: World, now: datetime) -> None:
    """Reckon everybody's hours up to now; then what was learnt elsewhere."""
    _reckon(world, now)
    secretary = world.host_of(_BRANCH)
    member, other, third = (world.persons[key] for key in ("member1", "member2", "member3"))
    with clock.stopped_at(now - timedelta(days=30)):
        course = _course(now)
        paper = materials.keep(
            stream=io.BytesIO(_certificate_of(member, course)),
            filename="结业证明.pdf",
            owner=world.organisations[_BRANCH],
            actor=member,
            title=f"{member.name}：{course.title}",
        )
        made = services.enter(
            person=member, details=course, material=paper, is_confirmed=False, actor=member
        )
    with clock.stopped_at(now - timedelta(days=28)):
        services.confirm(training=_training(made.id), actor=secretary)
    with clock.stopped_at(now - timedelta(days=12)):
        _enter_too_much(other, secretary, now)
    with clock.stopped_at(now - timedelta(hours=5)):
        services.enter(
            person=third,
            details=_lecture(now, "社区卫生服务政策报告会", days_ago=6),
            material=None,
            is_confirmed=False,
            actor=third,
        )
    _certify(member, now)


def _reckon(world: World, now: datetime) -> None:
    everybody = [person.id for members in world.members.values() for person in members]
    this_year = clock.local(now).year
    for year in (this_year - 1, this_year):
        for portion in services.in_portions(everybody):
            services.recount(portion, year, cause=Cause.CONFIRMED)
    over = select(Roll.event_id, Roll.revision).join(Event).where(Event.ends_at <= now)
    for event_id, revision in db.session.execute(over).all():
        services.note_counted(event_id, revision)


def _course(now: datetime) -> services.Details:
    ends_on = clock.local(now).date() - timedelta(days=33)
    return services.Details(
        source=Source.COURSE,
        title="全区基层党员集中轮训班",
        organiser="区委组织部",
        document_no="示例〔2026〕12 号",
        starts_on=ends_on - timedelta(days=1),
        ends_on=ends_on,
        unit=Unit.DAY,
        quantity=4,
    )


def _lecture(now: datetime, title: str, *, days_ago: int, quantity: int = 2) -> services.Details:
    day = clock.local(now).date() - timedelta(days=days_ago)
    return services.Details(
        source=Source.LECTURE,
        title=title,
        organiser="区委宣传部",
        document_no="",
        starts_on=day,
        ends_on=day,
        unit=Unit.HALF_DAY,
        quantity=quantity,
    )


def _enter_too_much(person: Person, secretary: Person, now: datetime) -> None:
    """A day was written down where it was half a day: taken back and entered anew."""
    title = "学习贯彻全会精神宣讲报告会"
    wrong = services.enter(
        person=person,
        details=_lecture(now, title, days_ago=15, quantity=4),
        material=None,
        is_confirmed=True,
        actor=secretary,
    )
    note = "报告会只有半天，登记成了一天，重新登记"
    services.take_back(training=_training(wrong.id), note=note, actor=secretary)
    services.enter(
        person=person,
        details=_lecture(now, title, days_ago=15),
        material=None,
        is_confirmed=True,
        actor=secretary,
    )


def _training(training_id: int) -> Training:
    return queries.training_to_change(training_id)


def _certificate_of(person: Person, course: services.Details) -> bytes:
    return drawings.handout(
        [
            "结业证明（演示）",
            f"{person.name}同志参加{course.title}，",
            f"自{course.starts_on:%Y-%m-%d}至{course.ends_on:%Y-%m-%d}，共两天，考核合格。",
            f"{course.organiser}　{course.document_no}",
        ]
    )


def _certify(member: Person, now: datetime) -> None:
    year = clock.local(now).year
    if queries.lines_of(member, year):
        person = queries.whole_person(member.id)
        services.issue(person=person, year=year, check_page=_CHECK_PAGE, actor=member)
