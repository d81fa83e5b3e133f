"""The census exercise of the demo: an invented household, typed by those who were there."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.demo.life import Act
from portal.demo.programme import Calendar
from portal.demo.world import World
from portal.events.models import Event
from portal.exercises import queries, services
from portal.exercises.models import Exercise, ExerciseField, ExerciseRun, FieldKind, Stage
from portal.exercises.services.building import Asked, Facts
from portal.lessons import queries as lessons
from portal.people.models import Person
from portal.signups.models import Signup, SignupStatus

_NOTE = """请照桌上的“虚构住户卡片·第 7 号”录入。两人一组，一人念、一人录，第二遍交换。

卡片上写的是什么就录什么，包括数字、空格和标点。"""
_TEXT, _NUMBER, _DATE = FieldKind.TEXT, FieldKind.NUMBER, FieldKind.DATE
_FIELDS = [
    Asked(kind=_TEXT, label="户主姓名", answer="钱小樟", help="照卡片上的写法，不加空格。"),
    Asked(kind=_TEXT, label="房屋编号", answer="虚构小区7号楼2单元1204", help="数字用半角。"),
    Asked(kind=_NUMBER, label="现住人数", answer="4"),
    Asked(kind=_DATE, label="户主出生日期", answer="1968-02-29"),
    Asked(kind=FieldKind.SINGLE, label="户主性别", options=("男", "女"), answer="女"),
    Asked(
        kind=FieldKind.SINGLE,
        label="受教育程度",
        options=("小学", "初中", "高中", "大学专科", "大学本科", "研究生"),
        answer="大学专科",
    ),
    Asked(
        kind=FieldKind.MULTIPLE,
        label="住房内设施",
        options=("电梯", "管道燃气", "独立厨房", "独立卫生间", "管道自来水"),
        answer="电梯\n独立厨房\n独立卫生间\n管道自来水",
    ),
    Asked(kind=_TEXT, label="备注", answer="长女在外地，每月 15 日回。", help="标点也要一样。"),
]
# What people get wrong with that card, field by field; "" is left alone.
_MISTAKES = {
    "户主姓名": ["钱小璋", "钱小樟 "],
    "房屋编号": ["虚构小区７号楼2单元1204", "虚构小区7号楼2单元1240", "虚构小区7号楼2单元 1204"],
    "户主出生日期": ["1968-02-28"],
    "受教育程度": ["大学本科"],
    "住房内设施": ["独立厨房\n独立卫生间\n管道自来水", "电梯\n管道燃气\n独立厨房\n独立卫生间"],
    "备注": ["长女在外地,每月15日回。", "长女在外地，每月 15 日回", "长女在外地，每月15日回。"],
}
_HOW_OFTEN = {"房屋编号": 0.45, "备注": 0.6, "住房内设施": 0.3, "户主姓名": 0.2}
_SELDOM = 0.08


def exercise_acts(world: World, day: Calendar) -> Iterator[Act]:
    """Yield how the exercise was built, used at the past giving, and opened for the next."""
    yield Act(day.on(-70, "10:30"), lambda: _build(world))
    held, coming = day.week(-7, 2, "14:35"), day.on(-1, "9:00")
    yield Act(held, lambda: _open(world, after=held - timedelta(hours=1)))
    yield Act(held + timedelta(minutes=90), lambda: _answer(random.Random(7)))
    yield Act(coming, lambda: _open(world, after=coming))
    yield Act(coming + timedelta(hours=3), lambda: _begin(world))


def _build(world: World) -> None:
    actor = world.host_of("ZHL-02")
    exercise = services.create(
        lesson=lessons.lesson(world.lessons["census"]),
        facts=Facts(title="虚构住户登记表", note=_NOTE, is_twice=True, keep_days=90),
        actor=actor,
    )
    for asked in _FIELDS:
        services.add_field(exercise=exercise, asked=asked, actor=actor)


def _open(world: World, *, after: datetime) -> None:
    """Open it at the first giving from that moment on."""
    exercise = db.session.scalars(select(Exercise)).one()
    event = db.session.scalars(
        select(Event)
        .where(Event.lesson_id == exercise.lesson_id, Event.starts_at >= after)
        .order_by(Event.starts_at)
        .limit(1)
        .options(joinedload(Event.host))
    ).one()
    services.open_run(exercise=exercise, event=event, actor=world.host_of("ZHL-02"))


def _newest_run() -> ExerciseRun:
    """Return the run opened last, as one who takes part sees it."""
    run_id = db.session.scalar(select(ExerciseRun.id).order_by(ExerciseRun.id.desc()).limit(1))
    taking_part = _taking_part(db.session.get_one(ExerciseRun, run_id).event_id)
    return queries.run_seen_by(taking_part[0], run_id or 0)


def _taking_part(event_id: int) -> Sequence[Person]:
    return db.session.scalars(
        select(Person)
        .join(Signup, Signup.person_id == Person.id)
        .where(Signup.event_id == event_id, Signup.status == SignupStatus.CONFIRMED)
        .order_by(Signup.id)
    ).all()


def _typed(fields: Sequence[ExerciseField], chance: random.Random) -> dict[int, str]:
    values = {}
    for field in fields:
        wrong = chance.random() < _HOW_OFTEN.get(field.label, _SELDOM)
        mistakes = _MISTAKES.get(field.label)
        values[field.id] = chance.choice(mistakes) if wrong and mistakes else field.answer
    return values


def _answer(chance: random.Random) -> None:
    """Let those who signed up type twice, settle what differs, and hand in."""
    run = _newest_run()
    for person in _taking_part(run.event_id)[:18]:
        first, second = (_typed(run.edition.fields, chance) for _ in range(2))
        services.enter(run=run, values=first, seen=Stage.FIRST, actor=person)
        stage = services.enter(run=run, values=second, seen=Stage.SECOND, actor=person)
        if stage is Stage.DIFFERENCES:
            services.settle_differences(run=run, values=second, seen=stage, actor=person)
        services.hand_in(run=run, seen=Stage.REVIEW, actor=person)


def _begin(world: World) -> None:
    """At the coming giving some try beforehand: each is at another step."""
    run = _newest_run()
    fields = run.edition.fields
    right = {field.id: field.answer for field in fields}
    wrong = {
        field.id: (
            _MISTAKES[field.label][0] if field.label in ("户主姓名", "备注") else field.answer
        )
        for field in fields
    }
    second, differing, reading, done = (
        world.persons[name] for name in ("member13", "member15", "member17", "member12")
    )
    services.enter(run=run, values=wrong, seen=Stage.FIRST, actor=second)
    for person, values in ((differing, right), (reading, wrong), (done, wrong)):
        services.enter(run=run, values=wrong, seen=Stage.FIRST, actor=person)
        services.enter(run=run, values=values, seen=Stage.SECOND, actor=person)
    services.hand_in(run=run, seen=Stage.REVIEW, actor=done)
