"""How each lesson of the demo came about: written, reviewed, returned, revised."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.database import db
from portal.demo.lessons.plan import HOURS_RULE, LESSONS, SERIES, LessonPlan, Stage
from portal.demo.life import Act
from portal.demo.programme import Calendar
from portal.demo.world import World
from portal.lessons import details as written
from portal.lessons import queries, services
from portal.lessons.details import Details
from portal.lessons.models import LecturerOrigin, Lesson, LessonSeries
from portal.materials.models import Material
from portal.people.models import Person
from portal.sites.models import Route


class _Shelf:
    """The lessons and series that there are so far, by key."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.series: dict[str, LessonSeries] = {}

    def lesson(self, key: str) -> Lesson:
        return queries.lesson(self.world.lessons[key])


def lesson_acts(world: World, day: Calendar) -> Iterator[Act]:
    """Yield everything that happens to the lessons."""
    shelf = _Shelf(world)
    for number, (key, (name, owner, summary)) in enumerate(SERIES.items()):
        yield Act(day.on(-90 + number, "10:00"), _begin_series(shelf, key, name, owner, summary))
    for key, plan in LESSONS.items():
        yield from _life(shelf, key, plan, day)


def _begin_series(
    shelf: _Shelf, key: str, name: str, owner: str, summary: str
) -> Callable[[], None]:
    def begin() -> None:
        world = shelf.world
        shelf.series[key] = services.create_series(
            name=name,
            summary=summary,
            organisation=world.organisations[owner],
            actor=world.host_of(owner),
        )

    return begin


def _life(shelf: _Shelf, key: str, plan: LessonPlan, day: Calendar) -> Iterator[Act]:
    writer, reviewer = shelf.world.persons[plan.writer], shelf.world.persons[plan.reviewer]
    begun = day.on(-plan.days_ago, "15:20")
    yield Act(begun, lambda: _write(shelf, key, plan))
    if plan.stage is Stage.DRAFT:
        return
    handed_in = begun + timedelta(hours=1)
    yield Act(handed_in, lambda: services.submit(lesson=shelf.lesson(key), actor=writer))
    settled = _next_morning(handed_in)
    if plan.stage is Stage.RETURNED:
        yield Act(
            settled,
            lambda: services.return_with_remark(
                lesson=shelf.lesson(key), number=1, remark=plan.remark, actor=reviewer
            ),
        )
    if plan.stage is not Stage.PUBLISHED:
        return
    yield Act(settled, lambda: services.publish(lesson=shelf.lesson(key), number=1, actor=reviewer))
    if plan.revised:
        again = day.on(-plan.revised_days_ago, "16:10")
        yield Act(again, lambda: _revise(shelf, key, plan))
        yield Act(
            _next_morning(again),
            lambda: services.publish(lesson=shelf.lesson(key), number=2, actor=reviewer),
        )


def _next_morning(moment: datetime) -> datetime:
    return moment + timedelta(hours=17)


def _write(shelf: _Shelf, key: str, plan: LessonPlan) -> None:
    world = shelf.world
    basis, document = plan.policy
    approval, approved_by = plan.approval
    lesson = services.create(
        details=Details(
            title=plan.title,
            form=plan.form,
            series=shelf.series.get(plan.series),
            lecturer_origin=plan.origin,
            lecturer_name=plan.lecturer,
            lecturer_unit=plan.lecturer_unit,
            lecturer_post=plan.lecturer_post,
            approval_document=approval,
            approved_by=approved_by,
            audience=plan.audience,
            minutes=plan.minutes,
            credit_halves=plan.halves,
            hours_rule=HOURS_RULE if plan.halves else "",
            takeaway=plan.takeaway,
            questions="\n".join(plan.questions),
            route=_route(plan.route),
            policy_basis=basis,
            policy_document=document,
            body=plan.body.strip(),
        ),
        organisation=world.organisations[plan.owner],
        actor=world.persons[plan.writer],
    )
    _furnish(lesson, plan, world.persons[plan.writer], is_last=not plan.revised)
    version = queries.newest(lesson)
    if (
        plan.lecturer
        and version.lecturer_origin is LecturerOrigin.INSIDE
        and version.lecturer_id is None
    ):
        raise RuntimeError(f"“{plan.title}”: {plan.lecturer} is nobody, or several")
    world.lessons[key] = lesson.id


def _route(name: str) -> Route | None:
    """Return the demo's route of this name; routes come to be before lessons."""
    return db.session.scalars(select(Route).where(Route.name == name)).one() if name else None


def _revise(shelf: _Shelf, key: str, plan: LessonPlan) -> None:
    """Write the next version, and hand it in."""
    lesson, writer = shelf.lesson(key), shelf.world.persons[plan.writer]
    version = services.revise(lesson=lesson, actor=writer)
    changed = {name: text.strip() for name, text in plan.revised.items()}
    services.edit(
        lesson=lesson,
        version=version,
        details=replace(written.of(version), **changed),  # type: ignore[arg-type]
        actor=writer,
    )
    _furnish(lesson, plan, writer, is_last=True)
    services.submit(lesson=lesson, actor=writer)


def _furnish(lesson: Lesson, plan: LessonPlan, actor: Person, *, is_last: bool) -> None:
    """Attach what the library has for it, and put a picture on the last version's cover."""
    version = queries.newest(lesson)
    for title in (*plan.materials, *([plan.cover] if plan.cover and is_last else [])):
        material = db.session.scalars(select(Material).where(Material.title == title)).one()
        is_cover = title == plan.cover
        services.attach(
            lesson=lesson,
            version=version,
            materials=[material],
            actor=actor,
            is_in_text=is_cover,
        )
        if is_cover:
            services.set_cover(lesson=lesson, version=version, material_id=material.id, actor=actor)
