"""What comes again in the demo: a monthly series, templates, holidays, and read messages."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select, update

from portal import clock
from portal.database import db
from portal.demo import organisations as places
from portal.demo.public_days import days_of
from portal.demo.world import World
from portal.events import agenda_services, services
from portal.events import details as written
from portal.events import queries as events
from portal.events.agenda import AgendaRow
from portal.events.details import Details
from portal.events.models import Event, EventKind, EventState
from portal.events.series import services as series
from portal.events.series import template_services as templates
from portal.events.series.models import Rhythm
from portal.events.series.rhythm import Plan
from portal.messages.models import Message
from portal.workdays import services as workdays

_AGENDA = [
    AgendaRow("集合，分组，领取工具", "", 20),
    AgendaRow("楼院清洁和飞线充电劝导", "各楼院党小组", 70),
    AgendaRow("到一家亲为老服务中心陪老人聊天、读报", "志愿服务队", 40),
    AgendaRow("小结，登记下次的需求", "社区党委", 20),
]
_TEMPLATES = [("主题党日：%", "每月主题党日"), ("支部党员大会", "支部党员大会（季度）")]


def plan_ahead(world: World, now: datetime) -> None:
    """Let the office and the secretary plan, a week ago, what comes next."""
    with clock.stopped_at(now - timedelta(days=6)):
        _keep_holidays(world)
        _volunteer_days(world, now)
        _keep_templates(world)
    _read(now)


def _keep_holidays(world: World) -> None:
    actor = world.host_of(places.OFFICE)
    for year in (clock.today().year, clock.today().year + 1):
        for named in days_of(year):
            workdays.add_days(
                name=named.name,
                first=named.first,
                last=named.last,
                kind=named.kind,
                actor=actor,
            )


def _volunteer_days(world: World, now: datetime) -> None:
    """The second Saturday of each month; one of them is held elsewhere."""
    actor = world.host_of(places.SHANTOU)
    month = clock.local(now).replace(day=1) + timedelta(days=32)
    first = month.replace(day=1, hour=9, minute=0, second=0, microsecond=0, tzinfo=None)
    first += timedelta(days=(5 - first.weekday()) % 7 + 7)
    event = services.create(
        details=Details(
            title="党员志愿服务日",
            kind=EventKind.THEME_DAY,
            starts_at=clock.from_local(first),
            ends_at=clock.from_local(first + timedelta(minutes=150)),
            host=world.organisations[places.SHANTOU],
            place="汕头路社区党群服务中心门前集合",
            contact="汕头路社区党群服务中心，总机转 8101",
            summary="每月一次，党员和居民一起动手。不算任务，不计排名，能来就来。",
            note="请穿便于活动的衣服，工具由社区准备。",
            capacity=40,
        ),
        actor=actor,
    )
    agenda_services.keep(event=event, rows=_AGENDA, version=event.version, actor=actor)
    event = events.event(event.id)
    templates.keep(event=event, name="党员志愿服务日", title="{月}月党员志愿服务日", actor=actor)
    made, _ = series.make(
        event=event,
        plan=Plan(Rhythm.MONTHLY_WEEKDAY, 1, None, 6),
        title="{月}月党员志愿服务日",
        skips_holidays=True,
        publishes=True,
        actor=actor,
    )
    third = db.session.scalars(
        select(Event.id).where(Event.series_id == made.id).order_by(Event.planned_at).offset(2)
    ).first()
    if third is not None:
        elsewhere = events.event(third)
        details = replace(written.of(elsewhere), place="奥帆中心广场集合")
        services.edit(event=elsewhere, details=details, actor=actor)


def _keep_templates(world: World) -> None:
    """The office keeps what branches hold again and again."""
    for title, name in _TEMPLATES:
        found = db.session.scalars(
            select(Event.id)
            .where(Event.title.like(title), Event.state != EventState.CANCELLED)
            .order_by(Event.starts_at.desc(), Event.id)
        ).first()
        if found is not None:
            event = events.event(found)
            plain = "{月}月" + event.title.split("：")[0]
            actor = world.host_of(event.host.code)
            templates.keep(event=event, name=name, title=plain, actor=actor)


def _read(now: datetime) -> None:
    """What came more than four days ago has been read."""
    before = Message.created_at < now - timedelta(days=4)
    db.session.execute(update(Message).where(before).values(read_at=Message.created_at))
