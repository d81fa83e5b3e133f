"""Planning seats: the groups, who sits where, and from when people see it."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.events.models import Event
from portal.people.models import Person
from portal.seating import filling, policies, queries
from portal.seating.errors import PlanChangedError
from portal.seating.models import (
    LARGEST_GROUP,
    MOST_GROUPS,
    PlanKind,
    Seat,
    SeatGroup,
    SeatPlan,
)
from portal.seating.queries import Placed


class Wish(NamedTuple):
    """A group as the host wrote it."""

    name: str
    size: int


def set_plan(
    *, event: Event, kind: PlanKind, groups: Sequence[Wish], version: int, actor: Person
) -> SeatPlan:
    """Make the plan, or change its groups; who sits in one that stays keeps the seat.

    `version` 0 is no plan yet. Raises PlanChangedError, InvalidInputError for groups that
    cannot be, or that would have no room for those who sit in them.
    """
    _check(event, groups)
    plan = queries.find_plan(event.id, lock=True)
    if (plan.version if plan else 0) != version:
        raise _changed()
    now = clock.now()
    if plan is None:
        plan = SeatPlan(
            event_id=event.id,
            kind=kind,
            changed_by_id=actor.id,
            changed_at=now,
            version=1,
            groups=[],
        )
        db.session.add(plan)
        _flush()
    _sweep(event)
    plan.kind = kind
    _follow(event, plan, groups)
    _touch(plan, actor)
    audit.record(
        "seating.planned", event, actor=actor, kind=kind.value, groups=[one.name for one in groups]
    )
    return plan


def _check(event: Event, groups: Sequence[Wish]) -> None:
    _require_open(event)
    if not 0 < len(groups) <= MOST_GROUPS:
        raise InvalidInputError(f"要有 1 到 {MOST_GROUPS} 个组（排）。", field="groups")
    for one in groups:
        if not 0 < one.size <= LARGEST_GROUP:
            raise InvalidInputError(
                f"“{one.name}”的人数要在 1 到 {LARGEST_GROUP} 之间。", field="groups"
            )
    if len({one.name for one in groups}) < len(groups):
        raise InvalidInputError("有两个组（排）的名称相同。", field="groups")


def _follow(event: Event, plan: SeatPlan, groups: Sequence[Wish]) -> None:
    """Bring the rows of the groups to what was written; nobody loses a seat by it."""
    sitting: dict[int, list[int]] = {}
    for placed in queries.people(event):
        if placed.group_id is not None and placed.number is not None:
            sitting.setdefault(placed.group_id, []).append(placed.number)
    known = {group.name: group for group in plan.groups}
    wanted = {one.name for one in groups}
    for name, group in known.items():
        if name not in wanted and group.id in sitting:
            raise InvalidInputError(
                f"“{name}”已安排 {len(sitting[group.id])} 人，请先取消安排再去掉。", field="groups"
            )
    for place, one in enumerate(groups):
        found = known.get(one.name)
        if found is None:
            plan.groups.append(
                SeatGroup(plan_id=plan.id, position=place, name=one.name, size=one.size)
            )
            continue
        last = max(sitting.get(found.id, [0]))
        if one.size < last:
            raise InvalidInputError(
                f"“{one.name}”已经坐到第 {last} 个位置，不能少于 {last}；请先调整里面的人。",
                field="groups",
            )
        found.position, found.size = place, one.size
    for name, group in known.items():
        if name not in wanted:
            plan.groups.remove(group)
            db.session.delete(group)
    _flush()


def assign(
    *,
    event: Event,
    person_ids: Sequence[int],
    group_id: int | None,
    number: int | None,
    version: int,
    actor: Person,
) -> int:
    """Seat these people in a group, or in none; return how many.

    `number` seats one person exactly there; else the first free ones are taken. Raises
    PlanChangedError, InvalidInputError for nobody, too many, or a seat that is taken.
    """
    plan = _held(event, version)
    _sweep(event)
    comers = {one.person_id: one for one in queries.people(event)}
    chosen = [comers[one] for one in dict.fromkeys(person_ids) if one in comers]
    if not chosen:
        raise InvalidInputError("请先勾选要安排的人。", field="person")
    ids = [one.person_id for one in chosen]
    group = next((one for one in plan.groups if one.id == group_id), None)
    if group_id is not None and group is None:
        raise InvalidInputError("请选择安排到哪里。", field="group")
    taken = {
        one.number: one.name
        for one in comers.values()
        if group is not None and one.group_id == group.id and one.person_id not in ids
        if one.number is not None
    }
    free = _free(group, taken, number, len(chosen)) if group else []
    for seat in queries.seats_of(event.id, ids):
        db.session.delete(seat)
    _flush()
    if group is not None:
        db.session.add_all(
            _seat(event, one, group.id, place) for one, place in zip(chosen, free, strict=False)
        )
    _touch(plan, actor)
    audit.record(
        "seating.assigned" if group else "seating.freed",
        event,
        actor=actor,
        people=ids,
        group=group.name if group else "",
    )
    return len(chosen)


def _free(group: SeatGroup, taken: dict[int, str], number: int | None, wanted: int) -> list[int]:
    if number is not None:
        if wanted > 1:
            raise InvalidInputError("指定座号时一次只能安排一个人。", field="number")
        if not 0 < number <= group.size:
            raise InvalidInputError(f"“{group.name}”只有 1 到 {group.size} 号。", field="number")
        if number in taken:
            raise InvalidInputError(
                f"“{group.name}”{number} 号已经是{taken[number]}的座位。", field="number"
            )
        return [number]
    free = [one for one in range(1, group.size + 1) if one not in taken]
    if len(free) < wanted:
        raise InvalidInputError(
            f"“{group.name}”还能坐 {len(free)} 人，选了 {wanted} 人；没有安排任何人。",
            field="group",
        )
    return free


def fill(*, event: Event, manner: filling.Manner, version: int, actor: Person) -> tuple[int, int]:
    """Seat all who have no seat yet; return how many were seated, and how many found no room."""
    plan = _held(event, version)
    _sweep(event)
    comers = queries.people(event)
    groups = {one.id: filling.Group(one.id, one.size) for one in plan.groups}
    for one in comers:
        if one.group_id in groups and one.number is not None:
            groups[one.group_id].taken.add(one.number)
            groups[one.group_id].units[one.unit_path] += 1
    without = {one.person_id: one for one in comers if one.group_id is None}
    found = filling.fill(
        list(groups.values()),
        [
            filling.Guest(
                one.person_id, one.unit_path, one.stroke_key, one.party_id, one.goes_first
            )
            for one in without.values()
        ],
        manner,
        by_rows=plan.kind is PlanKind.SEATS,
    )
    db.session.add_all(
        _seat(event, without[person_id], group_id, number)
        for person_id, (group_id, number) in found.items()
    )
    _touch(plan, actor)
    audit.record("seating.filled", event, actor=actor, manner=manner.value, people=len(found))
    return len(found), len(without) - len(found)


def clear(*, event: Event, version: int, actor: Person) -> None:
    """Take every seat back; the groups stay."""
    plan = _held(event, version)
    db.session.execute(delete(Seat).where(Seat.event_id == event.id))
    _touch(plan, actor)
    audit.record("seating.cleared", event, actor=actor)


def show(*, event: Event, is_shown: bool, version: int, actor: Person) -> None:
    """Let people see where they sit, or not yet."""
    plan = _held(event, version)
    plan.shown_at = clock.now() if is_shown else None
    _touch(plan, actor)
    audit.record("seating.shown" if is_shown else "seating.hidden", event, actor=actor)


def _held(event: Event, version: int) -> SeatPlan:
    _require_open(event)
    plan = queries.find_plan(event.id, lock=True)
    if plan is None:
        raise ConflictError("还没有座次，请先设置组或排。")
    if plan.version != version:
        raise _changed()
    return plan


def _require_open(event: Event) -> None:
    if not policies.may_change(event):
        raise ConflictError("活动已经结束或者取消，座次不能再改。")


def _sweep(event: Event) -> None:
    """Free the seats of those who gave their place back."""
    for seat in queries.stale_seats(event.id):
        db.session.delete(seat)
    _flush()


def _seat(event: Event, one: Placed, group_id: int, number: int) -> Seat:
    return Seat(
        event_id=event.id,
        person_id=one.person_id,
        signup_id=one.signup_id,
        group_id=group_id,
        number=number,
    )


def _touch(plan: SeatPlan, actor: Person) -> None:
    plan.changed_by_id, plan.changed_at = actor.id, clock.now()
    _flush()


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:  # uq_seat, uq_seat_person, the plan's own index
        raise _changed() from error


def _changed() -> PlanChangedError:
    return PlanChangedError("刚刚有人改过座次，您这一步没有保存。请看现在的安排，再改一次。")
