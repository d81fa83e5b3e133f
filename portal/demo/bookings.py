"""Visits to the red-property site of the demo, in every state; who comes is invented."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal import clock
from portal.bookings import queries, services
from portal.bookings.board import Board
from portal.bookings.models import Booking
from portal.bookings.services import Visit
from portal.demo.world import World
from portal.sites.models import Site
from portal.sites.uses.queries import site_with_hours, visit_rules
from portal.sites.uses.slots import Slot

_LOOK_AHEAD = 21


@dataclass(frozen=True)
class VisitPlan:
    """A visit `day` days from today, asked for `asked` days before today by an account."""

    key: str
    by: str
    unit: str
    people: int
    purpose: str
    day: int
    asked: float
    # The account's organisation that comes, by code.
    code: str = ""
    note: str = ""
    joins: str = ""
    # So many slots in a row.
    slots: int = 1


VISITS = [
    VisitPlan(
        "came", "secretary2", "海口路社区", 18, "学习“三方联席”怎样议事", -34, 40, code="ZHL-02"
    ),
    VisitPlan("missed", "member15", "区住建部门物业科", 8, "了解物业报修台账", -12, 16),
    VisitPlan("to-note", "officer", "职能部门业务科", 6, "现场核对楼道改造", -2, 9),
    VisitPlan(
        "agreed",
        "secretary2",
        "海口路社区",
        16,
        "带楼组长来看红色书屋",
        5,
        3,
        code="ZHL-02",
        note="有两位老人坐轮椅，请安排坡道入口。",
        slots=2,
    ),
    VisitPlan(
        "joined", "member12", "海口路社区第二党支部", 10, "跟着一起学", 5, 1.6, joins="agreed"
    ),
    VisitPlan(
        "joining", "visitor", "市直机关处长网格员", 6, "了解基层治理", 5, 0.4, joins="agreed"
    ),
    VisitPlan("asked", "member14", "辛家庄社区", 24, "学习红色物业做法", 6, 0.8),
    VisitPlan(
        "asked-too",
        "officer",
        "职能部门党支部",
        12,
        "主题党日，想请讲解",
        9,
        0.3,
        note="上午更合适。",
    ),
    VisitPlan("moved", "member11", "澳门路社区", 20, "看居民议事厅", 8, 4),
    VisitPlan("declined", "member16", "外区考察团", 38, "综合考察", 10, 5),
    VisitPlan("called-off", "member13", "海口路社区第三党支部", 9, "支部学习", 12, 6),
    VisitPlan("lapsed", "member17", "街道志愿者队", 15, "志愿服务对接", 7, 6.5),
]


def book_visits(world: World, now: datetime) -> None:
    """Let the visits be asked for and answered, each act at its moment, none after now."""
    Visits(world, world.sites["lushang"], now).live()


class Visits:
    """The visits of one site."""

    def __init__(self, world: World, site: Site, now: datetime) -> None:
        self.world = world
        self.site_id = site.id
        self.now = now
        self.keeper = world.persons["keeper"]
        self.made: dict[str, int] = {}

    def live(self) -> None:
        """Do everything in order of time."""
        acts: list[tuple[float, Callable[[], object]]] = [(60, self._open)]
        acts += [(plan.asked, self._asking(plan)) for plan in VISITS]
        acts += [
            (38, lambda: self._answer("came")),
            (15, lambda: self._answer("missed")),
            (8, lambda: self._answer("to-note")),
            (2.5, lambda: self._answer("agreed")),
            (1.2, lambda: self._answer("joined", by="secretary2")),
            (3.5, self._move),
            (4.5, lambda: self._decline("declined")),
            (5.5, lambda: self._answer("called-off")),
            (1.1, lambda: self._cancel("called-off")),
        ]
        for days, what in sorted(acts, key=lambda act: -act[0]):
            with clock.stopped_at(self.now - timedelta(days=days)):
                what()
        for key, has_come in (("came", True), ("missed", False)):
            visit = self._booking(key)
            with clock.stopped_at(min(self.now, visit.ends_at + timedelta(hours=1))):
                services.note_visit(booking=visit, has_come=has_come, actor=self.keeper)

    def _open(self) -> None:
        site = site_with_hours(self.site_id)
        services.set_rules(
            site=site,
            rules=visit_rules(site.id),
            actor=self.keeper,
            slot_minutes=75,
            weekly_visits=4,
            rest_weekdays="6",
        )

    def _asking(self, plan: VisitPlan) -> Callable[[], None]:
        def ask() -> None:
            actor = self.world.persons[plan.by]
            board = self._board(plan.day)
            visit = Visit(
                party_size=plan.people,
                purpose=plan.purpose,
                unit=plan.unit,
                organisation=self.world.organisations.get(plan.code),
                contact_name=actor.name,
                contact_phone=actor.phone,
                note=plan.note,
            )
            if plan.joins:
                host = self._booking(plan.joins)
                made = services.join(board=board, visit=visit, host=host, actor=actor)
            else:
                slot = self._slot(board, plan)
                made = services.ask(
                    board=board,
                    visit=visit,
                    starts_at=slot.starts_at,
                    rooms=slot.rooms,
                    actor=actor,
                    slots=plan.slots,
                )
            self.made[plan.key] = made.id

        return ask

    def _board(self, day: int) -> Board:
        middle = clock.local(self.now).date() + timedelta(days=day)
        return queries.board(
            site_with_hours(self.site_id), middle, middle + timedelta(days=_LOOK_AHEAD)
        )

    def _slot(self, board: Board, plan: VisitPlan) -> Slot:
        """Return when it is free long enough from the day on; of every second plan the second."""
        free = [
            slot
            for number in range(_LOOK_AHEAD)
            for slot in board.slots(
                board.first + timedelta(days=number), people=plan.people, count=plan.slots
            )
            if slot.is_free
        ]
        return free[VISITS.index(plan) % 2]

    def _booking(self, key: str) -> Booking:
        return queries.booking(self.site_id, self.made[key])

    def _answer(self, key: str, by: str = "keeper") -> None:
        services.approve(booking=self._booking(key), actor=self.world.persons[by])

    def _decline(self, key: str) -> None:
        reason = "人数超过讲解能接待的规模，建议分两批，或改约党群服务中心。"
        services.decline(booking=self._booking(key), reason=reason, actor=self.keeper)

    def _cancel(self, key: str) -> None:
        actor = self.world.persons["member13"]
        services.cancel(booking=self._booking(key), reason="支部学习改到线上", actor=actor)

    def _move(self) -> None:
        booking = self._booking("moved")
        board = self._board(8)
        free = [
            slot
            for number in range(_LOOK_AHEAD)
            for slot in board.slots(
                board.first + timedelta(days=number), people=booking.party_size, but=booking.id
            )
            if slot.is_free and slot.starts_at > booking.starts_at
        ]
        services.move(
            booking=booking,
            board=board,
            starts_at=free[1].starts_at,
            rooms=free[1].rooms,
            party_size=booking.party_size,
            reason="原来的时段要维护设备，往后改一场",
            actor=self.keeper,
        )
